"""One door: each channel once, as the person chose; reminders survive a worker that dies in the middle."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from portal.models import ChatRobot, NoticeChoice, PortalNotice, PortalSettings, Reminder, RobotMessage
from portal.notices.door import mark_read, tell
from portal.notices.reminders import key_of, remind_once
from portal.retention.clearing import clear_what_is_over
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(email="lin@example.com", organisation=OrganisationFactory(parent=OrganisationFactory()))


def letter():
    return EmailMessage(subject="改期了", body="新的时间", to=[])


def test_without_a_choice_by_letter_and_in_the_portal(person):
    assert tell(person, letter(), uuid.uuid4(), kind="sessions", path="/courses/")
    assert mail.outbox[0].to == ["lin@example.com"]
    notice = PortalNotice.objects.get()
    assert (notice.title, notice.body, notice.path) == ("改期了", "新的时间", "/courses/")
    person.refresh_from_db()
    assert person.unread_notices == 1


def test_told_twice_under_one_key_it_is_told_once(person):
    key = uuid.uuid4()
    for _turn in range(2):
        tell(person, letter(), key, kind="sessions")
    person.refresh_from_db()
    assert (len(mail.outbox), PortalNotice.objects.count(), person.unread_notices) == (1, 1, 1)


def test_person_without_an_address_reads_it_in_the_portal():
    person = PersonFactory(email="")
    assert tell(person, letter(), uuid.uuid4(), kind="sessions")
    assert mail.outbox == []


def test_what_no_chosen_channel_carries_stands_in_the_portal():
    person = PersonFactory(email="")
    NoticeChoice.objects.create(person=person, kind="sessions", in_portal=False)
    assert tell(person, letter(), uuid.uuid4(), kind="sessions")
    assert PortalNotice.objects.get().person == person


def test_a_reminder_that_reached_nobody_is_not_spent(person):
    key = key_of("session", 2, person.pk)
    person.is_active = False
    assert not remind_once(key, person, letter, kind="reminders")
    person.is_active = True
    assert remind_once(key, person, letter, kind="reminders")


def test_old_notices_and_messages_are_forgotten(person):
    long_ago = timezone.now() - dt.timedelta(days=PortalSettings.load().notices_kept_days + 1)
    for _number in range(2):
        tell(person, letter(), uuid.uuid4(), kind="sessions")
    old = PortalNotice.objects.first()
    PortalNotice.objects.filter(pk=old.pk).update(created_at=long_ago)
    robot = ChatRobot.objects.create(name="群", kind="wecom", organisation=person.organisation)
    RobotMessage.objects.create(key=uuid.uuid4(), robot=robot, text="旧", created_at=long_ago)
    assert clear_what_is_over() == 2
    person.refresh_from_db()
    assert (PortalNotice.objects.count(), person.unread_notices) == (1, 1)


def test_who_has_left_is_told_nothing():
    assert not tell(PersonFactory(is_active=False), letter(), uuid.uuid4(), kind="sessions")
    assert not PortalNotice.objects.exists()


def test_choice_of_the_kind_counts(person):
    NoticeChoice.objects.create(person=person, kind="sessions", by_mail=False, in_portal=False, by_robot=True)
    robot = ChatRobot.objects.create(name="群", kind="wecom", organisation=person.organisation.get_parent())
    tell(person, letter(), uuid.uuid4(), kind="sessions")
    assert mail.outbox == []
    message = RobotMessage.objects.get()
    assert message.robot == robot
    assert "新的时间" not in message.text
    assert "改期了" not in message.text, "others of the group read along"
    assert person.name in message.text
    assert PortalNotice.objects.get().title == "改期了", "what it is stands in the portal"
    tell(person, letter(), uuid.uuid4(), kind="cases")
    assert len(mail.outbox) == 1


def test_nearest_branch_with_a_robot_is_written_to(person):
    NoticeChoice.objects.create(person=person, kind="sessions", by_mail=False, by_robot=True)
    ChatRobot.objects.create(name="上级群", kind="wecom", organisation=person.organisation.get_parent())
    near = ChatRobot.objects.create(name="本群", kind="wecom", organisation=person.organisation)
    tell(person, letter(), uuid.uuid4(), kind="sessions")
    assert RobotMessage.objects.get().robot == near


def test_unread_number_follows_what_is_read(person):
    for _number in range(3):
        tell(person, letter(), uuid.uuid4(), kind="sessions")
    one = PortalNotice.objects.filter(person=person).first()
    assert mark_read(person, one) == 1
    assert person.unread_notices == 2
    assert mark_read(person) == 2
    person.refresh_from_db()
    assert person.unread_notices == 0


def test_reminder_is_given_once_even_if_the_worker_dies_before_writing_it_down(person, monkeypatch):
    key = key_of("session", 1, person.pk)

    def dies(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(Reminder.objects, "get_or_create", dies)
    with pytest.raises(SystemExit):
        remind_once(key, person, letter, kind="reminders")
    monkeypatch.undo()
    assert remind_once(key, person, letter, kind="reminders")
    assert not remind_once(key, person, letter, kind="reminders")
    assert (len(mail.outbox), PortalNotice.objects.count()) == (1, 1)

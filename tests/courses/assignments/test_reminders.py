"""Reminders before the last day, a word to the superior after it; each once."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from courses.assignments.letters import tell_of_due
from courses.assignments.reminders import remind_of_dues
from courses.assignments.tasks import send_due_letter
from courses.models import DueLetter, TrainingModule
from portal.models import NoticeChoice, PortalNotice
from tests.factories.courses import HourCreditFactory, TrainingDueFactory

pytestmark = pytest.mark.django_db
KEY = "0f2f3c1a-1111-4222-8333-944455556666"


@pytest.fixture
def owing(world):
    """Return a function assigning something to the technician, due in so many days."""

    def make(days):
        world.manager.email = "boss@example.com"
        world.manager.save()
        day = timezone.localdate() + dt.timedelta(days=days)
        return TrainingDueFactory(organisation=world.west, person=world.technician, due_on=day)

    return make


def run(commit):
    with commit():
        return remind_of_dues()


@pytest.mark.parametrize(
    ("days", "letters"),
    [(15, []), (14, ["reminder"]), (0, ["reminder"]), (-6, ["reminder"]), (-7, ["reminder", "escalation"])],
)
def test_letters_are_due_on_their_days(owing, commit, mailoutbox, days, letters):
    owing(days)
    assert run(commit) == len(letters)
    assert [letter.notice for letter in DueLetter.objects.order_by("pk")] == letters
    to = {"reminder": "lin@example.com", "escalation": "boss@example.com"}
    assert [mail.to for mail in mailoutbox] == [[to[notice]] for notice in letters]


def test_each_letter_goes_once(owing, commit, mailoutbox):
    owing(-30)
    assert (run(commit), run(commit), len(mailoutbox)) == (2, 0, 2)


def test_letter_says_what_by_when_and_why(owing, commit, mailoutbox):
    due = owing(3)
    run(commit)
    (mail,) = mailoutbox
    assert due.title in mail.subject
    assert due.reason in mail.body
    assert "/courses/my/" in mail.body
    assert "8 小时" in mail.body


def test_who_has_done_it_is_not_written_to(world, owing, commit, mailoutbox):
    due = owing(-30)
    HourCreditFactory(person=world.technician, module=due.module, minutes=due.module.minutes)
    assert (run(commit), mailoutbox) == (0, [])


def test_letter_overtaken_by_a_withdrawal_is_left_out(world, owing, mailoutbox):
    due = owing(3)
    due.withdrawn_at = timezone.now()
    due.save()
    assert not send_due_letter.call(due.pk, world.technician.pk, "reminder", world.technician.pk, KEY)
    assert not tell_of_due(due, world.technician, "reminder", world.technician, uuid.UUID(KEY))
    assert mailoutbox == []


def test_task_that_is_run_again_writes_once(world, owing, mailoutbox):
    due = owing(3)
    for _ in range(2):
        assert send_due_letter.call(due.pk, world.technician.pk, "reminder", world.technician.pk, KEY)
    assert len(mailoutbox) == 1


def test_nobody_to_tell_is_tried_again_later(world, owing, commit):
    owing(-30)
    world.manager.is_active = False
    world.manager.save()
    assert (run(commit), [letter.notice for letter in DueLetter.objects.all()]) == (1, ["reminder"])


def test_who_has_no_address_is_told_in_the_portal_and_by_the_channels_chosen(world, owing, commit, mailoutbox):
    world.technician.email = ""
    world.technician.save()
    due = owing(-30)
    NoticeChoice.objects.create(person=world.manager, kind="dues", by_mail=False, in_portal=True)
    run(commit)
    assert mailoutbox == []
    told = {notice.person: notice.path for notice in PortalNotice.objects.filter(kind="dues")}
    assert told == {world.technician: "/courses/my/", world.manager: due.get_absolute_url()}


def test_subject_is_plain_text(world, owing, commit, mailoutbox):
    owing(3)
    TrainingModule.objects.update(title="拆装 & 调整 <二>")
    run(commit)
    assert "拆装 & 调整 <二>" in mailoutbox[0].subject

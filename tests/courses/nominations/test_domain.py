"""Training requests: who asks, who names, until when, and what two windows do."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from courses.enums import RequestState
from courses.models import Nominee, TrainingRequest
from courses.nominations import errors
from courses.nominations.domain import (
    Named,
    ask_for_training,
    decline_request,
    name_people,
    open_naming,
    plan_request,
    renew_link,
)
from courses.nominations.links import live_links, request_of
from courses.nominations.reminders import remind_contacts
from portal.models import AuditEvent
from tests.courses.conftest import NOON
from tests.factories.courses import NomineeTimesFactory, TrainingRequestFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 18)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def wanted(world):
    """A request of the customer whose contact may name three people until Friday."""
    return TrainingRequestFactory(
        organisation=world.customer, modules=[world.module], name_by=dt.date(2026, 3, 20), asked_by=world.contact
    )


def ask(world, by, **facts):
    given = {"form_key": uuid.uuid4(), "contact_name": "何雪梅", "seats": 4} | facts
    return ask_for_training(by, world.customer, [world.module], **given)


def names(request):
    return list(request.nominees.named().order_by("number").values_list("name", flat=True))


def test_customer_asks_and_whoever_arranges_is_told(world, django_capture_on_commit_callbacks):
    world.administrator.email = "admin@example.com"
    world.administrator.save()
    with django_capture_on_commit_callbacks(execute=True):
        request = ask(world, world.contact, place=" 后厨　二楼 ")
    assert (request.state, request.place) == (RequestState.ASKED, "后厨 二楼")
    assert [letter.to for letter in mail.outbox] == [["admin@example.com"]]
    assert request.number in mail.outbox[0].subject


def test_form_sent_twice_is_one_request(world):
    key = uuid.uuid4()
    assert ask(world, world.contact, form_key=key) == ask(world, world.contact, form_key=key)
    with pytest.raises(errors.NotYourRequest):
        ask(world, world.administrator, form_key=key)


@pytest.mark.parametrize("who", ["technician", "stranger", "auditor", "other_manager"])
def test_nobody_else_asks_for_a_customer(world, who):
    with pytest.raises(errors.NotYourRequest):
        ask(world, getattr(world, who))
    assert not TrainingRequest.objects.exists()


def test_request_without_a_module_is_refused(world):
    with pytest.raises(errors.NothingAskedFor):
        ask_for_training(world.contact, world.customer, [], form_key=uuid.uuid4(), contact_name="何", seats=1)


def test_link_opens_the_list_until_it_is_renewed(world, wanted):
    token = open_naming(wanted, by=world.trainer, name_by=TODAY)
    assert request_of(token.secret) == wanted
    other = renew_link(wanted, by=world.trainer)
    assert request_of(token.secret) is None
    assert request_of(other.secret) == wanted
    assert len(live_links(wanted)) == 1


def test_link_goes_to_the_contact_and_stands_in_no_log(world, wanted, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        token = open_naming(wanted, by=world.trainer, name_by=TODAY)
    assert token.secret in mail.outbox[0].body
    assert mail.outbox[0].to == ["contact@example.com"]
    assert not AuditEvent.objects.filter(detail__icontains=token.secret).exists()


def test_day_that_is_over_is_refused(world, wanted):
    with pytest.raises(errors.DayOver):
        open_naming(wanted, by=world.trainer, name_by=TODAY - dt.timedelta(days=1))


def test_names_are_kept_as_records_of_their_own(world, wanted):
    name_people(wanted, [Named(1, "田小军", "管理员"), Named(2, "吴桂芳")], version=0, place="后厨")
    first = Nominee.objects.get(name="田小军")
    wanted.refresh_from_db()
    name_people(wanted, [Named(1, "赖文斌"), Named(2, "田小军", "主管")], version=1, place="后厨")
    assert names(wanted) == ["赖文斌", "田小军"]
    first.refresh_from_db()
    assert (first.post, first.number, first.withdrawn_at) == ("主管", 2, None)
    assert Nominee.objects.get(name="吴桂芳").withdrawn_at is not None


def test_last_day_counts_to_its_end_in_the_zone_of_the_organisation(wanted, noon):
    noon.move_to(dt.datetime(2026, 3, 20, 15, 59, tzinfo=dt.UTC))  # 23:59 in Shanghai
    name_people(wanted, [Named(1, "田小军")], version=0)
    noon.move_to(dt.datetime(2026, 3, 20, 16, 1, tzinfo=dt.UTC))
    with pytest.raises(errors.NamingClosed, match="2026年3月20日"):
        name_people(wanted, [Named(1, "吴桂芳")], version=1)
    assert names(wanted) == ["田小军"]


def test_second_window_overwrites_nothing_unseen(wanted):
    name_people(wanted, [Named(1, "田小军")], version=0)
    with pytest.raises(errors.NamedMeanwhile):
        name_people(wanted, [Named(1, "吴桂芳")], version=0)
    assert names(wanted) == ["田小军"]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([Named(1, "甲"), Named(2, "乙"), Named(3, "丙"), Named(4, "丁")], errors.TooManyNames),
        ([Named(1, "甲"), Named(3, "甲")], errors.NamedTwice),
    ],
)
def test_rows_that_make_no_list_change_nothing(wanted, rows, error):
    name_people(wanted, [Named(1, "田小军")], version=0)
    with pytest.raises(error):
        name_people(wanted, rows, version=1)
    assert names(wanted) == ["田小军"]


def test_two_people_of_one_name_are_told_apart_by_their_numbers(wanted):
    name_people(wanted, [Named(1, "王伟", mobile="138"), Named(2, "王伟", mobile="139")], version=0)
    assert names(wanted) == ["王伟", "王伟"]


def test_whoever_was_there_stays_on_the_list(wanted):
    name_people(wanted, [Named(1, "田小军")], version=0)
    NomineeTimesFactory(nominee=Nominee.objects.get())
    with pytest.raises(errors.HasTimes, match="田小军"):
        name_people(wanted, [Named(1, "吴桂芳")], version=1)
    assert names(wanted) == ["田小军"]


def test_database_refuses_a_name_twice(wanted):
    Nominee.objects.create(request=wanted, number=1, name="甲")
    with pytest.raises(IntegrityError), transaction.atomic():
        Nominee.objects.create(request=wanted, number=2, name="甲")


def test_planned_request_keeps_its_link(world, wanted, make_session):
    token = open_naming(wanted, by=world.trainer, name_by=TODAY)
    session = make_session(organisation=world.customer)
    planned = plan_request(wanted, session, by=world.trainer)
    assert (planned.state, planned.session) == (RequestState.PLANNED, session)
    assert request_of(token.secret).is_open_for_names()
    with pytest.raises(errors.RequestMoved):
        decline_request(wanted, by=world.trainer, reason="没有讲师")


def test_session_of_somebody_else_answers_no_request(world, wanted, make_session):
    with pytest.raises(errors.NotOfThisCustomer):
        plan_request(wanted, make_session(organisation=world.west), by=world.trainer)
    taken = make_session(organisation=world.customer)
    TrainingRequestFactory(organisation=world.customer, session=taken)
    with pytest.raises(errors.NotOfThisCustomer):
        plan_request(wanted, taken, by=world.trainer)


def test_declined_request_opens_nothing_and_says_why(world, wanted, django_capture_on_commit_callbacks):
    token = open_naming(wanted, by=world.trainer, name_by=TODAY)
    with django_capture_on_commit_callbacks(execute=True):
        decline_request(wanted, by=world.trainer, reason="本月没有讲师")
    assert request_of(token.secret) is None
    assert "本月没有讲师" in mail.outbox[-1].body


@pytest.mark.parametrize("who", ["technician", "contact", "auditor", "other_manager"])
def test_who_does_not_arrange_gives_no_link(world, wanted, who):
    with pytest.raises(errors.NotYourRequest):
        open_naming(wanted, by=getattr(world, who), name_by=TODAY)
    with pytest.raises(errors.NotYourRequest):
        renew_link(wanted, by=getattr(world, who))
    with pytest.raises(errors.NotYourRequest):
        decline_request(wanted, by=getattr(world, who), reason="不")


def test_contact_is_reminded_once_of_places_without_a_name(world, wanted, django_capture_on_commit_callbacks):
    open_naming(wanted, by=world.trainer, name_by=dt.date(2026, 3, 20))
    with django_capture_on_commit_callbacks(execute=True):
        assert (remind_contacts(), remind_contacts()) == (1, 0)
    assert len(mail.outbox) == 1
    assert "还有名额没有填写" in mail.outbox[0].subject


def test_full_list_is_not_reminded_of(world, wanted):
    open_naming(wanted, by=world.trainer, name_by=TODAY)
    name_people(wanted, [Named(1, "甲"), Named(2, "乙"), Named(3, "丙")], version=0)
    assert remind_contacts() == 0

"""Book and give back on the pages; who is certified already is told and asked once more."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from certification import ledger
from courses.enums import EnrolmentState
from courses.sessions.seats.held import held_of, may_book
from portal.registry.held import held_by
from tests.factories.certification import HoursRequirementFactory, SchemeFactory
from tests.factories.courses import EnrolmentFactory, TrainingModuleFactory
from tests.factories.portal import PersonFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def scheme(world):
    """A scheme that asks for hours of the module."""
    made = SchemeFactory(name="冷库作业", valid_months=24)
    HoursRequirementFactory(scheme=made, module=world.module)
    return made


@pytest.fixture
def certified(world, scheme, time_machine):
    """Return a function certifying the technician some days ago; its last day."""

    def make(days_ago=1):
        entry = ledger.grant(world.technician, scheme, act_key="grant", at=timezone.now() - days_ago * DAY)
        return date_format(entry.valid_to, "DATE_FORMAT")

    return make


def book(client, session, **data):
    return client.post(reverse("courses:book", args=[session.pk]), data, follow=True)


def test_who_is_certified_is_told_until_when_and_asked(client_of, world, make_session, certified):
    until, session = certified(), make_session()
    page = book(client_of(world.technician), session)
    assert page.status_code == 200
    assert "仍要报名吗" in page.text
    assert f"冷库作业，有效期至 {until}" in page.text
    assert not session.enrolments.exists()


def test_who_confirms_has_the_seat(client_of, world, make_session, certified):
    certified()
    session, client = make_session(), client_of(world.technician)
    assert 'name="confirmed"' in book(client, session).text
    assert "您已报名" in book(client, session, confirmed="1").text
    assert session.enrolments.get().is_seated


def test_page_of_the_session_says_it_before_anybody_presses(client_of, world, make_session, certified):
    until, session = certified(), make_session()
    page = client_of(world.technician).get(session.get_absolute_url()).text
    assert f"冷库作业，有效期至 {until}" in page
    assert "目前不缺任何项目" in page


def test_who_expires_soon_is_told_that_it_counts_for_the_renewal(client_of, world, make_session, certified):
    certified(days_ago=700)
    page = book(client_of(world.technician), make_session()).text
    assert "可计入续期" in page


@pytest.mark.parametrize("days_ago", [740, 2000])
def test_who_has_expired_books_as_anybody(client_of, world, make_session, certified, days_ago):
    certified(days_ago)
    session = make_session()
    assert "您已报名" in book(client_of(world.technician), session).text


def test_revoked_and_suspended_people_book_as_anybody(client_of, world, scheme, make_session, certified):
    certified()
    ledger.suspend(world.technician, scheme, reason="待查", act_key="suspend", by=world.administrator)
    session = make_session()
    assert "您已报名" in book(client_of(world.technician), session).text


def test_others_are_not_asked(client_of, world, make_session, certified):
    certified()
    colleague = PersonFactory(organisation=world.outlet)
    session = make_session()
    assert "您已报名" in book(client_of(colleague), session).text


def test_other_modules_are_not_asked_about(client_of, world, make_session, certified):
    certified()
    session = make_session(modules=[TrainingModuleFactory(trainers=[world.trainer])])
    assert "您已报名" in book(client_of(world.technician), session).text


def test_who_has_the_place_already_is_not_asked_again(client_of, world, make_session, certified):
    certified()
    session, client = make_session(), client_of(world.technician)
    book(client, session, confirmed="1")
    assert "仍要报名吗" not in book(client, session).text
    assert session.enrolments.count() == 1


def test_full_session_asks_about_the_waitlist(client_of, world, make_session, certified):
    certified()
    session = make_session(capacity=1)
    EnrolmentFactory(session=session)
    client = client_of(world.technician)
    assert "候补" in book(client, session).text
    book(client, session, confirmed="1")
    assert session.enrolments.get(person=world.technician).is_waiting


def test_refusal_goes_before_the_question(client_of, world, make_session, certified):
    certified()
    session = make_session(starts_at=timezone.now() - dt.timedelta(minutes=5))
    page = book(client_of(world.technician), session).text
    assert "已经开始" in page
    assert "仍要报名吗" not in page


def test_trainer_who_adds_somebody_certified_is_told(client_of, world, make_session, certified):
    until, session = certified(), make_session()
    typed = {"staff_number": world.technician.staff_number}
    page = client_of(world.trainer).post(reverse("courses:walk_in", args=[session.pk]), typed, follow=True).text
    assert f"小林 已持证：冷库作业，有效期至 {until}" in page
    assert session.enrolments.get().is_seated


def test_what_is_held_is_found_in_few_queries(world, make_session, certified, django_assert_num_queries):
    certified()
    modules = list(world.module.__class__.objects.all())
    held_by(world.technician, modules)
    with django_assert_num_queries(3):
        (held,) = held_by(world.technician, modules)
    assert (held.name, held.is_expiring) == ("冷库作业", False)
    assert held_by(world.stranger, modules) == []


def test_scheme_out_of_force_is_not_held(world, scheme, make_session, certified):
    certified()
    type(scheme).objects.update(is_active=False)
    assert held_of(make_session(), world.technician) == []


def test_may_book_knows_places_and_refusals(world, make_session):
    session = make_session()
    assert may_book(session, world.technician)
    assert not may_book(session, world.stranger)
    assert not may_book(session, world.trainer)
    place = EnrolmentFactory(session=session, person=world.technician)
    assert not may_book(session, world.technician)
    type(place).objects.update(state=EnrolmentState.CANCELLED)
    assert may_book(session, world.technician)


# --- give back ----------------------------------------------------------------------------------------------------


def test_place_given_back_is_told_by_letter(client_of, world, make_session, commit):
    enrolment = EnrolmentFactory(session=make_session(), person=world.technician)
    with commit():
        client_of(world.technician).post(reverse("courses:leave", args=[enrolment.session_id]), {"reason": "出差"})
    assert mail.outbox[0].subject.startswith("已退出")


def test_second_post_gives_nothing_more_back(client_of, world, make_session):
    enrolment = EnrolmentFactory(session=make_session(), person=world.technician)
    client, address = client_of(world.technician), reverse("courses:leave", args=[enrolment.session_id])
    for _ in range(2):
        assert client.post(address, {"reason": "出差"}).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.sequence) == (EnrolmentState.CANCELLED, 1)


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_place_in_what_is_over_stays(client_of, world, make_session, state):
    enrolment = EnrolmentFactory(session=make_session(state=state), person=world.technician)
    address = reverse("courses:leave", args=[enrolment.session_id])
    page = client_of(world.technician).post(address, {"reason": "出差"}, follow=True).text
    enrolment.refresh_from_db()
    assert enrolment.is_seated
    assert "alert--error" in page

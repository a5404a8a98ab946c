"""A change of time reaches everybody: who has a seat, the trainer, the contact of a customer; old beside new."""

import datetime as dt

import pytest
from django.core import mail

from courses.sessions.scheduling.domain import cancel_session, reschedule_session
from courses.sessions.wording import written_time
from portal.models import PortalNotice
from tests.factories.courses import EnrolmentFactory, TrainingRequestFactory

pytestmark = pytest.mark.django_db


def letters_of(act, callbacks):
    mail.outbox.clear()
    with callbacks(execute=True):
        act()
    return {letter.to[0].rpartition("<")[2].rstrip(">"): letter.body for letter in mail.outbox}


@pytest.fixture
def trainer(world):
    world.trainer.email = "chen@example.com"
    world.trainer.save()
    return world.trainer


def moved(session, by, callbacks):
    later = {"starts_at": session.starts_at + dt.timedelta(hours=2), "ends_at": session.ends_at + dt.timedelta(hours=2)}
    return letters_of(lambda: reschedule_session(session, by=by, **later), callbacks)


def test_old_and_new_time_stand_side_by_side(world, trainer, make_session, django_capture_on_commit_callbacks):
    session = make_session()
    EnrolmentFactory(session=session, person=world.technician)
    before = written_time(session)
    letters = moved(session, world.manager, django_capture_on_commit_callbacks)
    session.refresh_from_db()
    for address in ("lin@example.com", "chen@example.com"):
        assert f"原 {before} → 现 {written_time(session)}" in letters[address]
        assert session.place in letters[address]
    assert PortalNotice.objects.filter(person=trainer).count() == 1


def test_only_what_changed_is_set_against_the_old(world, trainer, make_session, django_capture_on_commit_callbacks):
    session = make_session(place="旧教室")
    EnrolmentFactory(session=session, person=world.technician)
    act = lambda: reschedule_session(session, by=world.manager, place="新教室")  # noqa: E731
    body = letters_of(act, django_capture_on_commit_callbacks)["lin@example.com"]
    assert "原 旧教室 → 现 新教室" in body
    assert body.count("→") == 1


def test_trainer_who_moves_it_is_not_written_to(world, trainer, make_session, django_capture_on_commit_callbacks):
    letters = moved(make_session(), trainer, django_capture_on_commit_callbacks)
    assert "chen@example.com" not in letters


def test_trainer_hears_of_a_cancellation(world, trainer, make_session, django_capture_on_commit_callbacks):
    session = make_session()
    letters = letters_of(lambda: cancel_session(session, by=world.manager), django_capture_on_commit_callbacks)
    assert "已取消" in letters["chen@example.com"]


def test_contact_of_named_people_hears_of_it(world, make_session, django_capture_on_commit_callbacks):
    session = make_session(organisation=world.customer, audience="customers")
    TrainingRequestFactory(
        organisation=world.customer,
        modules=[world.module],
        asked_by=world.contact,
        session=session,
        state="planned",
        contact_email="he@example.com",
    )
    before = written_time(session)
    letters = moved(session, world.administrator, django_capture_on_commit_callbacks)
    assert f"原 {before}" in letters["he@example.com"]

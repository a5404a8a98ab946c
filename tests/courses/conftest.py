"""A small network with a trainer and people to be trained."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from courses.sessions.attendance.corrections import correct_attendance
from courses.sessions.attendance.domain import check_in, check_out
from portal.enums import Role, Tier
from tests.factories.courses import EnrolmentFactory, SessionFactory, TrainerFactory, TrainingModuleFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

# 2026-03-18 12:00 in Shanghai, a Wednesday.
NOON = dt.datetime(2026, 3, 18, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def world(db):
    """Two regions of one headquarters and a customer; a trainer and a module; a technician of the west."""
    hq = OrganisationFactory(name="总部")
    west, east = (OrganisationFactory(parent=hq, tier=Tier.REGION, name=name) for name in ("西区", "东区"))
    outlet = OrganisationFactory(parent=west, tier=Tier.OUTLET, name="西一网点")
    customer = OrganisationFactory(parent=hq, tier=Tier.CUSTOMER, name="望江酒店")
    for place in (hq, west, east, outlet, customer):
        place.refresh_from_db()  # a sorted tree moves the paths of siblings
    trainer = TrainerFactory(organisation=outlet, name="陈老师")
    return SimpleNamespace(
        hq=hq,
        west=west,
        east=east,
        outlet=outlet,
        customer=customer,
        trainer=trainer,
        module=TrainingModuleFactory(title="冷冻设备技术培训", trainers=[trainer]),
        technician=PersonFactory(organisation=outlet, name="小林", roles=[Role.ENGINEER], email="lin@example.com"),
        stranger=PersonFactory(organisation=east, name="东区的人", roles=[Role.ENGINEER]),
        manager=PersonFactory(organisation=west, name="西区经理", roles=[Role.MANAGER]),
        other_manager=PersonFactory(organisation=east, name="东区经理", roles=[Role.MANAGER]),
        administrator=PersonFactory(organisation=hq, name="管理员", roles=[Role.ADMINISTRATOR]),
        auditor=PersonFactory(organisation=hq, name="内审员", roles=[Role.AUDITOR]),
        contact=PersonFactory(organisation=customer, name="客户联系人", roles=[Role.CUSTOMER_CONTACT]),
    )


@pytest.fixture
def make_session(world):
    """Return a function making a session of the west, a week from now unless told otherwise."""

    def make(**kwargs):
        given = {"trainer": world.trainer, "organisation": world.west, "modules": [world.module]} | kwargs
        return SessionFactory(**given)

    return make


@pytest.fixture
def open_session(make_session):
    """Return a session that began this morning at 08:30, nine hours with one of breaks; freeze NOON beside it."""
    start = timezone.now().replace(hour=0, minute=30, second=0, microsecond=0)
    return make_session(starts_at=start, ends_at=start + dt.timedelta(hours=9), state="open")


@pytest.fixture
def seat(world, open_session, time_machine):
    """The technician's seat in an open session that begins at this moment; the clock stands."""
    time_machine.move_to(open_session.starts_at, tick=False)
    return EnrolmentFactory(session=open_session, person=world.technician)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Return a context in which what waits for the commit is done at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def left(world, seat, time_machine):
    """The technician came on time and left an hour early; the session is over, check-in still open."""
    check_in(seat, by=world.trainer)
    time_machine.move_to(seat.session.ends_at - dt.timedelta(hours=1), tick=False)
    check_out(seat, by=world.trainer)
    time_machine.move_to(seat.session.ends_at + dt.timedelta(hours=1), tick=False)
    return seat


@pytest.fixture
def correct(world, left):
    """Return a function correcting the technician's attendance, told only what differs."""

    def make(*, by=world.trainer, reason="签到表上是 17:30", **times):
        given = {"came": left.session.starts_at, "went": left.session.ends_at} | times
        return correct_attendance(left, by=by, reason=reason, **given)

    return make

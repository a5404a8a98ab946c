"""An open session with a customer's list beside it."""

import datetime as dt

import pytest

from tests.factories.courses import NomineeFactory, SessionFactory, TrainingRequestFactory


@pytest.fixture
def named(world, open_session, time_machine):
    """Somebody a customer named for a session that is open."""
    session = SessionFactory(
        trainer=world.trainer,
        organisation=world.customer,
        modules=[world.module],
        audience="customers",
        starts_at=open_session.starts_at,
        ends_at=open_session.ends_at,
        state="open",
    )
    wanted = TrainingRequestFactory(
        organisation=world.customer, modules=[world.module], asked_by=world.contact, session=session, state="planned"
    )
    time_machine.move_to(session.starts_at + dt.timedelta(minutes=10), tick=False)
    return NomineeFactory(request=wanted, name="田小军", mobile="13800000151")

"""The reader's own training."""

from django.urls import reverse

from tests.factories.courses import (
    EnrolmentFactory,
    HourCreditFactory,
)


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


def test_my_training_shows_sessions_and_hours(client_of, world, make_session):
    EnrolmentFactory(session=make_session(title="要参加的班"), person=world.technician)
    HourCreditFactory(person=world.technician, module=world.module, minutes=240)
    page = client_of(world.technician).get(url("my")).text
    assert "要参加的班" in page
    assert "4 小时 / 8 小时" in page

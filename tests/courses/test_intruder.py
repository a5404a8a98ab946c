"""What somebody with bad intent does to training."""

import pytest
from django.urls import reverse

from courses.models import HourCredit
from courses.sessions.attendance.domain import check_in, check_out, check_out_everybody
from courses.sessions.errors.attendance import OwnAttendance
from tests.factories.courses import EnrolmentFactory

pytestmark = pytest.mark.django_db


def test_feed_of_a_number_without_end_does_not_exist(world, client_of):
    client = client_of(world.technician)
    assert client.post(reverse("courses:feeds"), {"subject": "person:" + "1" * 5000}).status_code == 404


def test_manager_who_learns_there_credits_no_hours_to_themselves(world, open_session, time_machine):
    time_machine.move_to(open_session.starts_at, tick=False)
    seat = EnrolmentFactory(session=open_session, person=world.manager)
    with pytest.raises(OwnAttendance):
        check_in(seat, by=world.manager)
    check_in(seat, by=world.trainer)
    with pytest.raises(OwnAttendance):
        check_out(seat, by=world.manager)

    assert check_out_everybody(open_session, by=world.manager) == []
    assert not HourCredit.objects.exists()
    assert check_out_everybody(open_session, by=world.trainer)

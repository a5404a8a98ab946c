"""Presses sent later: each once, with its own time, bounded."""

import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.checkins.taps import Tap, record_taps
from courses.models import Attendance, SentTap
from courses.sessions.attendance.domain import check_in
from tests.factories.courses import EnrolmentFactory

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def tap(enrolment, act="check-in", ago=MINUTE, key=None):
    return Tap(key or uuid.uuid4(), enrolment.pk, act, ago)


def test_time_of_the_press_counts(seat, world, time_machine):
    pressed = timezone.now()
    time_machine.shift(1800)
    record_taps(seat.session, [tap(seat, ago=30 * MINUTE)], by=world.trainer)
    assert Attendance.objects.get().checked_in_at == pressed
    assert Attendance.objects.get().checked_in_from == "button"


def test_sent_twice_counts_once_and_is_answered_as_before(seat, world, time_machine):
    time_machine.shift(3600)
    one = tap(seat, ago=30 * MINUTE)
    first = record_taps(seat.session, [one], by=world.trainer)
    assert record_taps(seat.session, [one], by=world.trainer) == first
    assert (Attendance.objects.count(), SentTap.objects.count()) == (1, 1)


def test_in_and_out_are_recorded_in_the_order_they_were_pressed(seat, world, time_machine):
    time_machine.shift(3 * 3600)
    out, came = tap(seat, "check-out", 10 * MINUTE), tap(seat, "check-in", 170 * MINUTE)
    record_taps(seat.session, [out, came], by=world.trainer)
    attendance = Attendance.objects.get()
    assert attendance.checked_out_at - attendance.checked_in_at == 160 * MINUTE


def test_what_was_recorded_meanwhile_stands_and_the_press_is_done(seat, world, time_machine):
    check_in(seat, by=world.trainer)
    time_machine.shift(3600)
    (sent,) = record_taps(seat.session, [tap(seat, ago=20 * MINUTE)], by=world.trainer)
    assert not sent.refusal
    assert Attendance.objects.get().checked_in_at == seat.session.starts_at


@pytest.mark.parametrize("ago", [dt.timedelta(days=2), dt.timedelta(days=4000)])
def test_press_of_days_ago_is_refused(seat, world, ago):
    (sent,) = record_taps(seat.session, [tap(seat, ago=ago)], by=world.trainer)
    assert sent.refusal == "tap_too_old"
    assert not Attendance.objects.exists()


def test_clock_ahead_counts_as_now(seat, world):
    record_taps(seat.session, [tap(seat, ago=-dt.timedelta(days=30))], by=world.trainer)
    assert Attendance.objects.get().checked_in_at == timezone.now()


def test_one_refusal_does_not_hold_up_the_others(seat, world, time_machine):
    other = EnrolmentFactory(session=seat.session, state="cancelled")
    time_machine.shift(600)
    taps = [tap(other, ago=2 * MINUTE), tap(seat)]
    refused, recorded = record_taps(seat.session, taps, by=world.trainer)
    assert refused.refusal == "not_seated"
    assert not recorded.refusal


def test_row_of_another_session_is_left_out(seat, world, make_session):
    assert record_taps(make_session(), [tap(seat)], by=world.trainer) == []


def sent_by(client, session, **entry):
    address = reverse("courses:taps", args=[session.pk])
    return client.post(address, json.dumps({"taps": [entry]}), content_type="application/json")


def test_page_takes_presses_of_the_trainer_and_of_nobody_else(seat, world, client_of):
    entry = {"key": str(uuid.uuid4()), "enrolment": seat.pk, "act": "check-in", "ago": 0}
    assert sent_by(client_of(world.technician), seat.session, **entry).status_code == 403
    assert sent_by(client_of(world.stranger), seat.session, **entry).status_code == 404
    assert not SentTap.objects.exists()
    answer = sent_by(client_of(world.trainer), seat.session, **entry)
    assert answer.json()["taps"] == [{"key": entry["key"], "refusal": "", "message": ""}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "x"},
        {"act": "close"},
        {"ago": "soon"},
        {"enrolment": None},
        {"ago": 10**13},
        {"key": None},
        {"meeting": "x"},
    ],
)
def test_what_no_telephone_sends_is_refused(seat, world, client_of, wrong):
    entry = {"key": str(uuid.uuid4()), "enrolment": seat.pk, "act": "check-in", "ago": 0} | wrong
    assert sent_by(client_of(world.trainer), seat.session, **entry).status_code == 422
    assert not SentTap.objects.exists()

"""What happens by itself: expiry, grants after hours, pointers to new editions, demo papers that can be drawn."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from certification import ledger
from certification.management.commands import expire_qualifications
from certification.models import Attempt, DrawRule, LedgerEntry, QuestionVersion
from certification.quizzes.attempts import start_attempt
from certification.quizzes.drawing import fits
from courses.signals import hours_credited
from portal.registry.demo import data
from tests.factories.certification import (
    AttemptFactory,
    HoursRequirementFactory,
    PracticalAssessmentFactory,
    QuizFactory,
    certificate_for,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


def test_expire_records_what_ended_and_closes_attempts_once(capsys):
    with time_machine.travel(NOW, tick=False):
        certificate_for(PersonFactory(), full_scheme(), days_ago=800)
        certificate_for(PersonFactory(), full_scheme(), days_ago=100)
        attempt = start_attempt(PersonFactory(), QuizFactory())
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        for _run in range(2):
            call_command("expire_qualifications")

    attempt.refresh_from_db()
    assert [entry.kind for entry in LedgerEntry.objects.order_by("pk")] == ["granted", "granted", "lapsed"]
    assert attempt.state == "expired"
    assert capsys.readouterr().out.splitlines() == [
        "1 qualifications lapsed, 1 attempts closed.",
        "0 qualifications lapsed, 0 attempts closed.",
    ]


def test_one_bad_file_keeps_no_other_from_expiring(capsys, caplog, monkeypatch):
    with time_machine.travel(NOW, tick=False):
        bad, good = (certificate_for(PersonFactory(), full_scheme(), days_ago=800).entry for _ in range(2))
        started = [start_attempt(PersonFactory(), QuizFactory()) for _ in range(2)]
    lapse, close = ledger.lapse, expire_qualifications.close_if_overdue

    def refuse_lapse(person, scheme, *, at):
        if person == bad.person:
            raise ValueError("bad file")
        return lapse(person, scheme, at=at)

    def refuse_close(attempt, *, at):
        if attempt == started[0]:
            raise ValueError("bad paper")
        return close(attempt, at=at)

    monkeypatch.setattr(ledger, "lapse", refuse_lapse)
    monkeypatch.setattr(expire_qualifications, "close_if_overdue", refuse_close)
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False), pytest.raises(CommandError, match="2 of 4"):
        call_command("expire_qualifications")

    assert [entry.person for entry in LedgerEntry.objects.filter(kind="lapsed")] == [good.person]
    assert [Attempt.objects.get(pk=attempt.pk).state for attempt in started] == ["open", "expired"]
    assert capsys.readouterr().out == "1 qualifications lapsed, 1 attempts closed.\n"
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        f"Attempt {started[0].pk}",
        f"Person {bad.person_id}, scheme {bad.scheme.code}",
    ]


def test_expire_can_be_quiet(capsys):
    call_command("expire_qualifications", verbosity=0)

    assert capsys.readouterr().out == ""


def test_the_last_hours_grant_the_qualification():
    scheme, person = full_scheme(), PersonFactory()
    AttemptFactory(person=person, quiz=scheme.requirements.get(kind="quiz").quiz)
    PracticalAssessmentFactory(person=person, checklist=scheme.requirements.get(kind="practical").checklist)
    credit = HourCreditFactory(person=person, module=scheme.requirements.get(kind="hours").module)

    hours_credited.send(sender=type(credit), person=person, credits=[credit])

    assert LedgerEntry.objects.get().scheme == scheme


def test_checking_out_announces_the_hours():
    from courses.sessions.attendance.domain import check_in, check_out
    from courses.sessions.scheduling.domain import open_check_in
    from tests.factories.courses import EnrolmentFactory, SessionFactory, TrainingModuleFactory

    requirement = HoursRequirementFactory(module=TrainingModuleFactory())
    start = NOW - dt.timedelta(hours=9)
    with time_machine.travel(start - dt.timedelta(minutes=10), tick=False) as clock:
        session = SessionFactory(modules=[requirement.module], starts_at=start, ends_at=NOW)
        seat = EnrolmentFactory(session=session)
        open_check_in(session, by=session.trainer)
        check_in(seat, by=session.trainer)
        clock.move_to(NOW)
        check_out(seat, by=session.trainer)

    assert LedgerEntry.objects.get().person == seat.person


def demo_quizzes():
    return [
        pytest.param(row["quiz"], id=row["quiz"]["code"])
        for scheme in data("schemes")["schemes"]
        for row in scheme["requirements"]
        if row["kind"] == "quiz"
    ]


@pytest.mark.parametrize("quiz", demo_quizzes())
def test_demo_bank_fills_every_demo_quiz(quiz):
    """Greedily, in the worst order: each rule takes first what a later rule might want."""
    pool = [
        QuestionVersion(topic_id=row["topic"] or None, difficulty=row["difficulty"], is_safety=row["safety"])
        for row in data("questions")["questions"]
        if row["category"] == quiz["category"]
    ]
    assert sum(rule["count"] for rule in quiz["draw"]) == quiz["questions"]
    for number, row in enumerate(quiz["draw"]):
        rule = DrawRule(
            count=row["count"],
            topic_id=row.get("topic") or None,
            difficulty=row.get("difficulty"),
            only_safety=bool(row.get("safety")),
        )
        later = quiz["draw"][number + 1 :]
        fitting = sorted(
            (version for version in pool if fits(rule, version)),
            key=lambda version: -sum(version.topic_id == other.get("topic") for other in later),
        )
        assert len(fitting) >= rule.count
        for version in fitting[: rule.count]:
            pool.remove(version) if version in pool else None
    assert not Attempt.objects.exists()

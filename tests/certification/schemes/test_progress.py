"""Progress as typed reasons, stages, and the grant that follows by itself."""

import datetime as dt

import pytest
import time_machine

from certification import ledger
from certification.certificates.awards import award_after, award_if_complete
from certification.enums import EntryKind, Stage
from certification.models import Certificate, LedgerEntry
from certification.requirements.evidence import evidence_of
from certification.schemes.progress import is_complete, progress, stage_of
from tests.factories.certification import (
    AttemptFactory,
    PracticalAssessmentFactory,
    QuizRequirementFactory,
    SchemeFactory,
    StatutoryRequirementFactory,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 18)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def parts(scheme):
    by_kind = {requirement.kind: requirement for requirement in scheme.requirements.all()}
    return by_kind["hours"].module, by_kind["quiz"].quiz, by_kind["practical"].checklist


def stage(person, scheme, at=NOW):
    day = at.date()
    return stage_of(evidence_of([person.pk])[person.pk], scheme, day, at, 60)[0]


def show_everything(person, scheme, at=NOW):
    module, quiz, checklist = parts(scheme)
    HourCreditFactory(person=person, module=module, earned_on=at.date(), recorded_at=at)
    AttemptFactory(person=person, quiz=quiz, started_at=at, closed_at=at)
    PracticalAssessmentFactory(person=person, checklist=checklist, assessed_on=at.date(), signed_at=at)


def test_progress_gives_each_requirement_in_order_with_facts():
    scheme, person = full_scheme(), PersonFactory()
    module, quiz, _checklist = parts(scheme)
    HourCreditFactory(person=person, module=module, minutes=180)
    AttemptFactory(person=person, quiz=quiz, score=65, is_passed=False)

    reasons = progress(person, scheme)

    assert [(reason.code, reason.met) for reason in reasons] == [
        ("hours_missing", False),
        ("quiz_not_passed", False),
        ("practical_not_signed", False),
    ]
    assert reasons[0].params["missing"] == 300
    assert (reasons[1].params["score"], reasons[1].params["tries"]) == (65, 1)


def test_hours_earned_in_two_sessions_are_added():
    scheme, person = full_scheme(), PersonFactory()
    module, _quiz, _checklist = parts(scheme)
    for minutes in (240, 240):
        HourCreditFactory(person=person, module=module, minutes=minutes)

    assert progress(person, scheme)[0].code == "hours_met"


def test_progress_counts_what_was_known_and_earned_by_then():
    scheme, person = full_scheme(), PersonFactory()
    module, _quiz, _checklist = parts(scheme)
    HourCreditFactory(person=person, module=module, earned_on=TODAY, recorded_at=NOW)

    assert progress(person, scheme, TODAY - dt.timedelta(days=1))[0].code == "hours_missing"
    assert progress(person, scheme, TODAY, NOW - dt.timedelta(seconds=1))[0].code == "hours_missing"


def test_a_statutory_card_does_not_hold_up_the_grant():
    scheme, person = full_scheme(), PersonFactory()
    StatutoryRequirementFactory(scheme=scheme)
    show_everything(person, scheme)

    reasons = progress(person, scheme)

    assert reasons[-1].code == "statutory_missing"
    assert is_complete(reasons)
    assert award_if_complete(person, scheme).kind == EntryKind.GRANTED


def test_scheme_without_in_house_requirements_is_never_awarded_by_itself():
    scheme, person = SchemeFactory(), PersonFactory()
    StatutoryRequirementFactory(scheme=scheme)

    assert award_if_complete(person, scheme) is None


def test_award_comes_with_the_last_thing_shown_and_only_once():
    scheme, person = full_scheme(), PersonFactory()
    module, quiz, checklist = parts(scheme)
    HourCreditFactory(person=person, module=module)
    assert award_after(person, module=module) == []
    AttemptFactory(person=person, quiz=quiz, score=88)
    assert award_after(person, quiz=quiz) == []
    PracticalAssessmentFactory(person=person, checklist=checklist)

    (entry,) = award_after(person, checklist=checklist)

    assert entry.valid_from == TODAY
    assert [item["code"] for item in entry.evidence["shown"]] == [
        "hours_met",
        "quiz_passed",
        "practical_signed",
    ]
    assert award_after(person, checklist=checklist) == []
    certificate = Certificate.objects.get()
    assert (certificate.entry, certificate.score, certificate.minutes) == (entry, 88, 480)


def test_award_after_nothing_in_particular_awards_nothing():
    assert award_after(PersonFactory()) == []


def test_one_quiz_may_complete_two_schemes():
    person = PersonFactory()
    first = QuizRequirementFactory()
    QuizRequirementFactory(quiz=first.quiz)
    AttemptFactory(person=person, quiz=first.quiz)

    assert len(award_after(person, quiz=first.quiz)) == 2


def test_what_earned_the_grant_does_not_earn_the_renewal():
    scheme, person = full_scheme(), PersonFactory()
    show_everything(person, scheme)
    award_if_complete(person, scheme)
    near_the_end = dt.datetime(2028, 3, 1, 4, tzinfo=dt.UTC)

    with time_machine.travel(near_the_end, tick=False):
        assert not is_complete(progress(person, scheme))
        show_everything(person, scheme, near_the_end)
        entry = award_if_complete(person, scheme)

    assert entry.kind == EntryKind.RENEWED
    assert entry.valid_to == dt.date(2030, 3, 17)


def test_after_expiry_it_is_lapsed_and_granted_anew():
    scheme, person = full_scheme(), PersonFactory()
    show_everything(person, scheme)
    award_if_complete(person, scheme)
    later = dt.datetime(2029, 1, 10, 4, tzinfo=dt.UTC)

    with time_machine.travel(later, tick=False):
        show_everything(person, scheme, later)
        award_if_complete(person, scheme)

    assert [entry.kind for entry in LedgerEntry.objects.all()] == ["granted", "lapsed", "granted"]


@pytest.mark.parametrize("taken", ["suspended", "revoked"])
def test_what_was_shown_before_does_not_undo_a_suspension_or_revocation(taken):
    scheme, person = full_scheme(), PersonFactory()
    show_everything(person, scheme)
    award_if_complete(person, scheme)
    verb = {"suspended": ledger.suspend, "revoked": ledger.revoke}[taken]
    verb(person, scheme, reason="违规", act_key="x", by=None)

    assert award_if_complete(person, scheme) is None


def test_revoked_qualification_is_earned_anew():
    scheme, person = full_scheme(), PersonFactory()
    show_everything(person, scheme)
    award_if_complete(person, scheme)
    ledger.revoke(person, scheme, reason="违规", act_key="x", by=None)
    later = NOW + dt.timedelta(days=30)

    with time_machine.travel(later, tick=False):
        show_everything(person, scheme, later)

        assert award_if_complete(person, scheme).kind == EntryKind.GRANTED


def test_stages_from_not_started_to_valid():
    scheme, person = full_scheme(), PersonFactory()
    module, quiz, checklist = parts(scheme)
    seen = [stage(person, scheme)]
    HourCreditFactory(person=person, module=module, minutes=60)
    seen.append(stage(person, scheme))
    HourCreditFactory(person=person, module=module, minutes=420)
    seen.append(stage(person, scheme))
    AttemptFactory(person=person, quiz=quiz, score=40, is_passed=False)
    seen.append(stage(person, scheme))
    AttemptFactory(person=person, quiz=quiz)
    seen.append(stage(person, scheme))
    PracticalAssessmentFactory(person=person, checklist=checklist)
    seen.append(stage(person, scheme))
    award_if_complete(person, scheme)
    seen.append(stage(person, scheme))

    assert seen == [
        Stage.NOT_STARTED,
        Stage.LEARNING,
        Stage.READY_FOR_QUIZ,
        Stage.RESIT,
        Stage.AWAITING_PRACTICAL,
        Stage.AWAITING_ISSUE,
        Stage.VALID,
    ]


def test_evidence_of_many_people_takes_one_query(django_assert_num_queries):
    people = [PersonFactory() for _number in range(3)]

    for number in (1, 3):
        with django_assert_num_queries(1):
            evidence_of([person.pk for person in people[:number]])

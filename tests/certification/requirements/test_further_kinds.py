"""Another scheme, a manual read, several sign-offs, yearly hours, recent practice: each from the form to the gate."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from certification import ledger
from certification.certificates.awards import award_if_complete
from certification.enums import TakenOverKind, Year
from certification.kinds import requirement_kinds
from certification.models import Checklist, LedgerEntry, ManualReading, Requirement, Scheme
from certification.practicals.domain import Judgement, sign_practical
from certification.practicals.waiting import waiting_for
from certification.quizzes.eligibility import eligibility
from certification.quizzes.errors import HoursFirst
from certification.requirements.evidence import evidence_of
from certification.requirements.hints import with_hints
from certification.requirements.seats import SeatFinder
from certification.revisions.domain import confirm_manual
from certification.revisions.errors import NothingToRead
from certification.schemes.progress import progress
from certification.takeover.contradictions import Facts
from certification.takeover.domain import take_over
from kb.enums import CaseAct, RunResult
from kb.models import CaseEntry, DiagnosisRun
from portal.enums import Role, Task
from portal.registry import duty
from tests.certification.requesting import get
from tests.factories.certification import (
    AssessorAppointmentFactory,
    AssessorFactory,
    AttemptFactory,
    ChecklistFactory,
    PracticalAssessmentFactory,
    QuizFactory,
    SchemeFactory,
    category_of,
)
from tests.factories.courses import HourCreditFactory, TrainingModuleFactory
from tests.factories.kb import DiagnosisGuideFactory, FieldCaseFactory, ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return PersonFactory(organisation=OrganisationFactory(), roles=[Role.ENGINEER])


def scheme_asking(kind, *, parameters=None, **fields):
    scheme = SchemeFactory(**{name: fields.pop(name) for name in ("year",) if name in fields})
    requirement = Requirement(scheme=scheme, kind=kind, parameters=parameters or {}, **fields)
    requirement.full_clean()
    requirement.save()
    return scheme


def machine_of(scheme):
    return EquipmentModelFactory(category=category_of(scheme))


def answer(person, scheme, on=None):
    on = on or timezone.localdate()
    return duty.ask(person, machine_of(scheme), Task.REPAIR, on, timezone.now())


def only(person, scheme):
    (reason,) = progress(person, scheme)
    return reason


def codes(found):
    return {reason.code for reason in found.reasons}


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def moment(days):
    return timezone.now() - dt.timedelta(days=days)


# --- another scheme ---------------------------------------------------------------------------------------------------


def test_another_scheme_comes_first_and_brings_the_grant(person):
    lower = SchemeFactory(name="初级")
    upper = scheme_asking("scheme", other_scheme=lower)
    assert codes(answer(person, upper)) == {"other_scheme_not_held"}
    (shown,) = with_hints([only(person, upper)], SeatFinder(person))
    assert shown.action.url == reverse("certification:mine")
    entry = ledger.grant(person, lower, act_key="x")
    assert only(person, upper).met
    award_if_complete(person, upper)
    assert answer(person, upper).allowed
    (proof,) = LedgerEntry.objects.get(scheme=upper).evidence["shown"]
    assert (proof["other_scheme"], proof["entry"]) == (lower.code, entry.pk)


def test_a_certificate_taken_over_brings_what_stands_on_it(person):
    lower = SchemeFactory()
    upper = scheme_asking("scheme", other_scheme=lower)
    by = PersonFactory(organisation=person.organisation, roles=[Role.ADMINISTRATOR])
    until = timezone.localdate() + dt.timedelta(days=90)
    facts = Facts(TakenOverKind.CERTIFICATE, person, lower, days_ago(9), by, until, number="内证 1")
    take_over(by, facts, form_key=uuid.uuid4())
    assert answer(person, upper).allowed


def test_a_scheme_that_ended_is_not_held(person):
    lower = SchemeFactory(valid_months=1)
    upper = scheme_asking("scheme", other_scheme=lower)
    ledger.grant(person, lower, act_key="x", valid_from=days_ago(90))
    assert not only(person, upper).met


def test_a_scheme_does_not_require_itself():
    scheme = SchemeFactory()
    with pytest.raises(ValidationError):
        Requirement(scheme=scheme, kind="scheme", other_scheme=scheme).full_clean()


# --- a manual read ----------------------------------------------------------------------------------------------------


def test_a_manual_is_read_on_its_page_and_the_gate_opens(person, client_of):
    edition = ManualEditionFactory()
    scheme = scheme_asking("manual", manual=edition.manual)
    assert codes(answer(person, scheme)) == {"manual_unread"}
    (way,) = answer(person, scheme).way_out
    assert get(client_of, person, "read_manual", edition.manual.number).status_code == 200
    client = client_of(person)
    assert client.post(way["url"], {"form_key": uuid.uuid4()}).status_code == 302
    assert answer(person, scheme).allowed
    assert client.post(way["url"], {}).status_code == 422
    assert ManualReading.objects.count() == 1


def test_a_manual_nobody_asks_for_is_not_confirmed(person, client_of):
    edition = ManualEditionFactory()
    with pytest.raises(NothingToRead):
        confirm_manual(edition, person=person, form_key=uuid.uuid4())
    assert get(client_of, person, "read_manual", edition.manual.number).status_code == 404


def test_an_old_reading_does_not_renew(person):
    edition = ManualEditionFactory()
    scheme = scheme_asking("manual", manual=edition.manual)
    confirm_manual(edition, person=person, form_key=uuid.uuid4())
    assert LedgerEntry.objects.filter(scheme=scheme).exists()
    assert not only(person, scheme).met


# --- sign-offs --------------------------------------------------------------------------------------------------------


def test_several_assessors_sign_and_one_twice_counts_once(person):
    checklist = ChecklistFactory()
    scheme = scheme_asking("sign_offs", checklist=checklist, parameters={"assessors": 2})
    assessors = [AssessorFactory(organisation=person.organisation) for _number in range(2)]
    for assessor in assessors:
        AssessorAppointmentFactory(person=assessor, category=checklist.category)
    right = {item.pk: Judgement(True) for item in checklist.items.all()}
    for assessor in (assessors[0], assessors[0]):
        sign_practical(assessor, person, checklist, right, form_key=uuid.uuid4())
    reason = only(person, scheme)
    assert (reason.code, reason.params["done"]) == ("sign_offs_missing", 1)
    assert not answer(person, scheme).allowed
    sign_practical(assessors[1], person, checklist, right, form_key=uuid.uuid4())
    assert answer(person, scheme).allowed
    assert len(LedgerEntry.objects.get().evidence["shown"][0]["practicals"]) == 2


def test_sign_offs_say_how_many(person):
    with pytest.raises(ValidationError):
        scheme_asking("sign_offs", checklist=ChecklistFactory())


# --- yearly hours -----------------------------------------------------------------------------------------------------


def held(person, scheme, days):
    return ledger.grant(person, scheme, act_key=f"held:{scheme.pk}", valid_from=days_ago(days), at=moment(days))


def yearly(year=Year.ROLLING):
    return scheme_asking("yearly_hours", parameters={"minutes": 480}, year=year)


def test_yearly_hours_must_hold_on_the_day(person):
    scheme = yearly()
    held(person, scheme, 500)
    found = answer(person, scheme)
    assert not found.allowed
    assert codes(found) == {"yearly_hours_missing"}
    HourCreditFactory(person=person, minutes=480, earned_on=days_ago(30))
    assert answer(person, scheme).allowed


def test_hours_of_two_years_ago_do_not_count(person):
    scheme = yearly()
    held(person, scheme, 700)
    HourCreditFactory(person=person, minutes=480, earned_on=days_ago(370))
    assert not answer(person, scheme).allowed


def test_the_first_year_after_the_grant_asks_for_nothing(person):
    scheme = yearly()
    held(person, scheme, 100)
    assert answer(person, scheme).allowed


@pytest.mark.parametrize(
    ("earned", "on", "is_met"),
    [
        (dt.date(2025, 1, 5), dt.date(2026, 12, 31), True),
        (dt.date(2025, 1, 5), dt.date(2027, 1, 1), False),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 1), True),
    ],
)
def test_in_a_calendar_year_the_hours_of_the_year_before_count(person, earned, on, is_met):
    scheme = yearly(Year.CALENDAR)
    ledger.grant(person, scheme, act_key="x", valid_from=dt.date(2023, 1, 1), at=moment(900))
    HourCreditFactory(person=person, minutes=480, earned_on=earned)
    (reason,) = progress(person, scheme, on, timezone.now() + dt.timedelta(days=900))
    assert reason.met is is_met


# --- recent practice --------------------------------------------------------------------------------------------------


def practised(**parameters):
    usual = {"number": 2, "unit": "jobs", "window": 24, "free": 6}
    return scheme_asking("recent_practice", parameters=usual | parameters)


def ran(person, scheme, days):
    at = moment(days)
    return DiagnosisRun.objects.create(
        guide=DiagnosisGuideFactory(),
        person=person,
        equipment=machine_of(scheme),
        last_key="1",
        result=RunResult.SOLVED,
        started_at=at,
        ended_at=at,
    )


def handled(person, machine, days):
    case = FieldCaseFactory(equipment=machine)
    for act in (CaseAct.TAKEN, CaseAct.ANSWERED):
        CaseEntry.objects.create(case=case, act=act, author=person, text="已处理", at=moment(days))


def test_cases_and_guided_runs_on_the_equipment_count(person):
    scheme = practised()
    held(person, scheme, 300)
    assert codes(answer(person, scheme)) == {"recent_practice_missing"}
    handled(person, machine_of(scheme), 40)
    assert not answer(person, scheme).allowed
    handled(person, EquipmentModelFactory(), 40)
    assert not answer(person, scheme).allowed
    ran(person, scheme, 30)
    assert answer(person, scheme).allowed


def test_practice_before_the_window_does_not_count(person):
    scheme = practised(number=1, window=6)
    held(person, scheme, 300)
    ran(person, scheme, 200)
    assert not answer(person, scheme).allowed


def test_months_with_a_job_are_counted(person):
    scheme = practised(unit="months")
    held(person, scheme, 300)
    for days in (2, 2, 70):
        assert not answer(person, scheme).allowed
        ran(person, scheme, days)
    assert answer(person, scheme).allowed


def test_it_is_not_asked_in_the_first_months(person):
    scheme = practised()
    held(person, scheme, 100)
    assert answer(person, scheme).allowed


@pytest.mark.parametrize("given", [{"number": None}, {"unit": ""}, {"unit": "months", "number": 25}])
def test_what_is_incomplete_or_impossible_is_refused(given):
    with pytest.raises(ValidationError):
        practised(**given)


# --- all --------------------------------------------------------------------------------------------------------------


def test_one_statement_reads_all_kinds_for_many_people(person, django_assert_num_queries):
    people = [person.pk, PersonFactory().pk, PersonFactory().pk]
    schemes = [practised().pk, yearly().pk]
    for some in (people[:1], people):
        with django_assert_num_queries(1):
            evidence_of(some, schemes)


def test_each_kind_says_how_to_show_it(person):
    schemes = [
        scheme_asking("scheme", other_scheme=SchemeFactory()),
        scheme_asking("manual", manual=ManualEditionFactory().manual),
        scheme_asking("sign_offs", checklist=ChecklistFactory(), parameters={"assessors": 2}),
        scheme_asking("yearly_hours", parameters={"minutes": 480}),
    ]
    for scheme in schemes:
        reason = only(person, scheme)
        kind = requirement_kinds.get(reason.params["kind"])
        assert not reason.met
        assert kind.way_out(reason)[0]


def test_jobs_are_compared_with_the_equipment_in_one_query(person, django_assert_max_num_queries):
    scheme = practised(number=9)
    held(person, scheme, 300)
    progress(person, scheme)
    for jobs in (1, 3):
        for _number in range(jobs):
            ran(person, scheme, 20)
        with django_assert_max_num_queries(4):
            progress(person, Scheme.objects.get(pk=scheme.pk))


def test_who_read_the_manual_or_holds_the_other_scheme_waits_for_the_practical(person):
    edition, lower = ManualEditionFactory(), SchemeFactory()
    schemes = [scheme_asking("manual", manual=edition.manual), scheme_asking("scheme", other_scheme=lower)]
    assessor = AssessorFactory(organisation=person.organisation)
    for scheme in schemes:
        checklist = ChecklistFactory(category=category_of(scheme))
        Requirement.objects.create(scheme=scheme, kind="practical", checklist=checklist)
        AssessorAppointmentFactory(person=assessor, category=checklist.category)
    confirm_manual(edition, person=person, form_key=uuid.uuid4())
    ledger.grant(person, lower, act_key="lower")
    assert {waiting.scheme for waiting in waiting_for(assessor)} == set(schemes)


# --- months away ------------------------------------------------------------------------------------------------------


def back(months=6):
    return scheme_asking("away", checklist=ChecklistFactory(), parameters={"months": months})


def signed(person, scheme, days):
    checklist = scheme.requirements.get().checklist
    Checklist.objects.filter(pk=checklist.pk).update(category=category_of(scheme))
    on, at = days_ago(days), moment(days)
    PracticalAssessmentFactory(person=person, checklist=checklist, assessed_on=on, signed_at=at)


def test_after_months_away_the_practical_is_due_again(person):
    scheme = back()
    held(person, scheme, 400)
    assert codes(answer(person, scheme)) == {"away_recheck_missing"}
    assert answer(person, scheme).way_out[0]["message"]
    # A job alone does not end it.
    ran(person, scheme, 20)
    assert codes(answer(person, scheme)) == {"away_recheck_missing"}
    signed(person, scheme, 10)
    assert answer(person, scheme).allowed


def test_who_works_on_is_not_away(person):
    scheme = back()
    held(person, scheme, 400)
    for days in (390, 250, 120):
        ran(person, scheme, days)
    assert answer(person, scheme).allowed
    assert codes(answer(person, scheme, timezone.localdate() + dt.timedelta(days=90))) == {"away_recheck_missing"}


def test_time_away_before_the_last_practical_is_over(person):
    scheme = back()
    held(person, scheme, 600)
    signed(person, scheme, 100)
    assert answer(person, scheme).allowed


def test_time_away_says_how_long_and_which_practical():
    with pytest.raises(ValidationError):
        scheme_asking("away", checklist=ChecklistFactory())
    with pytest.raises(ValidationError):
        scheme_asking("away", parameters={"months": 6})


# --- differences from a sibling model ---------------------------------------------------------------------------------


def sibling_of(other, **fields):
    """A scheme with a whole road of its own, and the differences for who holds ``other``."""
    scheme = SchemeFactory(version=True)
    for number, facts in enumerate([{"kind": "practical", "checklist": ChecklistFactory()}, fields]):
        named = {"kind": "differences", "other_scheme": other} if number else {}
        requirement = Requirement(scheme=scheme, order=number, **named, **facts)
        requirement.full_clean()
        requirement.save()
    return scheme


def test_who_holds_the_sibling_learns_the_differences_alone(person):
    other, quiz, module = SchemeFactory(name="甲型"), QuizFactory(), TrainingModuleFactory()
    scheme = sibling_of(other, quiz=quiz, module=module, minutes=60)
    assert codes(answer(person, scheme)) == {"practical_not_signed", "differences_missing"}
    ledger.grant(person, other, act_key="a", at=moment(9))
    refusal = eligibility(person, quiz).refusal
    assert isinstance(refusal, HoursFirst)
    HourCreditFactory(person=person, module=module, minutes=60)
    assert eligibility(person, quiz).refusal is None
    assert award_if_complete(person, scheme) is None
    way = next(way for way in answer(person, scheme).way_out if way["code"] == "differences_missing")
    assert way["url"] == reverse("certification:quiz", args=[quiz.code])
    attempt = AttemptFactory(person=person, quiz=quiz)
    entry = award_if_complete(person, scheme)
    (proof,) = entry.evidence["shown"]
    assert (proof["other_scheme"], proof["attempt"], proof["done"]) == (other.code, attempt.pk, 60)
    assert entry.certificate.score == 90
    assert answer(person, scheme).allowed


def test_without_the_sibling_the_differences_are_not_enough(person):
    other, quiz = SchemeFactory(), QuizFactory()
    scheme = sibling_of(other, quiz=quiz)
    AttemptFactory(person=person, quiz=quiz)
    assert award_if_complete(person, scheme) is None
    assert isinstance(eligibility(PersonFactory(organisation=person.organisation), quiz).refusal, HoursFirst)


def test_the_whole_road_is_open_beside_it(person):
    scheme = sibling_of(SchemeFactory(), quiz=QuizFactory())
    checklist = scheme.requirements.get(kind="practical").checklist
    PracticalAssessmentFactory(person=person, checklist=checklist)
    assert award_if_complete(person, scheme)


@pytest.mark.parametrize("fields", [{}, {"quiz": None}, {"minutes": 5}])
def test_differences_name_a_module_or_a_quiz(fields):
    with pytest.raises(ValidationError):
        sibling_of(SchemeFactory(), **fields)

"""Later, not at all, and sooner after reading: who may decide it, and what it changes."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from certification import ledger
from certification.certificates.awards import award_if_complete
from certification.enums import ExcuseKind, TakenOverKind
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.models import Excuse, LedgerEntry, StudyConfirmation
from certification.quizzes.attempts import start_attempt, submit_attempt
from certification.quizzes.eligibility import eligibility
from certification.quizzes.errors import (
    AlreadyDecided,
    AlreadyPassed,
    DayIsPast,
    Exempted,
    NobodyAsksForIt,
    NothingToStudy,
    NotInWindow,
    RevisionIsNotExcused,
    WaitBeforeResit,
    WaitOrRead,
)
from certification.quizzes.excuses import ask_for_excuse, decide_excuse
from certification.quizzes.study import confirm_study
from certification.schemes.queries import schemes_of_person
from certification.takeover.contradictions import Facts
from certification.takeover.domain import take_over
from kb.models import EditionVerdict
from portal.enums import Role
from portal.errors import NotAllowed
from portal.models import AuditEvent, Person
from portal.registry import duty
from tests.factories.certification import (
    AttemptFactory,
    HoursRequirementFactory,
    QuestionFactory,
    QuizFactory,
    QuizRequirementFactory,
    SchemeFactory,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.kb import ManualEditionFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOON = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 25)


@pytest.fixture
def network(network):
    """People as a request loads them, with what they hold by now."""
    for key, value in network.items():
        if isinstance(value, Person):
            network[key] = Person.objects.get(pk=value.pk)
    return network


@pytest.fixture
def quiz(network):
    """The only thing the scheme of the network asks for; its questions cite a chapter."""
    network["scheme"].requirements.all().delete()
    found = QuizFactory(questions=0, draw=[{"count": 1}], wait_hours=24, wait_hours_read=2)
    chapter = ManualEditionFactory().chapters.first()
    QuestionFactory(bank=found.bank, version__chapter=chapter)
    QuizRequirementFactory(scheme=network["scheme"], quiz=found)
    return found


def ask(network, quiz, kind=ExcuseKind.EXEMPTED, by="trainer", key=None, until=None, reason="工伤住院"):
    return ask_for_excuse(
        network["technician"], quiz, kind, by=network[by], reason=reason, form_key=key or uuid.uuid4(), until=until
    )


def test_exemption_approved_by_a_second_person_counts_on_gate_and_in_evidence(network, quiz):
    excuse = ask(network, quiz)
    person = network["technician"]
    assert not duty.ask(person, network["equipment"]).allowed
    decide_excuse(excuse, by=network["manager"], approve=True)
    entry = LedgerEntry.objects.get(person=person)
    shown = entry.evidence["shown"][0]
    assert (shown["code"], shown["approver"], shown["because"]) == (
        "quiz_exempted",
        network["manager"].name,
        "工伤住院",
    )
    answer = duty.ask(person, network["equipment"])
    assert answer.allowed
    assert [reason.code for reason in answer.reasons] == ["certified", "quiz_exempted"]
    acts = AuditEvent.objects.filter(action__startswith="certification.excuse")
    assert set(acts.values_list("action", flat=True)) == {"certification.excuse_asked", "certification.excuse_decided"}


def test_who_is_exempt_is_told_so_while_something_else_is_missing(network, quiz):
    HoursRequirementFactory(scheme=network["scheme"])
    decide_excuse(ask(network, quiz), by=network["manager"], approve=True)
    assert isinstance(eligibility(network["technician"], quiz).refusal, Exempted)
    assert not LedgerEntry.objects.exists()


def test_refused_exemption_changes_nothing(network, quiz):
    with pytest.raises(ReasonNeeded):
        decide_excuse(ask(network, quiz), by=network["manager"], approve=False)
    excuse = ask(network, quiz)
    decide_excuse(excuse, by=network["manager"], approve=False, remark="请按期参加")
    assert eligibility(network["technician"], quiz).refusal is None
    with pytest.raises(AlreadyDecided):
        decide_excuse(excuse, by=network["manager"], approve=True)


@pytest.mark.parametrize("by", ["technician", "colleague", "far_manager", "auditor", "dispatcher"])
def test_others_neither_ask_nor_decide(network, quiz, by):
    with pytest.raises(NotAllowed):
        ask(network, quiz, by=by)
    with pytest.raises(NotAllowed):
        decide_excuse(ask(network, quiz), by=network[by], approve=True)


def test_who_asked_does_not_decide(network, quiz):
    excuse = ask(network, quiz, by="manager")
    with pytest.raises(NotAllowed):
        decide_excuse(excuse, by=network["manager"], approve=True)


def test_manager_does_not_excuse_oneself(network, quiz):
    boss = PersonFactory(organisation=network["manager"].organisation, roles=[Role.MANAGER])
    with pytest.raises(NotAllowed):
        ask_for_excuse(boss, quiz, ExcuseKind.EXEMPTED, by=boss, reason="忙", form_key=uuid.uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        Excuse.objects.create(
            person=boss, requested_by=boss, quiz=quiz, kind="exempted", reason="忙", form_key=uuid.uuid4()
        )
    excuse = ask_for_excuse(boss, quiz, ExcuseKind.EXEMPTED, by=network["trainer"], reason="忙", form_key=uuid.uuid4())
    with pytest.raises(NotAllowed):
        decide_excuse(excuse, by=boss, approve=True)


def test_form_key_asks_once(network, quiz):
    key = uuid.uuid4()
    assert ask(network, quiz, key=key) == ask(network, quiz, key=key)
    with pytest.raises(ActKeyTaken):
        ask(network, QuizFactory(), key=key)


def test_exemption_belongs_to_its_round(network, quiz):
    decide_excuse(ask(network, quiz), by=network["manager"], approve=True)
    # The grant began a new round: what it rested on renews nothing.
    assert eligibility(network["technician"], quiz).refusal is None


def test_postponed_quiz_is_begun_after_its_window_until_the_day(network, quiz):
    quiz.closes_at = NOON - dt.timedelta(days=1)
    quiz.save()
    person = network["technician"]
    assert isinstance(eligibility(person, quiz).refusal, NotInWindow)
    with pytest.raises(DayIsPast):
        ask(network, quiz, ExcuseKind.POSTPONED)
    decide_excuse(ask(network, quiz, ExcuseKind.POSTPONED, until=DAY), by=network["manager"], approve=True)
    assert eligibility(person, quiz).refusal is None
    late = dt.datetime(2026, 3, 26, 4, tzinfo=dt.UTC)
    assert isinstance(eligibility(person, quiz, late).refusal, NotInWindow)


def test_pages_ask_list_and_decide(network, quiz, client_of):
    trainer, manager, person = client_of(network["trainer"]), client_of(network["manager"]), network["technician"]
    form = reverse("certification:excuse", args=[person.staff_number, quiz.code])
    assert form in trainer.get(reverse("certification:person", args=[person.staff_number])).content.decode()
    key = str(uuid.uuid4())
    posted = trainer.post(form, {"kind": "exempted", "reason": "有同等资格", "form_key": key})
    assert posted.status_code == 302
    excuse = Excuse.objects.get()
    page, decide = reverse("certification:excuses"), reverse("certification:excuse_decide", args=[excuse.pk])
    assert page in manager.get("/").content.decode()
    assert decide in manager.get(page).content.decode()
    assert client_of(network["technician"]).get(page).status_code == 403
    assert client_of(network["far_manager"]).post(decide, {"act": "approve"}).status_code == 404
    assert manager.post(decide, {"act": "approve"}).status_code == 302
    excuse.refresh_from_db()
    assert excuse.decision.is_approved
    assert excuse.decision.decided_by == network["manager"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_as_many_queries_for_many(network, quiz, client_of, django_assert_max_num_queries, number):
    for _time in range(number):
        ask(network, quiz)
    client = client_of(network["manager"])
    client.get("/")
    with django_assert_max_num_queries(16):
        assert client.get(reverse("certification:excuses")).status_code == 200


def test_reading_the_list_shortens_the_wait(network, quiz, client_of):
    person = network["technician"]
    attempt = submit_attempt(start_attempt(person, quiz))
    assert isinstance(eligibility(person, quiz).refusal, WaitOrRead)
    client = client_of(person)
    read = reverse("certification:attempt_read", args=[attempt.pk])
    assert read in client.get(reverse("certification:attempt", args=[attempt.pk])).content.decode()
    assert client_of(network["colleague"]).post(read).status_code == 404
    for _time in range(2):
        assert client.post(read).status_code == 302
    assert StudyConfirmation.objects.get().attempt == attempt
    refusal = eligibility(person, quiz, NOON + dt.timedelta(hours=1)).refusal
    assert isinstance(refusal, WaitBeforeResit)
    assert not isinstance(refusal, WaitOrRead)
    assert eligibility(person, quiz, NOON + dt.timedelta(hours=2, minutes=1)).refusal is None


def test_open_or_passed_attempt_has_no_reading_list(network, quiz):
    person = network["technician"]
    running = start_attempt(person, quiz)
    with pytest.raises(NothingToStudy):
        confirm_study(running, by=person)
    with pytest.raises(NotAllowed):
        confirm_study(running, by=network["colleague"])


def test_reading_shortens_only_where_the_quiz_says_so(network, quiz):
    quiz.wait_hours_read = None
    quiz.save()
    person = network["technician"]
    attempt = submit_attempt(start_attempt(person, quiz))
    confirm_study(attempt, by=person)
    with time_machine.travel(NOON + dt.timedelta(hours=3)):
        assert isinstance(eligibility(person, quiz).refusal, WaitBeforeResit)


def test_a_revision_excuses_nobody_and_what_no_scheme_asks_for_is_no_exemption(network, quiz):
    with pytest.raises(NobodyAsksForIt):
        ask(network, QuizFactory())
    assert ask(network, QuizFactory(), ExcuseKind.POSTPONED, until=DAY)
    excuse = ask(network, quiz)
    network["scheme"].requirements.all().delete()
    with pytest.raises(NobodyAsksForIt):
        decide_excuse(excuse, by=network["manager"], approve=True)
    verdict = EditionVerdict.objects.create(
        edition=ManualEditionFactory(), kind="short_quiz", grace_until=DAY, questions=1, given_by=network["trainer"]
    )
    with pytest.raises(RevisionIsNotExcused):
        ask(network, QuizFactory(verdict=verdict))


def test_leave_to_sit_it_later_is_no_beginning(network, quiz):
    person = PersonFactory(organisation=network["technician"].organisation)
    excuse = ask_for_excuse(
        person, quiz, ExcuseKind.POSTPONED, by=network["trainer"], reason="出差", form_key=uuid.uuid4(), until=DAY
    )
    decide_excuse(excuse, by=network["manager"], approve=True)
    assert schemes_of_person(person, NOON.date()) == []


def test_a_quiz_of_two_schemes_is_sat_again_for_the_one_that_was_granted(network, quiz):
    other = SchemeFactory()
    HoursRequirementFactory(scheme=other)
    QuizRequirementFactory(scheme=other, quiz=quiz)
    person = network["technician"]
    AttemptFactory(person=person, quiz=quiz, closed_at=NOON - dt.timedelta(days=1))
    ledger.grant(person, network["scheme"], act_key="g", at=NOON)
    assert not isinstance(eligibility(person, quiz, NOON + dt.timedelta(minutes=1)).refusal, AlreadyPassed)


def test_a_paper_of_before_and_not_the_exemption_is_what_the_grant_rests_on(network, quiz):
    HoursRequirementFactory(scheme=network["scheme"], minutes=60)
    person = network["technician"]
    decide_excuse(ask(network, quiz), by=network["manager"], approve=True)
    facts = Facts(TakenOverKind.QUIZ, person, quiz, NOON.date(), network["trainer"], score=90)
    take_over(network["administrator"], facts, form_key=uuid.uuid4())
    award_by_hours(network)
    assert [reason.code for reason in duty.ask(person, network["equipment"]).reasons] == ["certified"]


def test_a_grant_taken_back_began_no_round_for_the_exemption(network, quiz):
    HoursRequirementFactory(scheme=network["scheme"], minutes=60)
    person = network["technician"]
    decide_excuse(ask(network, quiz), by=network["manager"], approve=True)
    wrong = ledger.grant(person, network["scheme"], act_key="wrong")
    ledger.correct(wrong, reason="误授", act_key="void", by=network["administrator"], void=True)
    award_by_hours(network)
    codes = [reason.code for reason in duty.ask(person, network["equipment"]).reasons]
    assert codes == ["certified", "quiz_exempted"]


def award_by_hours(network):
    module = network["scheme"].requirements.get(kind="hours").module
    HourCreditFactory(person=network["technician"], module=module, minutes=60)
    assert award_if_complete(network["technician"], network["scheme"])

"""Who could read the answers or moved the bar is granted only on another assessor's word."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from certification import ledger
from certification.countersignatures.domain import countersign
from certification.countersignatures.errors import (
    MovedTheBar,
    NotAppointedForScheme,
    NothingToCountersign,
    OwnCountersignature,
    RemarkNeeded,
    SameAssessor,
)
from certification.countersignatures.queries import pending_of, waiting_for_countersignature
from certification.enums import Ground, ReasonCode, Stage
from certification.ledger.errors import WiderThanCountersigned
from certification.models import Choice, CounterSignature, LedgerEntry, Quiz
from certification.practicals.domain import Judgement, sign_practical
from certification.questions.domain import save_question
from certification.quizzes.attempts import save_answers, start_attempt, submit_attempt
from certification.schemes.progress import progress
from certification.training_file.queries import files_of
from certification.versions.domain import approve, save_draft
from certification.versions.errors import ChangedSince
from certification.versions.queries import version_in_effect
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.registry.duty import ask
from tests.factories.certification import (
    AssessorAppointmentFactory,
    AssessorFactory,
    PracticalRequirementFactory,
    QuizRequirementFactory,
    SchemeFactory,
    category_of,
)
from tests.factories.portal import EquipmentModelFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A scheme of quiz and practical, two assessors appointed for it, and the people who may judge and be judged."""
    synchronise_roles()
    house = OrganisationFactory()
    scheme = SchemeFactory()
    quiz = QuizRequirementFactory(scheme=scheme).quiz
    checklist = PracticalRequirementFactory(scheme=scheme, checklist__category=category_of(scheme)).checklist
    first, second = (AssessorFactory(organisation=house) for _number in range(2))
    for assessor in (first, second):
        AssessorAppointmentFactory(person=assessor, category=category_of(scheme))
    return {
        "house": house,
        "scheme": scheme,
        "quiz": quiz,
        "checklist": checklist,
        "first": first,
        "second": second,
        "trainer": PersonFactory(organisation=house, roles=[Role.TRAINER]),
        "administrator": PersonFactory(organisation=house, roles=[Role.ADMINISTRATOR]),
        "technician": PersonFactory(organisation=house, roles=[Role.ENGINEER]),
        "superuser": PersonFactory(organisation=house, is_superuser=True),
    }


def sit(world, person, quiz=None):
    """Pass the quiz."""
    attempt = start_attempt(person, quiz or world["quiz"])
    shown = list(attempt.questions.all())
    right = set(Choice.objects.filter(is_correct=True).values_list("pk", flat=True))
    picked = {row.order: [place for place, key in enumerate(row.choice_order) if key in right] for row in shown}
    save_answers(attempt, picked)
    return submit_attempt(attempt)


def show(world, person, assessor=None):
    """Let an assessor sign a passed checklist."""
    judgements = {item.pk: Judgement(True) for item in world["checklist"].items.all()}
    assessor = assessor or world["first"]
    return sign_practical(assessor, person, world["checklist"], judgements, form_key=uuid.uuid4())


def earn(world, person):
    """Show everything in-house."""
    sit(world, person)
    show(world, person)


def sign(world, person, signer="second", **fields):
    pending = pending_of(person, world["scheme"], timezone.now())
    data = {"remark": "现场口头提问", "mark": pending.mark if pending else "", "form_key": uuid.uuid4()} | fields
    return countersign(world[signer], person, world["scheme"], **data)


def grounds(world, person):
    pending = pending_of(person, world["scheme"], timezone.now())
    return list(pending.grounds) if pending else []


# --- who falls under the rule -----------------------------------------------------------------------------------------


def test_a_technician_is_granted_at_once_with_the_versions_pinned(world):
    earn(world, world["technician"])

    entry = LedgerEntry.objects.get()
    records = [(row["record"].split(".")[1], row["number"]) for row in entry.evidence["versions"]]
    assert sorted(records) == [("checklist", 1), ("quiz", 1), ("scheme", 1)]
    assert entry.scheme_version == version_in_effect(world["scheme"])


@pytest.mark.parametrize("who", ["trainer", "administrator", "superuser"])
def test_who_could_read_the_answers_waits_and_is_told_why(world, who):
    earn(world, world[who])

    assert not LedgerEntry.objects.exists()
    assert grounds(world, world[who]) == [Ground.READ_ANSWERS]
    last = progress(world[who], world["scheme"])[-1]
    assert (last.code, last.met) == (ReasonCode.COUNTERSIGNATURE_MISSING, False)
    answer = ask(world[who], EquipmentModelFactory(category=category_of(world["scheme"])))
    assert (answer.allowed, [reason.code for reason in answer.reasons]) == (False, ["countersignature_missing"])
    file = files_of(world[who])[0]
    assert (file.stage, file.steps[-1].title) == (Stage.AWAITING_COUNTERSIGNATURE, "会签")


def test_losing_the_role_after_the_start_changes_nothing(world):
    attempt = start_attempt(world["trainer"], world["quiz"])
    world["trainer"].groups.clear()

    assert submit_attempt(attempt).could_read_answers is True


def test_getting_the_role_while_the_paper_is_open_counts(world):
    attempt = start_attempt(world["technician"], world["quiz"])
    assert attempt.could_read_answers is False
    world["technician"].groups.add(world["trainer"].groups.get())

    assert submit_attempt(attempt).could_read_answers is True


def test_who_wrote_the_key_of_a_question_drawn_waits(world):
    for question in world["quiz"].bank.questions.all():
        answers = [("我改的答案", True), ("别的", False)]
        save_question(question, choices=answers, kind="single", stem=f"改过 {question.ref}", by=world["technician"])

    earn(world, world["technician"])

    assert grounds(world, world["technician"]) == [Ground.WROTE_QUESTIONS]
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("part", ["author", "approver"])
def test_who_moved_the_pass_mark_waits_even_after_a_second_person_approved(world, part):
    manager = PersonFactory(roles=[Role.MANAGER])
    other = PersonFactory(roles=[Role.MANAGER])
    changed = Quiz.objects.get(pk=world["quiz"].pk)
    changed.pass_mark = 1
    approve(save_draft(changed, by=manager), by=other, save=1)

    person = {"author": manager, "approver": other}[part]
    earn(world, person)

    assert grounds(world, person) == [Ground.CHANGED_QUIZ]
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(("record", "ground"), [("scheme", "changed_scheme"), ("checklist", "changed_checklist")])
def test_who_changed_scheme_or_checklist_waits(world, record, ground):
    manager = PersonFactory(roles=[Role.MANAGER])
    changed = type(world[record]).objects.get(pk=world[record].pk)
    changed.code = f"{changed.code}x"
    approve(save_draft(changed, by=manager), by=world["superuser"], save=1)
    world[record].refresh_from_db()

    earn(world, manager)

    assert grounds(world, manager) == [ground]


def test_a_running_attempt_keeps_its_version(world):
    attempt = start_attempt(world["technician"], world["quiz"])
    changed = Quiz.objects.get(pk=world["quiz"].pk)
    changed.pass_mark = 1
    approve(save_draft(changed, by=world["trainer"]), by=world["administrator"], save=1)

    closed = submit_attempt(attempt)

    assert (closed.quiz_version.number, closed.pass_mark, closed.is_passed) == (1, 80, False)


def test_a_checklist_changed_since_it_was_opened_is_not_signed(world):
    changed = type(world["checklist"]).objects.get(pk=world["checklist"].pk)
    changed.pass_percent = 1
    approve(save_draft(changed, by=world["trainer"]), by=world["administrator"], save=1)
    judgements = {item.pk: Judgement(True) for item in world["checklist"].items.all()}
    common = {"form_key": uuid.uuid4()}

    with pytest.raises(ChangedSince):
        sign_practical(world["first"], world["technician"], world["checklist"], judgements, version=1, **common)
    signed = sign_practical(world["first"], world["technician"], world["checklist"], judgements, version=2, **common)
    assert signed.checklist_version.number == 2


# --- signing ----------------------------------------------------------------------------------------------------------


def test_another_assessor_signs_and_the_grant_follows(world):
    earn(world, world["trainer"])

    signature = sign(world, world["trainer"])

    entry = LedgerEntry.objects.get()
    last = entry.evidence["shown"][-1]
    assert (last["code"], last["countersignature"], last["grounds"]) == (
        "countersigned",
        signature.pk,
        ["read_answers"],
    )
    assert entry.certificate.person == world["trainer"]


def test_a_second_post_signs_once(world):
    earn(world, world["trainer"])
    key = uuid.uuid4()

    assert sign(world, world["trainer"], form_key=key) == sign(world, world["trainer"], form_key=key)
    assert (CounterSignature.objects.count(), LedgerEntry.objects.count()) == (1, 1)


def test_the_assessor_of_the_practical_does_not_countersign(world):
    earn(world, world["trainer"])

    with pytest.raises(SameAssessor):
        sign(world, world["trainer"], signer="first")
    assert waiting_for_countersignature(world["first"]) == []
    assert [pending.person for pending in waiting_for_countersignature(world["second"])] == [world["trainer"]]


def test_who_moved_the_bar_does_not_vouch_for_it(world):
    world["second"].groups.add(*PersonFactory(roles=[Role.TRAINER]).groups.all())
    changed = Quiz.objects.get(pk=world["quiz"].pk)
    changed.pass_mark = 10
    approve(save_draft(changed, by=world["second"]), by=world["administrator"], save=1)
    earn(world, world["trainer"])

    with pytest.raises(MovedTheBar):
        sign(world, world["trainer"])
    assert waiting_for_countersignature(world["second"]) == []


def test_nobody_countersigns_for_oneself(world):
    world["second"].groups.add(*world["trainer"].groups.all())
    earn(world, world["second"])

    with pytest.raises(OwnCountersignature):
        sign(world, world["second"])


def test_only_the_appointed_countersign(world):
    earn(world, world["trainer"])
    world["third"] = AssessorFactory(organisation=world["house"])

    for who in ("third", "administrator", "superuser"):
        with pytest.raises(NotAppointedForScheme):
            sign(world, world["trainer"], signer=who)


def test_nothing_is_signed_in_advance_or_without_a_word(world):
    with pytest.raises(NothingToCountersign):
        sign(world, world["trainer"])
    sit(world, world["trainer"])
    with pytest.raises(NothingToCountersign):
        sign(world, world["trainer"])
    show(world, world["trainer"])
    with pytest.raises(RemarkNeeded):
        sign(world, world["trainer"], remark=" ")
    with pytest.raises(ChangedSince):
        sign(world, world["trainer"], mark="0:0:0")


def test_a_correction_does_not_lengthen_what_was_countersigned(world):
    earn(world, world["trainer"])
    sign(world, world["trainer"])
    entry = LedgerEntry.objects.get()
    common = {"reason": "录错", "by": world["administrator"]}

    with pytest.raises(WiderThanCountersigned):
        ledger.correct(entry, act_key="c1", valid_to=entry.valid_to + dt.timedelta(days=400), **common)
    shorter = ledger.correct(entry, act_key="c2", valid_to=entry.valid_to - dt.timedelta(days=4), **common)
    assert shorter.corrects == entry


def test_the_database_keeps_nobody_signing_for_oneself(world):
    version = version_in_effect(world["scheme"])
    with pytest.raises(IntegrityError), transaction.atomic():
        CounterSignature.objects.create(
            person=world["trainer"],
            scheme=world["scheme"],
            scheme_version=version,
            signer=world["trainer"],
            remark="自己签",
            attempts=[],
            practicals=[],
            grounds=[],
            form_key=uuid.uuid4(),
        )

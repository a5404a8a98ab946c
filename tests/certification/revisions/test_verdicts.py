"""Short quiz and recertification: what the gate says, what is drawn, what no longer counts, and who is told."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from certification import ledger
from certification.certificates.awards import award_if_complete
from certification.duty.work import opened_work
from certification.models import Attempt, ChangedChapter, Choice, LedgerEntry, QuestionVersion, ReadingDue
from certification.questions.review import confirm_question
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from certification.quizzes.drawing import pool_of
from certification.quizzes.errors import QuizNotForYou, TooFewQuestions
from certification.requirements.readings import quiz_code
from certification.revisions.domain import confirm_reading
from certification.revisions.errors import NobodyAnswers, NothingToRead, TooFewToAsk
from certification.revisions.queries import readings_of, touched_schemes
from certification.revisions.tasks import send_overview_letter
from certification.sections import state_of
from kb.enums import CitationChoice, VerdictKind
from kb.errors import VerdictNeeded
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import Verdict
from kb.models import EditionVerdict
from portal.enums import Role
from portal.registry import duty
from tests.factories.certification import (
    QuestionBankFactory,
    QuestionFactory,
    QuizFactory,
    QuizRequirementFactory,
)
from tests.factories.kb import ManualEditionFactory, ManualFactory
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOON = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
GRACE = dt.date(2026, 3, 25)
AFTER = dt.date(2026, 3, 26)
QUIZ = Verdict(VerdictKind.SHORT_QUIZ, GRACE, 2)
FULL = Verdict(VerdictKind.FULL, GRACE)


@pytest.fixture
def manual(network):
    found = ManualFactory(category=network["equipment"].category, title="冷库维修手册")
    ManualEditionFactory(manual=found, edition="A/0")
    return found


@pytest.fixture
def holder(network):
    ledger.grant(network["technician"], network["scheme"], act_key="held", at=NOON - dt.timedelta(days=30))
    return network["technician"]


@pytest.fixture
def bank(manual):
    """Four questions on the chapter that will change, one on the other."""
    found = QuestionBankFactory(category=manual.category)
    first, second = manual.editions.get(edition="A/0").chapters.order_by("number")
    for _number in range(4):
        QuestionFactory(bank=found, version__chapter=second)
    QuestionFactory(bank=found, version__chapter=first)
    for version in QuestionVersion.objects.filter(question__bank=found):
        version.cited = state_of(version)
        version.save()
    return found


def revise(manual, verdict, by=None, name="A/1"):
    draft = new_edition(manual, name)
    chapter = draft.chapters.order_by("number").last()
    chapter.title += f"（{name}）"
    chapter.save()
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=verdict, by=by or PersonFactory())
    return EditionVerdict.objects.get(edition__manual=manual, edition__edition=name)


def refusals(answer):
    return [] if answer.allowed else [reason.code for reason in answer.reasons]


def review_all(bank, keeper):
    for question in bank.questions.filter(suspended_at__isnull=False):
        confirm_question(question, by=keeper)


def take(person, quiz):
    attempt = start_attempt(person, quiz)
    for shown in attempt.questions.all():
        right = set(Choice.objects.filter(version=shown.version, is_correct=True).values_list("pk", flat=True))
        save_answer(attempt, shown.order, [at for at, key in enumerate(shown.choice_order) if key in right])
    return submit_attempt(attempt)


def test_short_quiz_is_drawn_from_what_changed_and_opens_the_gate_again(network, manual, holder, bank):
    verdict = revise(manual, QUIZ)
    quiz = verdict.quiz
    assert duty.ask(holder, network["equipment"], on=GRACE).allowed
    late = duty.ask(holder, network["equipment"], on=AFTER)
    assert refusals(late) == ["revision_quiz_missing"]
    assert late.way_out[0]["url"] == reverse("certification:quiz", args=[quiz.code])
    review_all(bank, network["trainer"])
    drawn = {version.chapter_id for version in pool_of(quiz)}
    assert drawn <= set(ChangedChapter.objects.filter(verdict=verdict).values_list("chapter", flat=True))
    assert pool_of(quiz).count() == 4
    with time_machine.travel(NOON + dt.timedelta(days=10)):
        assert take(holder, quiz).is_passed
        answer = duty.ask(holder, network["equipment"])
        assert answer.allowed
        assert answer.certificates[0]["scheme"] == network["scheme"].code
        # What was true before it was passed stays answered.
        before = NOON + dt.timedelta(days=9)
        assert refusals(duty.ask(holder, network["equipment"], known_at=before)) == ["revision_quiz_missing"]


def test_questions_held_back_for_review_are_not_drawn(network, manual, holder, bank):
    quiz = revise(manual, QUIZ).quiz
    with pytest.raises(TooFewQuestions):
        start_attempt(holder, quiz)


def test_who_was_not_asked_may_not_take_the_short_quiz(network, manual, holder, bank, client_of):
    quiz = revise(manual, QUIZ).quiz
    review_all(bank, network["trainer"])
    with pytest.raises(QuizNotForYou):
        start_attempt(network["colleague"], quiz)
    assert client_of(network["colleague"]).post(reverse("certification:start", args=[quiz.code])).status_code == 403
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(("asked", "refused"), [(2, False), (3, True)])
def test_twice_as_many_questions_must_cite_what_changed(network, manual, holder, bank, asked, refused):
    if not refused:
        assert revise(manual, Verdict(VerdictKind.SHORT_QUIZ, GRACE, asked)).questions == asked
        return
    with pytest.raises(TooFewToAsk, match="6"):
        revise(manual, Verdict(VerdictKind.SHORT_QUIZ, GRACE, asked))
    assert not EditionVerdict.objects.filter(edition__edition="A/1").exists()
    assert not manual.editions.get(edition="A/1").is_published


def test_short_quiz_names_who_answers_for_it(network, manual, holder, bank):
    draft = new_edition(manual, "A/1")
    with pytest.raises(NobodyAnswers):
        publish_edition(draft, decisions=CitationChoice.STAY, verdict=QUIZ)


def test_short_quiz_of_an_earlier_edition_is_drawn_from_the_next_one_too(network, manual, holder, bank):
    quiz = revise(manual, QUIZ).quiz
    following = revise(manual, Verdict(VerdictKind.EDITORIAL), name="A/2").edition
    last = following.chapters.order_by("number").last()
    assert ChangedChapter.objects.filter(verdict=quiz.verdict, chapter=last).exists()


def test_a_short_quiz_is_not_confirmed_by_a_word(network, manual, holder, bank, client_of):
    verdict = revise(manual, QUIZ)
    with pytest.raises(NothingToRead):
        confirm_reading(verdict, person=holder)
    page = client_of(holder).get(reverse("certification:reading", args=[verdict.pk])).content.decode()
    assert reverse("certification:quiz", args=[quiz_code(verdict.pk)]) in page
    assert "compare/?from=A-0&amp;to=A-1" in page


def test_recertification_counts_only_what_is_shown_since_it_took_effect(network, manual):
    scheme, person = network["scheme"], network["technician"]
    scheme.requirements.all().delete()
    quiz = QuizFactory()
    QuizRequirementFactory(scheme=scheme, quiz=quiz)
    with time_machine.travel(NOON - dt.timedelta(days=30)):
        take(person, quiz)
    held = LedgerEntry.objects.get(person=person)
    revise(manual, FULL)
    assert duty.ask(person, network["equipment"], on=GRACE).allowed
    late = duty.ask(person, network["equipment"], on=AFTER)
    assert refusals(late) == ["recertification_missing"]
    assert award_if_complete(person, scheme) is None
    with time_machine.travel(NOON + dt.timedelta(days=10)):
        assert refusals(duty.ask(person, network["equipment"])) == ["recertification_missing"]
        take(person, quiz)
        assert duty.ask(person, network["equipment"]).allowed
        renewed = LedgerEntry.objects.filter(person=person).latest("recorded_at")
        assert renewed.kind == "renewed"
        assert renewed.scheme == held.scheme
        assert renewed.valid_to > held.valid_to
        # Done once; another passed quiz renews nothing more.
        assert award_if_complete(person, scheme) is None


def test_verdict_refuses_only_on_the_machines_of_the_manual(network, manual, holder):
    other = EquipmentModelFactory(category=network["equipment"].category)
    manual.equipment.add(network["equipment"])
    revise(manual, Verdict(VerdictKind.MUST_READ, GRACE))
    assert ReadingDue.objects.filter(person=holder).exists()
    assert refusals(duty.ask(holder, network["equipment"], on=AFTER)) == ["revision_unread"]
    assert duty.ask(holder, other, on=AFTER).allowed
    # Pages that judge machines alike once judge these apart.
    assert all(len(work.models) == 1 for work in opened_work([network["equipment"], other]))


def test_second_edition_is_not_published_without_a_verdict(manual):
    with pytest.raises(VerdictNeeded):
        publish_edition(new_edition(manual, "A/1"), decisions=CitationChoice.STAY)
    assert not manual.editions.get(edition="A/1").is_published


def test_superiors_and_trainers_are_told_once_about_their_own_people(network, manual, holder, bank):
    verdict = revise(manual, QUIZ)
    for key in ("manager", "far_manager", "trainer", "colleague"):
        network[key].email = f"{key}@example.org"
        network[key].save()
    for _time in range(2):
        told = [send_overview_letter.func(verdict.pk, network[key].pk) for key in ("manager", "trainer")]
    assert told == [True, True]
    assert not send_overview_letter.func(verdict.pk, network["far_manager"].pk)
    assert not send_overview_letter.func(verdict.pk, network["colleague"].pk)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["manager@example.org", "trainer@example.org"]
    assert all(holder.name in letter.body for letter in mail.outbox)


def test_editor_sees_on_the_page_how_many_questions_there_are_and_is_refused_with_advice(
    network, manual, holder, bank, client_of
):
    editor = PersonFactory(organisation=network["manager"].organisation, roles=[Role.ADMINISTRATOR])
    draft = new_edition(manual, "A/1")
    chapter = draft.chapters.order_by("number").last()
    chapter.title += "（新）"
    chapter.save()
    page, client = reverse("kb_publish_edition", args=[draft.pk]), client_of(editor)
    html = client.get(page).content.decode()
    assert bank.name in html
    assert network["scheme"].name in html
    answers = {f"citation-{line.split(chr(34))[0]}": "stay" for line in html.split('name="citation-')[1:]}
    posted = answers | {"verdict": "short_quiz", "grace_until": GRACE.isoformat(), "questions": "3"}
    refused = client.post(page, posted)
    assert refused.status_code == 422
    draft.refresh_from_db()
    assert not draft.is_published
    assert client.post(page, posted | {"questions": "2"}).status_code == 302
    draft.refresh_from_db()
    assert draft.is_published
    assert draft.verdict.quiz.draw_rules.get().count == 2


def test_the_page_says_of_everything_anew_what_the_gate_says(network, manual, holder):
    verdict = revise(manual, FULL)
    later = NOON + dt.timedelta(days=10)
    renewed = ledger.renew(holder, network["scheme"], act_key="again", at=later)
    with time_machine.travel(later + dt.timedelta(days=1)):
        assert readings_of(holder).get(pk=verdict.pk).is_confirmed
        ledger.correct(renewed, reason="误授", act_key="void", by=network["administrator"], void=True)
        assert refusals(duty.ask(holder, network["equipment"])) == ["recertification_missing"]
        assert not readings_of(holder).get(pk=verdict.pk).is_confirmed


def test_a_verdict_touches_schemes_whose_scope_lies_above(network, holder):
    below = EquipmentCategoryFactory(parent=network["equipment"].category)
    manual = ManualFactory(category=below)
    ManualEditionFactory(manual=manual, edition="A/0")
    assert touched_schemes(manual) == [network["scheme"]]

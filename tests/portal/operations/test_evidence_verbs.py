"""What people do every day goes on with the triggers in place: from a chapter and a question to a card taken away."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from certification import ledger
from certification.models import Certificate, Choice, Question
from certification.practicals.domain import Judgement, sign_practical
from certification.questions.domain import save_question
from certification.quizzes.attempts import save_answer, save_answers, start_attempt, submit_attempt
from certification.quizzes.releases import release_attempts
from certification.statutory.domain import record_statutory, withdraw_statutory
from courses.models import HourCredit
from courses.sessions.attendance.domain import check_in, check_out, check_out_everybody
from courses.sessions.scheduling.domain import close_session, open_check_in
from courses.sessions.seats.domain import book_seat
from kb.enums import CitationChoice
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from tests.factories.certification import AssessorAppointmentFactory, StatutoryKindFactory, full_scheme
from tests.factories.courses import SessionFactory, TrainerFactory
from tests.factories.kb import ManualEditionFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def teach(module, people):
    """Hold the module now: one leaves early from the list, the others when everybody is checked out."""
    trainer = TrainerFactory()
    module.trainers.add(trainer)
    module.save()
    start = timezone.now() - dt.timedelta(minutes=module.minutes)
    session = SessionFactory(trainer=trainer, starts_at=start, ends_at=timezone.now() + dt.timedelta(minutes=1))
    session.parts.create(module=module, minutes=module.minutes)
    open_check_in(session, by=trainer)
    for person in people:
        person.organisation = session.organisation
        person.save()
        check_in(book_seat(session, person, by=trainer, notify=False), by=trainer, at=start)
    check_out(session.enrolments.get(person=people[0]), by=trainer)
    check_out_everybody(session, by=trainer)
    close_session(session, by=trainer)


def sit(person, quiz, *, right: bool):
    """Answer one question at a time, change an answer, answer the rest at once, hand in."""
    attempt = start_attempt(person, quiz)
    positions = {}
    for shown in attempt.questions.all():
        correct = Choice.objects.get(version=shown.version, is_correct=True).pk
        positions[shown.order] = [
            place for place, choice in enumerate(shown.choice_order) if (choice == correct) == right
        ][:1]
    save_answer(attempt, 1, [0])
    save_answer(attempt, 1, positions[1])
    save_answers(attempt, positions)
    return submit_attempt(attempt)


def test_a_person_is_trained_examined_certified_and_suspended():
    scheme = full_scheme(valid_months=24)
    hours, theory, practice = scheme.requirements.all()
    theory.quiz.wait_hours = 0
    theory.quiz.save()
    person, colleague, keeper = PersonFactory(), PersonFactory(), PersonFactory()

    teach(hours.module, [person, colleague])
    assert HourCredit.objects.count() == 2
    assert sit(person, theory.quiz, right=False).is_passed is False
    release_attempts(person, theory.quiz, by=keeper, reason="停电", form_key=uuid.uuid4())
    assert sit(person, theory.quiz, right=True).is_passed is True
    assessor = AssessorAppointmentFactory(category=practice.checklist.category).person
    seen = {item.pk: Judgement(True) for item in practice.checklist.items.all()}
    sign_practical(assessor, person, practice.checklist, seen, form_key=uuid.uuid4())

    certificate = Certificate.objects.get(person=person)
    suspension = ledger.suspend(person, scheme, reason="违章", act_key="s", by=keeper)
    ledger.correct(suspension, reason="录错", act_key="c", by=keeper, void=True)
    ledger.revoke(person, scheme, reason="伪造", act_key="r", by=keeper)
    kinds = list(person.ledger.values_list("kind", flat=True))
    assert (certificate.entry.kind, kinds) == ("granted", ["granted", "suspended", "corrected", "revoked"])


def test_a_card_is_recorded_and_withdrawn():
    today = timezone.localdate()
    card = record_statutory(
        PersonFactory(), StatutoryKindFactory(), "T1", valid_from=today, valid_to=today, by=PersonFactory()
    )
    assert withdraw_statutory(card, withdrawn_on=today, by=None).withdrawn_on == today
    assert withdraw_statutory(card, withdrawn_on=today - dt.timedelta(days=1), by=None).withdrawn_on == today


def test_a_shown_question_is_edited_as_a_new_version_and_points_elsewhere():
    theory = full_scheme().requirements.get(kind="quiz")
    person = PersonFactory()
    question = Question.objects.filter(bank=theory.quiz.bank).first()
    words = {"kind": "single", "stem": "题目", "explanation": "", "topic": None, "difficulty": 1, "is_safety": False}
    first = save_question(question, choices=[("对", True), ("错", False)], **words)
    assert first == save_question(question, choices=[("对", True), ("不对", False)], **words)
    theory.quiz.draw_rules.update(count=15)
    theory.scheme.requirements.filter(kind="hours").delete()
    sit(person, theory.quiz, right=True)

    chapter = ManualEditionFactory().chapters.first()
    pointed = save_question(question, choices=[("对", True), ("不对", False)], chapter=chapter, **words)
    changed = save_question(question, choices=[("对", True), ("全错", False)], **words)
    assert (pointed, pointed.chapter, changed.number) == (first, chapter, 2)


def test_an_edition_is_written_published_and_followed_by_the_next():
    first = ManualEditionFactory(edition="A/0")
    draft = new_edition(first.manual, "A/1")
    chapter = draft.chapters.first()
    chapter.title = "重写"
    chapter.save()
    draft.chapters.last().delete()
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    assert list(first.manual.editions.published().values_list("edition", flat=True)) == ["A/1", "A/0"]

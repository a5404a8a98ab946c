"""Questions are suspended when what they cite says something else, and drawn again once somebody has looked."""

import pytest
from django.urls import reverse

from certification.models import Question
from certification.questions.domain import save_question
from certification.questions.review import confirm_question, suspended_questions
from certification.quizzes.attempts import start_attempt
from certification.quizzes.drawing import draw_again, pool_for_practice, pool_of
from kb.enums import CitationChoice
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.errors import NotAllowed
from tests.factories.certification import QuestionBankFactory, QuizFactory
from tests.factories.kb import ManualEditionFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db

ANSWERS = [("断电", True), ("加压", False)]


@pytest.fixture
def quiz():
    return QuizFactory(bank=QuestionBankFactory(), questions=0, draw=[{"count": 1}])


def cited(quiz):
    edition = ManualEditionFactory()
    chapter = edition.chapters.first()
    question = Question(bank=quiz.bank, ref="Q-1")
    save_question(question, kind="single", stem="先做什么？", choices=ANSWERS, chapter=chapter)
    return question, edition


def publish(edition, *, title=None):
    draft = new_edition(edition.manual, "B/0")
    if title:
        chapter = draft.chapters.first()
        chapter.title = title
        chapter.save()
    return publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)


def test_an_edition_that_says_the_same_suspends_nothing(quiz):
    question, edition = cited(quiz)
    publish(edition)
    question.refresh_from_db()

    assert question.suspended_at is None


def test_a_changed_section_suspends_until_somebody_confirms(quiz, client_of):
    synchronise_roles()
    question, edition = cited(quiz)
    publish(edition, title="改过的标题")
    question.refresh_from_db()

    assert question.suspended_because
    assert (pool_of(quiz).count(), pool_for_practice(quiz).count()) == (0, 1)
    with pytest.raises(NotAllowed):
        confirm_question(question, by=PersonFactory(roles=[Role.ENGINEER]))
    keeper = client_of(PersonFactory(roles=[Role.TRAINER]))
    page = keeper.get(reverse("certification_questions_review")).content.decode()
    assert "先做什么？" in page
    assert keeper.get(reverse("wagtailadmin_home")).status_code == 200
    keeper.post(reverse("certification_question_confirm", args=[question.pk]))
    assert pool_of(quiz).count() == 1
    assert not suspended_questions().exists()


def test_saving_a_question_ends_its_suspension(quiz):
    question, edition = cited(quiz)
    newer = publish(edition, title="改过的标题")
    question = Question.objects.get()
    save_question(question, kind="single", stem="先做什么？", choices=ANSWERS, chapter=newer.chapters.first())

    assert pool_of(quiz).count() == 1


def test_the_review_page_is_for_keepers(client_of):
    synchronise_roles()
    page = client_of(PersonFactory(roles=[Role.ENGINEER])).get(reverse("certification_questions_review"))

    assert page.status_code in (302, 403)


def test_unseen_questions_come_first_and_a_paper_is_drawn_again_from_its_seed():
    quiz = QuizFactory(questions=12, draw=[{"count": 6}], max_attempts=3, wait_hours=0)
    person = PersonFactory()
    first = start_attempt(person, quiz)
    shown = set(first.questions.values_list("version", flat=True))
    from certification.quizzes.attempts import submit_attempt

    submit_attempt(first)
    second = start_attempt(person, quiz)

    assert not shown & set(second.questions.values_list("version", flat=True))
    again = [(drawn.version.pk, drawn.choice_order) for drawn in draw_again(second)]
    assert again == list(second.questions.order_by("order").values_list("version", "choice_order"))

"""Questions cite a chapter of an edition; a wrong answer leads there, if the taker may open it."""

import pytest
from django.urls import reverse

from certification.models import QuestionVersion
from certification.sections import section_of
from kb.enums import CitationChoice
from kb.manuals.citations import CitationKey, citations_of
from kb.manuals.decisions import Decision
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from portal.enums import Audience, Role, Tier
from portal.models import AuditEvent
from tests.factories.certification import QuestionFactory
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory, ManualFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    """The edition in force."""
    return ManualEditionFactory(edition="A/1", chapters=["结构", "故障"])


@pytest.fixture
def engineer():
    """Somebody of the network who takes quizzes."""
    return PersonFactory(organisation=OrganisationFactory(), roles=[Role.ENGINEER])


@pytest.fixture
def contact():
    """Somebody of a customer."""
    place = OrganisationFactory(parent=OrganisationFactory(), tier=Tier.CUSTOMER)
    return PersonFactory(organisation=place, roles=[Role.CUSTOMER_CONTACT])


def version_of(question):
    return QuestionVersion.objects.select_related("chapter__edition__manual", "article").get(
        question=question, is_current=True
    )


def test_questions_stay_with_their_edition_or_follow_as_decided(old, engineer):
    first, second = old.chapters.order_by("number")
    kept, moved = QuestionFactory(version__chapter=first), QuestionFactory(version__chapter=second)
    draft = new_edition(old.manual, "A/2")
    target = draft.chapters.get(number="1")
    decisions = {citation.key: Decision(CitationChoice.STAY) for citation in citations_of([first])}
    version = version_of(moved)
    decisions[CitationKey("question", version.pk, second.pk)] = Decision(CitationChoice.FOLLOW, target.pk)
    publish_edition(draft, decisions=decisions, by=engineer, verdict=EDITORIAL)
    assert version_of(kept).chapter == first
    assert version_of(moved).chapter == target
    assert AuditEvent.objects.get(action="kb.citation_moved").subject == f"certification.questionversion:{version.pk}"


def test_version_that_was_replaced_is_not_decided_on(old):
    chapter = old.chapters.first()
    question = QuestionFactory(version__chapter=chapter)
    question.versions.update(is_current=False)
    current = QuestionVersion.objects.create(question=question, number=2, kind="single", stem="新题", chapter=chapter)
    (citation,) = citations_of([chapter])
    assert citation.key.record == current.pk
    assert citation.title == f"{question.ref} 新题"
    assert citation.url == reverse("question:edit", args=[question.pk])


def test_editor_without_the_question_bank_decides_without_a_link(client_of, old):
    editor = PersonFactory(organisation=OrganisationFactory(), roles=[Role.EDITOR])
    trainer = PersonFactory(organisation=editor.organisation, roles=[Role.TRAINER])
    question = QuestionFactory(version__chapter=old.chapters.first())
    address = reverse("kb_publish_edition", args=[new_edition(old.manual, "A/2").pk])
    link = reverse("question:edit", args=[question.pk])
    for_editor, for_trainer = (client_of(person).get(address).text for person in (editor, trainer))
    assert question.ref in for_editor
    assert question.ref in for_trainer
    assert link not in for_editor
    assert link in for_trainer


def test_wrong_answer_leads_to_the_chapter_of_the_edition_cited(old, engineer):
    question = QuestionFactory(version__chapter=old.chapters.get(number="2"))
    publish_edition(new_edition(old.manual, "A/2"), decisions=CitationChoice.STAY, verdict=EDITORIAL)
    section = section_of(version_of(question), engineer)
    assert section.label == f"《{old.manual.title}》A/1 第 2 章 故障"
    assert section.url == f"/kb/manuals/{old.manual.number}/A-1/#chapter-2"


@pytest.mark.parametrize(
    ("audience", "is_named"),
    [(Audience.PUBLIC, True), (Audience.CUSTOMERS, True), (Audience.STAFF, False), (Audience.RESTRICTED, False)],
)
def test_wrong_answer_names_nothing_the_taker_may_not_open(contact, audience, is_named):
    edition = ManualEditionFactory(manual=ManualFactory(audience=audience))
    of_chapter = QuestionFactory(version__chapter=edition.chapters.first())
    of_article = QuestionFactory(version__article=FaultArticleFactory(audience=audience))
    named = [section_of(version_of(question), contact) is not None for question in (of_chapter, of_article)]
    assert named == [is_named, is_named]


def test_wrong_answer_does_not_name_a_withdrawn_article(engineer):
    article = FaultArticleFactory()
    question = QuestionFactory(version__article=article)
    assert section_of(version_of(question), engineer).url == article.get_absolute_url()
    article.unpublish()
    assert section_of(version_of(question), engineer) is None


@pytest.mark.parametrize("questions", [1, 20])
def test_questions_are_read_in_a_fixed_number_of_queries(old, django_assert_num_queries, questions):
    for _ in range(questions):
        QuestionFactory(version__chapter=old.chapters.first())
    chapters = list(old.chapters.all())
    with django_assert_num_queries(4):
        assert len(citations_of(chapters)) == questions

"""Nobody publishes dangerous content alone; who approves may do the work and did not write the draft."""

import pytest
from wagtail.models import WorkflowState

from kb.control.domain import review
from kb.control.errors import NotAReviewer, OwnWork, UnqualifiedReviewer
from kb.control.workflow import ensure_workflow
from kb.enums import BulletinKind, CitationChoice, ReviewDecision, Severity
from kb.errors import ReviewMissing
from kb.manuals.domain import publish_edition
from kb.models import ContentReview, FaultArticle
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.registry import duty
from portal.registry.duty import DutyAnswer, Reason
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.kb import BulletinFactory, FaultArticleFactory, ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.django_db
EDIT = "/cms/snippets/kb/faultarticle/edit"
GUIDED = [Reason("under_guidance", "须在杨振华带教下", met=True, params={"guide_name": "杨振华"})]
OVERRIDDEN = [Reason("hours_missing", "还差 3 小时")]
LIMITED = [Reason("certified", "冷库维修（限制：不碰氨）", met=True, params={"limit": "不碰氨"})]


@pytest.fixture
def machine():
    return EquipmentModelFactory()


@pytest.fixture
def author(hq):
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.EDITOR])


@pytest.fixture
def specialist(hq, machine, author):
    person = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    certificate_for(person, SchemeFactory(scopes=[machine.category]))
    return person


@pytest.fixture
def draft(machine, author):
    article = FaultArticleFactory(
        category=machine.category, equipment=[machine], severity=Severity.DANGER, published=False
    )
    article.save_revision(user=author)
    return FaultArticle.objects.get(pk=article.pk)


def publish_now(article, user):
    article.latest_revision.publish(user=user, skip_permission_checks=True)


def test_one_person_alone_does_not_publish_danger(draft, author):
    with pytest.raises(ReviewMissing):
        publish_now(draft, author)
    review_of_own = (draft.get_latest_revision_as_object(), author, ReviewDecision.APPROVED)
    with pytest.raises(NotAReviewer):
        review(*review_of_own)


def test_an_approved_draft_is_published_and_other_words_are_not(draft, author, specialist):
    row = review(draft.get_latest_revision_as_object(), specialist, ReviewDecision.APPROVED)
    assert row.gate[0]["equipment"] == draft.equipment.get().code
    changed = draft.get_latest_revision_as_object()
    changed.symptom = "审核后又改了"
    revision = changed.save_revision(user=author)
    with pytest.raises(ReviewMissing):
        revision.publish(user=author, skip_permission_checks=True)
    draft.revisions.order_by("pk").first().publish(user=author, skip_permission_checks=True)
    assert FaultArticle.objects.get(pk=draft.pk).live


def test_an_author_reviews_nothing_of_their_own(draft, specialist):
    edited = draft.get_latest_revision_as_object()
    edited.save_revision(user=specialist)
    with pytest.raises(OwnWork):
        review(edited, specialist, ReviewDecision.APPROVED)


def test_an_unqualified_reviewer_is_told_why(draft, hq):
    trainer = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    with pytest.raises(UnqualifiedReviewer) as refused:
        review(draft.get_latest_revision_as_object(), trainer, ReviewDecision.APPROVED)
    assert refused.value.code == "reviewer_not_qualified"
    assert draft.equipment.get().name in str(refused.value)
    assert review(draft.get_latest_revision_as_object(), trainer, ReviewDecision.CHANGES, comment="缺断电步骤")


@pytest.mark.parametrize("reasons", [GUIDED, OVERRIDDEN, LIMITED])
def test_who_may_do_it_only_with_help_approves_nothing(draft, specialist, monkeypatch, reasons):
    monkeypatch.setattr(duty, "_gates", [lambda asked: [DutyAnswer(one, True, reasons) for one in asked]])
    with pytest.raises(UnqualifiedReviewer) as refused:
        review(draft.get_latest_revision_as_object(), specialist, ReviewDecision.APPROVED)
    assert reasons[0].message in str(refused.value)


def test_a_bulletin_that_names_machines_without_a_category_asks_the_gate(machine, hq, author):
    bulletin = BulletinFactory(kind=BulletinKind.RECALL, category=None, equipment=[machine], published=False)
    trainer = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    with pytest.raises(UnqualifiedReviewer):
        review(bulletin, trainer, ReviewDecision.APPROVED)


def test_harmless_content_needs_nobody_else(machine, author):
    article = FaultArticleFactory(category=machine.category, severity=Severity.MINOR, published=False)
    article.save_revision(user=author).publish(user=author, skip_permission_checks=True)
    assert FaultArticle.objects.get(pk=article.pk).live


def test_the_workflow_publishes_what_a_specialist_approves(draft, author, specialist, client_of):
    ensure_workflow()
    state = draft.get_workflow().start(draft, author)
    page = client_of(specialist).get(f"{EDIT}/{draft.pk}/").content.decode()
    assert "批准" in page
    task_state = state.current_task_state
    client_of(specialist).post(f"/cms/snippets/kb/faultarticle/workflow/action/{draft.pk}/approve/{task_state.pk}/", {})
    assert ContentReview.objects.get().reviewer == specialist
    assert FaultArticle.objects.get(pk=draft.pk).live
    assert WorkflowState.objects.get(pk=state.pk).status == WorkflowState.STATUS_APPROVED


def test_the_workflow_refuses_an_unqualified_reviewer(draft, author, hq, client_of):
    ensure_workflow()
    state = draft.get_workflow().start(draft, author)
    trainer = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    address = f"/cms/snippets/kb/faultarticle/workflow/action/{draft.pk}/approve/{state.current_task_state.pk}/"
    answer = client_of(trainer).post(address, {})
    assert answer.status_code == 403
    assert not FaultArticle.objects.get(pk=draft.pk).live


def test_an_edition_that_warns_of_danger_waits_for_a_second_person(hq, author, machine, client_of):
    edition = ManualEditionFactory(published=False, manual__category=machine.category)
    chapter = edition.chapters.first()
    chapter.body = [("safety", {"level": "danger", "text": "<p>先断电</p>"}), ("text", "<p>再打开</p>")]
    chapter.save()
    with pytest.raises(ReviewMissing):
        publish_edition(edition, decisions=CitationChoice.STAY, by=author)
    person = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    certificate_for(person, SchemeFactory(scopes=[machine.category]))
    address = f"/cms/kb/editions/{edition.pk}/review/"
    client = client_of(person)
    seen = client.get(address).context["form"]["seen"].value()
    chapter.body = [("safety", {"level": "danger", "text": "<p>不用断电</p>"})]
    chapter.save()
    changed = client.post(address, {"decision": "approved", "comment": "可以", "seen": seen})
    assert changed.status_code == 409
    assert not ContentReview.objects.exists(), "approved in words the approver has not seen"
    assert client.post(address, {"decision": "approved", "comment": ""}).status_code == 409
    again = {"decision": "approved", "comment": "", "seen": changed.context["form"]["seen"].value()}
    assert client.post(address, again).status_code == 302
    assert publish_edition(edition, decisions=CitationChoice.STAY, by=author).is_published


def test_who_may_not_review_has_no_page(author, client_of):
    edition = ManualEditionFactory(published=False)
    assert client_of(author).get(f"/cms/kb/editions/{edition.pk}/review/").status_code in (302, 403)

"""Who holds the right of review, and no access to the editing area, reads, compares, approves and refuses drafts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import TaskState

from kb.control.workflow import ensure_workflow
from kb.enums import Severity
from kb.models import ContentReview, FaultArticle
from kb.reviewing.tiles import SHOWN
from kb.translations.domain import save_translation
from portal.access.roles import synchronise_roles
from portal.enums import Role
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine():
    return EquipmentModelFactory()


@pytest.fixture
def author(hq):
    synchronise_roles()
    ensure_workflow()
    return PersonFactory(organisation=hq, roles=[Role.EDITOR])


@pytest.fixture
def assessor(hq, author, machine):
    person = PersonFactory(organisation=hq, roles=[Role.ASSESSOR])
    certificate_for(person, SchemeFactory(scopes=[machine.category]))
    return person


@pytest.fixture
def article(author, machine):
    """A dangerous article readers have, with a draft its author sent in."""
    article = FaultArticleFactory(
        title="排水泵不转", symptom="有积水", category=machine.category, equipment=[machine], severity=Severity.DANGER
    )
    draft = FaultArticle.objects.get(pk=article.pk)
    draft.symptom = "洗完有积水"
    draft.save_revision(user=author)
    stored = FaultArticle.objects.get(pk=article.pk)
    stored.get_workflow().start(stored, author)
    return article


def address(kind, record):
    return reverse("kb:review", args=[kind, record.pk])


def seen_in(page):
    return page.context["form"]["seen"].value()


def test_assessor_without_the_editing_area_reads_compares_and_approves(client_of, assessor, article):
    client = client_of(assessor)
    assert client.get("/cms/").status_code in (302, 403)
    assert article.title in client.get(reverse("kb:reviews")).content.decode()
    page = client.get(address("article", article))
    assert "<ins>洗完</ins>" in page.content.decode()
    whole = client.get(reverse("kb:review_draft", args=["article", article.pk])).content.decode()
    assert "洗完有积水" in whole
    answer = client.post(address("article", article), {"act": "approve", "seen": seen_in(page), "comment": "看过"})
    assert answer.url == reverse("kb:reviews")
    assert FaultArticle.objects.get(pk=article.pk).symptom == "洗完有积水"
    row = ContentReview.objects.get()
    assert (row.reviewer, row.decision, row.comment) == (assessor, "approved", "看过")
    assert client.get(address("article", article)).status_code == 409


def test_changes_are_asked_for_with_words_and_the_draft_goes_back(client_of, assessor, article):
    client = client_of(assessor)
    seen = seen_in(client.get(address("article", article)))
    assert client.post(address("article", article), {"act": "changes", "seen": seen}).status_code == 422
    answer = client.post(address("article", article), {"act": "changes", "seen": seen, "comment": "写清断电"})
    assert answer.status_code == 302
    assert FaultArticle.objects.get(pk=article.pk).symptom == "有积水"
    assert TaskState.objects.get().status == TaskState.STATUS_REJECTED
    assert ContentReview.objects.get().comment == "写清断电"


def test_a_draft_changed_meanwhile_is_not_approved(client_of, assessor, article):
    client = client_of(assessor)
    client.get(address("article", article))
    assert client.post(address("article", article), {"act": "approve", "seen": "0" * 64}).status_code == 409
    assert not ContentReview.objects.exists()


def test_who_may_not_do_the_work_may_ask_for_changes_only(client_of, hq, author, article):
    person = PersonFactory(organisation=hq, roles=[Role.ASSESSOR])
    client = client_of(person)
    page = client.get(address("article", article))
    assert page.context["refusal"] is not None
    assert 'value="approve"' not in page.content.decode()
    seen = {"seen": seen_in(page)}
    assert client.post(address("article", article), {"act": "approve", **seen}).status_code == 403
    assert client.post(address("article", article), {"act": "changes", "comment": "不清楚", **seen}).status_code == 302


def test_authors_and_people_without_the_right_are_refused(client_of, engineer, author, article):
    assert client_of(engineer).get(reverse("kb:reviews")).status_code == 403
    for reader in (engineer, author):
        assert client_of(reader).get(address("article", article)).status_code == 403
    assert client_of(None).get(address("article", article)).status_code == 302


def test_a_dangerous_edition_and_its_comparison_are_open_to_who_reviews_it(client_of, assessor, machine):
    published = ManualEditionFactory(manual__category=machine.category)
    draft = ManualEditionFactory(manual=published.manual, published=False, chapters=[])
    warning = ("safety", {"level": "danger", "text": "<p>先断电</p>"})
    ManualChapterFactory(edition=draft, number="1", title="安全", body=[warning])
    client = client_of(assessor)
    assert str(draft) in client.get(reverse("kb:reviews")).content.decode()
    page = client.get(address("edition", draft))
    assert client.get(page.context["compared_url"]).status_code == 200
    assert "先断电" in client.get(reverse("kb:review_draft", args=["edition", draft.pk])).content.decode()
    assert client.post(address("edition", draft), {"act": "approve", "seen": seen_in(page)}).status_code == 302
    assert not client.get(reverse("kb:reviews")).context["page_obj"].object_list


def test_a_translation_stands_beside_its_source(client_of, assessor, author, machine):
    article = FaultArticleFactory(
        title="排水泵不转", category=machine.category, equipment=[machine], severity=Severity.DANGER
    )
    draft = save_translation(article, "en", {"title": "Drain pump does not turn"}, by=author)
    client = client_of(assessor)
    page = client.get(address("translation", draft))
    html = page.content.decode()
    assert html.index("排水泵不转") < html.index("Drain pump does not turn")
    assert client.post(address("translation", draft), {"act": "approve", "seen": seen_in(page)}).status_code == 302
    assert client.get(address("translation", draft)).status_code == 409


def test_home_page_tells_who_has_something_to_review(client_of, assessor, engineer, article):
    assert article.title in client_of(assessor).get("/").content.decode()
    assert reverse("kb:reviews") not in client_of(engineer).get("/").content.decode()


def test_home_page_judges_a_few_drafts_however_many_wait(client_of, assessor, author, machine):
    client = client_of(assessor)

    def price(more):
        for _ in range(more):
            draft = ManualEditionFactory(manual__category=machine.category, published=False, chapters=[])
            warning = ("safety", {"level": "danger", "text": "<p>先断电</p>"})
            ManualChapterFactory(edition=draft, number="1", title="安全", body=[warning])
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/").content.decode()
        return len(captured), page

    once, page = price(SHOWN + 1)
    assert "显示全部" in page
    assert price(4)[0] == once

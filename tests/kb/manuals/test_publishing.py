"""The page on which editors decide on citations, walked without a browser and without scripts."""

import re

import pytest
from django.urls import reverse

from kb.enums import CitationChoice
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.models import EditionVerdict, FaultArticle, ManualEdition
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import AuditEvent, PortalSettings
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory
from tests.factories.portal import PersonFactory
from tests.kb.test_admin import edition_form

pytestmark = pytest.mark.django_db

EDITIONS = "wagtailsnippets_kb_manualedition"
# The verdict on an edition in which only words changed.
NOTHING_TO_DO = {"verdict": "editorial"}


@pytest.fixture
def editor(hq):
    """A trainer, who may publish editions."""
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.TRAINER])


@pytest.fixture
def draft():
    """The draft A/1 after an edition of three chapters: one kept, one renamed, one left out."""
    old = ManualEditionFactory(edition="A/0", chapters=["产品的特点", "常见故障", "维护"])
    made = new_edition(old.manual, "A/1")
    made.chapters.get(number="2").delete()
    made.chapters.get(number="3").delete()
    ManualChapterFactory(edition=made, sort_order=5, number="2", title="风机")
    return made


def cited(draft, number):
    return ManualEdition.objects.get(manual=draft.manual, edition="A/0").chapters.get(number=number)


def page_of(draft):
    return reverse("kb_publish_edition", args=[draft.pk])


def field(article):
    return f"citation-fault-{article.pk}-{article.chapter_id}"


def chosen(html):
    """What a browser would send: every select with its selected option."""
    selects = re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.S)
    values = {name: re.search(r'value="([^"]*)" selected', options).group(1) for name, options in selects}
    return values | NOTHING_TO_DO


def test_publishing_a_draft_with_a_predecessor_leads_to_the_page(client_of, editor, draft):
    form = edition_form(draft, **{"action-publish-edition": "1"})
    form |= {"chapters-TOTAL_FORMS": "1", "chapters-INITIAL_FORMS": "1"}
    response = client_of(editor).post(reverse(f"{EDITIONS}:edit", args=[draft.pk]), form)
    assert response.url == page_of(draft)
    draft.refresh_from_db()
    assert (draft.is_published, draft.changes) == (False, "补充步骤")


def test_first_edition_of_a_manual_is_published_at_once(client_of, editor):
    draft = ManualEditionFactory(published=False, chapters=["结构"])
    form = edition_form(draft, **{"action-publish-edition": "1"})
    client_of(editor).post(reverse(f"{EDITIONS}:edit", args=[draft.pk]), form)
    assert ManualEdition.objects.get(pk=draft.pk).is_published


def test_page_proposes_to_follow_only_where_number_and_title_agree(client_of, editor, draft):
    articles = [FaultArticleFactory(chapter=cited(draft, number)) for number in "123"]
    html = client_of(editor).get(page_of(draft)).content.decode()
    values = chosen(html)
    assert [values[field(article)] for article in articles] == [str(draft.chapters.get(number="1").pk), "stay", "stay"]
    assert "第 2 章在新版次中是“风机”" in html
    assert "跟随后会失效：新版次没有第 3 章" in html
    for article in articles:
        assert str(article) in html
        assert reverse("wagtailsnippets_kb_faultarticle:edit", args=[article.pk]) in html


def test_walk_set_a_chapter_then_one_row_then_publish(client_of, editor, draft):
    client = client_of(editor)
    articles = [FaultArticleFactory(chapter=cited(draft, "2")) for _ in range(3)]
    form = chosen(client.get(page_of(draft)).content.decode())
    assert {form[field(article)] for article in articles} == {"stay"}

    chapter = cited(draft, "2")
    fans = draft.chapters.get(number="2")
    form |= {f"chapter-{chapter.pk}": str(fans.pk), "bulk": str(chapter.pk)}
    form = chosen(client.post(page_of(draft), form).content.decode())
    assert {form[field(article)] for article in articles} == {str(fans.pk)}
    assert not ManualEdition.objects.get(pk=draft.pk).is_published

    form[field(articles[0])] = "drop"
    response = client.post(page_of(draft), form)
    assert response.url == reverse(f"{EDITIONS}:list")
    assert ManualEdition.objects.get(pk=draft.pk).is_published
    found = [FaultArticle.objects.get(pk=article.pk).chapter for article in articles]
    assert found == [None, fans, fans]
    assert AuditEvent.objects.filter(action="kb.edition_published").latest("pk").actor == editor


def test_citation_added_meanwhile_is_marked_and_nothing_is_published(client_of, editor, draft):
    client = client_of(editor)
    FaultArticleFactory(chapter=cited(draft, "1"))
    form = chosen(client.get(page_of(draft)).content.decode())
    late = FaultArticleFactory(chapter=cited(draft, "1"), number="RF-LATE")
    response = client.post(page_of(draft), form)
    html = response.content.decode()
    assert response.status_code == 409
    assert "RF-LATE" in html
    assert "打开页面后新增" in html
    assert not ManualEdition.objects.get(pk=draft.pk).is_published
    again = chosen(html)
    assert field(late) in again
    assert client.post(page_of(draft), again).status_code == 302
    assert ManualEdition.objects.get(pk=draft.pk).is_published


def test_choices_survive_a_refusal(client_of, editor, draft):
    client = client_of(editor)
    article = FaultArticleFactory(chapter=cited(draft, "1"))
    form = chosen(client.get(page_of(draft)).content.decode()) | {field(article): "drop"}
    FaultArticleFactory(chapter=cited(draft, "1"))
    assert chosen(client.post(page_of(draft), form).content.decode())[field(article)] == "drop"


@pytest.mark.parametrize("value", ["follow", "", "99999999999999999999", "１"])
def test_value_nobody_offered_is_no_decision(client_of, editor, draft, value):
    article = FaultArticleFactory(chapter=cited(draft, "1"))
    response = client_of(editor).post(
        page_of(draft), NOTHING_TO_DO | {field(article): value, "citation-x": "stay", "a-b": "drop"}
    )
    assert response.status_code == 409
    assert not ManualEdition.objects.get(pk=draft.pk).is_published


def test_page_of_a_published_edition_says_so(client_of, editor, draft):
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    response = client_of(editor).post(page_of(draft), {}, follow=True)
    assert response.redirect_chain[0][0] == reverse(f"{EDITIONS}:list")
    assert "早已发布" in response.content.decode()
    assert AuditEvent.objects.filter(action="kb.edition_published", subject__endswith=f":{draft.pk}").count() == 1


def test_edition_without_chapters_goes_back_to_the_draft(client_of, editor, draft):
    for chapter in draft.chapters.all():
        chapter.delete()
    assert client_of(editor).post(page_of(draft), NOTHING_TO_DO).url == reverse(f"{EDITIONS}:edit", args=[draft.pk])


def test_page_without_citations_publishes_too(client_of, editor, draft):
    client = client_of(editor)
    assert "没有内容引用 A/0 版的章节" in client.get(page_of(draft)).content.decode()
    client.post(page_of(draft), NOTHING_TO_DO)
    assert ManualEdition.objects.get(pk=draft.pk).is_published


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.DISPATCHER, Role.MANAGER, Role.AUDITOR, Role.CUSTOMER_CONTACT])
@pytest.mark.parametrize("name", ["kb_publish_edition", "kb_edition_citations"])
def test_others_may_neither_look_nor_publish(client_of, hq, draft, role, name):
    synchronise_roles()
    article = FaultArticleFactory(chapter=cited(draft, "1"))
    client = client_of(PersonFactory(organisation=hq, roles=[role]))
    address = reverse(name, args=[draft.pk])
    for response in (client.get(address), client.post(address, {field(article): "drop"})):
        assert response.status_code in (302, 403)
        assert article.title not in response.content.decode()
    assert not ManualEdition.objects.get(pk=draft.pk).is_published
    assert FaultArticle.objects.get(pk=article.pk).chapter == cited(draft, "1")


def test_earlier_citations_start_as_staying_and_move_when_chosen(client_of, editor, draft):
    client = client_of(editor)
    moved, kept = (FaultArticleFactory(chapter=cited(draft, "1")) for _ in range(2))
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    address = reverse("kb_edition_citations", args=[draft.pk])
    form = chosen(client.get(address).content.decode())
    assert {form[field(moved)], form[field(kept)]} == {"stay"}
    target = draft.chapters.get(number="1")
    assert client.post(address, form | {field(moved): str(target.pk)}).url == address
    assert FaultArticle.objects.get(pk=moved.pk).chapter == target
    assert FaultArticle.objects.get(pk=kept.pk).chapter == cited(draft, "1")
    html = client.get(address).content.decode()
    assert field(moved) not in html
    assert field(kept) in html


def test_citations_of_an_earlier_edition_open_at_the_current_one(client_of, editor, draft):
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    earlier = cited(draft, "1").edition
    response = client_of(editor).get(reverse("kb_edition_citations", args=[earlier.pk]))
    assert response.url == reverse("kb_edition_citations", args=[draft.pk])


@pytest.mark.parametrize("articles", [1, 40])
def test_page_asks_a_fixed_number_of_queries(client_of, editor, draft, django_assert_num_queries, articles):
    for number in range(articles):
        FaultArticleFactory(chapter=cited(draft, str(number % 3 + 1)))
    client = client_of(editor)
    PortalSettings.load()
    client.get(page_of(draft))
    with django_assert_num_queries(26):
        assert client.get(page_of(draft)).status_code == 200


@pytest.mark.parametrize(
    "verdict", [{}, {"verdict": "whatever"}, {"verdict": "must_read", "grace_until": "2020-01-01"}]
)
def test_edition_is_not_published_without_a_verdict_that_can_be_kept(client_of, editor, draft, verdict):
    client_of(editor).post(page_of(draft), verdict)
    draft.refresh_from_db()
    assert not draft.is_published


def test_editor_gives_a_verdict_with_a_day(client_of, editor, draft):
    client_of(editor).post(page_of(draft), {"verdict": "must_read", "grace_until": "2126-01-01"})
    given = EditionVerdict.objects.get(edition=draft)
    assert (given.kind, given.grace_until.isoformat(), given.given_by) == ("must_read", "2126-01-01", editor)

"""The editing area: who may write, and that what is published there can be read."""

import json

import pytest
from django.urls import reverse

from kb.models import FaultArticle, ManualChapter, ManualEdition
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory, ManualFactory
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory, PersonFactory

ARTICLES = "wagtailsnippets_kb_faultarticle"
EDITIONS = "wagtailsnippets_kb_manualedition"


@pytest.fixture
def editor(hq):
    """A trainer, who may write."""
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.TRAINER])


def rows(prefix: str, entries: list[dict], initial: int = 0) -> dict[str, str]:
    """The fields of one part of a form."""
    fields = {f"{prefix}-TOTAL_FORMS": str(len(entries)), f"{prefix}-INITIAL_FORMS": str(initial)}
    fields |= {f"{prefix}-MIN_NUM_FORMS": "0", f"{prefix}-MAX_NUM_FORMS": "1000"}
    for position, entry in enumerate(entries):
        fields |= {f"{prefix}-{position}-{name}": str(value) for name, value in entry.items()}
        fields |= {f"{prefix}-{position}-ORDER": str(position + 1), f"{prefix}-{position}-DELETE": ""}
        fields.setdefault(f"{prefix}-{position}-id", "")
        if prefix in ("pairs", "steps"):
            fields.setdefault(f"{prefix}-{position}-pictures-count", "0")
    return fields


def article_form(category, **changes) -> dict[str, str]:
    """What the browser sends for a complete article."""
    fields = {
        "number": "RF-FAN",
        "title": "H7 冷凝风机不转",
        "symptom": "风机不转",
        "category": str(category.pk),
        "severity": "stop",
        "stage": "after_sales",
        "audience": "staff",
        "recovery": "unknown",
        "task": "repair",
        "verification": "secondary",
        "pictures-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    fields |= rows("codes", [{"code": "H7"}])
    fields |= rows("safety_notes", [{"text": "先断电挂牌", "basis": "domain"}])
    pair = {
        "cause": "电容失效",
        "check_text": "量电容",
        "remedy": "更换",
        "where": "site",
        "part": "",
        "basis": "domain",
    }
    fields |= rows("pairs", [pair])
    fields |= rows("sources", [])
    fields |= rows("relations", [])
    return fields | changes


def test_trainer_publishes_an_article_that_staff_read_at_once(client_of, editor, engineer):
    machine = EquipmentModelFactory()
    form = article_form(machine.category, **{"action-publish": "1", "equipment": [machine.pk]})
    response = client_of(editor).post(reverse(f"{ARTICLES}:add"), form)
    assert response.status_code == 302
    article = FaultArticle.objects.get(number="RF-FAN")
    assert article.live
    assert list(article.equipment.all()) == [machine]
    assert AuditEvent.objects.get(action="kb.fault_published").actor == editor
    html = client_of(engineer).get("/kb/faults/RF-FAN/").content.decode()
    assert "先断电挂牌" in html
    assert "更换" in html


def test_draft_may_lack_safety_and_is_not_readable(client_of, editor, engineer):
    form = article_form(EquipmentCategoryFactory(), **rows("safety_notes", []), **rows("pairs", []))
    response = client_of(editor).post(reverse(f"{ARTICLES}:add"), form)
    assert response.status_code == 302
    assert not FaultArticle.objects.get(number="RF-FAN").live
    assert client_of(engineer).get("/kb/faults/RF-FAN/").status_code == 404


@pytest.mark.parametrize(
    ("missing", "words"),
    [("safety_notes", "请至少写一条安全提示"), ("pairs", "请至少写一条原因")],
)
def test_publishing_an_incomplete_article_says_what_is_missing(client_of, editor, missing, words):
    form = article_form(EquipmentCategoryFactory(), **rows(missing, []), **{"action-publish": "1"})
    response = client_of(editor).post(reverse(f"{ARTICLES}:add"), form)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not FaultArticle.objects.exists()


@pytest.mark.parametrize("publish", [{}, {"action-publish": "1"}])
def test_code_of_another_article_is_refused_with_its_number(client_of, editor, publish):
    category = EquipmentCategoryFactory()
    FaultArticleFactory(number="RF-OLD", category=category, codes=["H7"])
    response = client_of(editor).post(reverse(f"{ARTICLES}:add"), article_form(category, **publish))
    assert response.status_code == 200
    assert "RF-OLD" in response.content.decode()


def test_editing_a_published_article_as_draft_leaves_readers_the_published_one(client_of, editor, engineer):
    article = FaultArticleFactory(number="RF-FAN", title="旧标题")
    form = article_form(article.category, title="新标题")
    response = client_of(editor).post(reverse(f"{ARTICLES}:edit", args=[article.pk]), form)
    assert response.status_code == 302
    html = client_of(engineer).get("/kb/faults/RF-FAN/").content.decode()
    assert "旧标题" in html
    assert "新标题" not in html


def test_unpublishing_in_the_admin_hides_the_article_and_is_recorded(client_of, editor, engineer):
    article = FaultArticleFactory()
    client_of(editor).post(reverse(f"{ARTICLES}:unpublish", args=[article.pk]))
    assert client_of(engineer).get(article.get_absolute_url()).status_code == 404
    withdrawn = AuditEvent.objects.get(action="kb.fault_withdrawn")
    assert withdrawn.detail["changes"] == [{"field": "live", "old": True, "new": False}]
    assert withdrawn.actor is not None


def test_preview_shows_the_unsaved_article_in_the_readers_page(client_of, editor):
    client = client_of(editor)
    address = reverse(f"{ARTICLES}:preview_on_add")
    answer = client.post(address, article_form(EquipmentCategoryFactory()))
    assert json.loads(answer.content)["is_valid"]
    html = client.get(address).content.decode()
    assert "先断电挂牌" in html
    assert "H7" in html
    assert not FaultArticle.objects.exists()


@pytest.mark.parametrize("view", ["list", "add"])
def test_lists_and_forms_open_for_editors_in_chinese(client_of, editor, view):
    FaultArticleFactory(codes=["E6"])
    ManualEditionFactory()
    for model, name in (("faultarticle", "故障文章"), ("manual", "手册"), ("manualedition", "手册版次")):
        response = client_of(editor).get(reverse(f"wagtailsnippets_kb_{model}:{view}"))
        assert response.status_code == 200
        assert name in response.content.decode()


def test_history_and_revision_preview_open(client_of, editor):
    article = FaultArticleFactory()
    client = client_of(editor)
    assert client.get(reverse(f"{ARTICLES}:history", args=[article.pk])).status_code == 200
    revision = article.live_revision_id
    assert client.get(reverse(f"{ARTICLES}:revisions_view", args=[article.pk, revision])).status_code == 200


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.DISPATCHER, Role.MANAGER, Role.AUDITOR, Role.CUSTOMER_CONTACT])
def test_others_may_not_write(client_of, hq, role):
    synchronise_roles()
    article = FaultArticleFactory()
    manual = ManualEditionFactory().manual
    client = client_of(PersonFactory(organisation=hq, roles=[role]))
    before = FaultArticle.objects.count()
    for address in (
        reverse(f"{ARTICLES}:add"),
        reverse(f"{ARTICLES}:edit", args=[article.pk]),
        reverse(f"{ARTICLES}:delete", args=[article.pk]),
        reverse("kb_new_edition", args=[manual.pk]),
    ):
        response = client.post(address, article_form(article.category, **{"action-publish": "1"}))
        assert response.status_code in (302, 403)
    article.refresh_from_db()
    assert (FaultArticle.objects.count(), article.live, ManualEdition.objects.count()) == (before, True, 1)


def edition_form(draft: ManualEdition, **changes) -> dict[str, str]:
    """What the browser sends for a draft edition with one chapter of one paragraph."""
    chapter = draft.chapters.first()
    fields = {
        "manual": str(draft.manual_id),
        "edition": draft.edition,
        "document_number": "",
        "changes": "补充步骤",
    }
    text = json.dumps({"blocks": [{"key": "a", "text": "新的一段", "type": "unstyled"}], "entityMap": {}})
    body = {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": text,
    }
    entry = {"id": chapter.pk, "number": chapter.number, "title": chapter.title, "topic": ""} | body
    return fields | rows("chapters", [entry], initial=1) | changes


def test_trainer_starts_writes_and_publishes_an_edition(client_of, editor, engineer):
    current = ManualEditionFactory(edition="A/0", chapters=["结构"])
    client = client_of(editor)
    response = client.post(reverse("kb_new_edition", args=[current.manual_id]), {"name": "A/1", "changes": "补充"})
    draft = ManualEdition.objects.get(edition="A/1")
    assert response.url == reverse(f"{EDITIONS}:edit", args=[draft.pk])
    form = edition_form(draft, **{"action-publish-edition": "1"})
    deciding = client.post(response.url, form).url
    assert deciding == reverse("kb_publish_edition", args=[draft.pk])
    assert client.post(deciding, {"verdict": "editorial"}).status_code == 302
    draft.refresh_from_db()
    assert draft.is_published
    assert AuditEvent.objects.get(action="kb.edition_published", subject__endswith=f":{draft.pk}").actor == editor
    assert "新的一段" in client_of(engineer).get(current.manual.get_absolute_url()).content.decode()


def test_saving_an_edition_without_publishing_keeps_it_a_draft(client_of, editor):
    draft = ManualEditionFactory(published=False, chapters=["结构"])
    client_of(editor).post(reverse(f"{EDITIONS}:edit", args=[draft.pk]), edition_form(draft))
    draft.refresh_from_db()
    assert (draft.is_published, draft.changes) == (False, "补充步骤")


def test_preview_of_a_draft_edition_is_the_readers_page(client_of, editor):
    draft = ManualEditionFactory(published=False, chapters=["结构"])
    client = client_of(editor)
    address = reverse(f"{EDITIONS}:preview_on_edit", args=[draft.pk])
    assert json.loads(client.post(address, edition_form(draft)).content)["is_valid"]
    html = client.get(address).content.decode()
    assert "新的一段" in html
    assert "草稿" in html


@pytest.mark.parametrize("view", ["edit", "delete"])
def test_published_edition_cannot_be_opened_for_change(client_of, editor, view):
    edition = ManualEditionFactory(chapters=["结构"])
    response = client_of(editor).post(
        reverse(f"{EDITIONS}:{view}", args=[edition.pk]), edition_form(edition), follow=True
    )
    assert response.redirect_chain[0][0] == reverse(f"{EDITIONS}:list")
    assert "已发布，保持原样" in response.content.decode()
    assert ManualChapter.objects.get(edition=edition).title == "结构"


def test_starting_an_edition_twice_is_refused_in_the_form(client_of, editor):
    manual = ManualFactory()
    address = reverse("kb_new_edition", args=[manual.pk])
    client = client_of(editor)
    client.post(address, {"name": "A/0", "changes": ""})
    response = client.post(address, {"name": "A/1", "changes": ""})
    assert response.status_code == 200
    assert "请在那里继续编辑" in response.content.decode()


def test_saving_a_draft_keeps_old_and_new_of_fields_and_rows(client_of, editor):
    client = client_of(editor)
    form = article_form(EquipmentCategoryFactory())
    client.post(reverse(f"{ARTICLES}:add"), form)
    article = FaultArticle.objects.get(number="RF-FAN")
    code = article.codes.get()
    changed = form | rows("codes", [{"id": code.pk, "code": "H8"}], initial=1) | {"title": "H8 冷凝风机不转"}
    for name in ("safety_notes", "pairs"):
        changed |= {f"{name}-INITIAL_FORMS": "1", f"{name}-0-id": str(getattr(article, name).get().pk)}
    answer = client.post(reverse(f"{ARTICLES}:edit", args=[article.pk]), changed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert AuditEvent.objects.get(action="kb.faultarticle_changed").detail["changes"] == [
        {"field": "title", "old": "H7 冷凝风机不转", "new": "H8 冷凝风机不转"},
        {"field": "codes[1]", "old": {"code": "H7"}, "new": {"code": "H8"}},
    ]

"""The page on which editors translate, and who may open it; search and its API in two languages."""

import pytest
from django.conf import settings
from django.urls import reverse

from kb.enums import Severity
from kb.faults.search import fault_documents, faults
from kb.models import ContentTranslation
from kb.translations.domain import draft_of, publish_translation, save_translation, state_of, translation_for
from kb.translations.passages import pair_key
from kb.translations.views import manual_url, translate_url
from portal.access.roles import synchronise_roles
from portal.enums import Audience, Role, Tier
from portal.search.indexing.documents import to_engine
from portal.search.query.lexicon_loading import forget_lexicon
from portal.search.results import service
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


@pytest.fixture
def article():
    return FaultArticleFactory(title="不制冷", symptom="柜温不降", audience=Audience.STAFF)


def save(client, article, words, **further):
    draft = draft_of(translation_for(article, "en"))
    return client.post(translate_url(article), {"act": "save", "seen": state_of(draft, article)} | words | further)


def test_an_editor_translates_saves_and_publishes(client_of, editor, article):
    client = client_of(editor)
    html = client.get(translate_url(article)).content.decode()
    assert 'lang="zh-Hans"' in html
    assert "柜温不降" in html
    assert 'name="symptom"' in html
    remedy = pair_key(article.pairs.get(), "remedy")
    assert save(client, article, {"title": "No cooling", remedy: "Clean it", "number": "X-1"}).status_code == 302
    version = draft_of(ContentTranslation.objects.get())
    assert version.words == {"title": "No cooling", remedy: "Clean it"}
    assert not version.live
    assert client.post(translate_url(article), {"act": "publish"}).status_code == 302
    assert ContentTranslation.objects.get().live
    assert "?in=en" in client.get(translate_url(article)).content.decode()
    client.post(translate_url(article), {"act": "withdraw"})
    assert not ContentTranslation.objects.get().live


def test_what_was_typed_stays_when_the_draft_is_newer(client_of, editor, article):
    save_translation(article, "en", {"title": "Theirs"})
    response = client_of(editor).post(translate_url(article), {"act": "save", "seen": "old", "title": "Mine"})
    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert draft_of(ContentTranslation.objects.get()).words == {"title": "Theirs"}


def test_a_changed_passage_is_marked_and_confirmed_by_a_tick(client_of, editor, article):
    publish_translation(save_translation(article, "en", {"title": "No cooling", "symptom": "Stays warm"}))
    article.symptom = "柜温升高"
    article.save()
    article.save_revision().publish(skip_permission_checks=True)
    client = client_of(editor)
    html = client.get(translate_url(article)).content.decode()
    assert 'name="confirmed-symptom"' in html
    assert "<ins>" in html
    kept = {"title": "No cooling", "symptom": "Stays warm"}
    save(client, article, kept)
    assert 'name="confirmed-symptom"' in client.get(translate_url(article)).content.decode()
    save(client, article, kept, **{"confirmed-symptom": "on"})
    assert 'name="confirmed-symptom"' not in client.get(translate_url(article)).content.decode()


def test_a_qualified_second_person_approves_danger_on_the_page(client_of, hq, editor):
    machine = EquipmentModelFactory()
    article = FaultArticleFactory(category=machine.category, equipment=[machine], severity=Severity.DANGER)
    specialist = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    certificate_for(specialist, SchemeFactory(scopes=[machine.category]))
    writing, judging = client_of(editor), client_of(specialist)
    save(writing, article, {"title": "No cooling"})
    assert writing.post(translate_url(article), {"act": "publish"}).status_code == 409
    shown = judging.get(translate_url(article)).context["digest"]
    assert 'value="approve"' not in writing.get(translate_url(article)).content.decode()
    assert judging.post(translate_url(article), {"act": "approve", "digest": "other"}).status_code == 409
    assert judging.post(translate_url(article), {"act": "changes", "digest": shown}).status_code == 422
    assert judging.post(translate_url(article), {"act": "approve", "digest": shown}).status_code == 302
    assert writing.post(translate_url(article), {"act": "publish"}).status_code == 302
    assert ContentTranslation.objects.get().live


def test_others_neither_open_nor_post(client_of, readers, editor, article):
    address = translate_url(article)
    for reader in ("anonymous", "customer", "engineer"):
        client = client_of(readers[reader])
        assert client.get(address).status_code in (302, 403), reader
        assert client.post(address, {"act": "save", "title": "Mine"}).status_code in (302, 403), reader
    assert not ContentTranslation.objects.exists()
    client = client_of(editor)
    assert client.get(reverse("kb_translate", args=["article", article.pk, "fr"])).status_code == 404
    assert client.get(reverse("kb_translate", args=["other", article.pk, "en"])).status_code == 404
    assert client.get(reverse("kb_translate", args=["article", 999999, "en"])).status_code == 404
    assert client.post(address, {"act": "eat"}).status_code == 404
    assert client.post(address, {"act": "publish"}).status_code == 404


def test_an_editor_of_a_customer_finds_nothing_for_staff(client_of, hq, article):
    synchronise_roles()
    person = PersonFactory(organisation=OrganisationFactory(parent=hq, tier=Tier.CUSTOMER), roles=[Role.EDITOR])
    secret = FaultArticleFactory(audience=Audience.STAFF, title="保密")
    publish_translation(save_translation(secret, "en", {"title": "Hushed up"}))
    assert client_of(person).get(translate_url(secret)).status_code == 404
    assert "保密" not in client_of(person).get(reverse("kb_translations")).content.decode()


def test_a_reviewer_who_may_not_write_saves_nothing(client_of, hq, article):
    synchronise_roles()
    reviewer = PersonFactory(organisation=hq, roles=[Role.MANAGER])
    save_translation(article, "en", {"title": "No cooling"})
    client = client_of(reviewer)
    html = client.get(translate_url(article)).content.decode()
    assert 'value="approve"' in html
    assert 'value="save"' not in html
    assert 'value="publish"' not in html
    for act in ("save", "publish", "withdraw"):
        assert client.post(translate_url(article), {"act": act, "title": "Mine"}).status_code in (302, 403)
    version = ContentTranslation.objects.get()
    assert (draft_of(version).words, version.live) == ({"title": "No cooling"}, False)


def test_the_list_says_what_is_behind_in_a_fixed_number_of_queries(client_of, editor, django_assert_max_num_queries):
    client = client_of(editor)
    client.get(reverse("kb_translations"))
    counts = []
    for _round in range(2):
        for _number in range(2):
            publish_translation(save_translation(FaultArticleFactory(), "en", {"title": "Fault"}))
        with django_assert_max_num_queries(60) as captured:
            assert client.get(reverse("kb_translations")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_manual_shows_how_far_each_chapter_is(client_of, editor):
    edition = ManualEditionFactory(chapters=["保养"])
    chapter = edition.chapters.get()
    publish_translation(save_translation(chapter, "en", {"title": "Upkeep"}))
    html = client_of(editor).get(manual_url(edition.manual)).content.decode()
    assert translate_url(chapter) in html
    assert translate_url(edition.manual) in html
    assert client_of(editor).get(translate_url(chapter)).status_code == 200


# --- search ------------------------------------------------------------------------------------------------------


@pytest.fixture
def found(article):
    """The article with its version in the index."""
    remedy = pair_key(article.pairs.get(), "remedy")
    words = {"title": "No cooling", "symptom": "Cabinet stays warm", remedy: "Brush the condenser fins"}
    publish_translation(save_translation(article, "en", words))
    documents = [document for record in faults() for document in fault_documents(record)]
    service.document_engine().rebuild([to_engine(document) for document in documents])
    forget_lexicon()
    yield article
    service.document_engine().rebuild([])


@pytest.mark.parametrize("query", ["condenser fins", "cabinet warm", "no cooling"])
def test_english_words_find_the_article_once_in_the_language_of_the_reader(client_of, engineer, found, query):
    client = client_of(engineer)
    [hit] = client.get("/api/v1/search", {"q": query}).json()["hits"]
    assert (hit["ref"], hit["title"], hit["languages"]) == (found.number, "不制冷", ["zh-hans", "en"])
    [hit] = client.get("/api/v1/search", {"q": query}, headers={"Accept-Language": "en"}).json()["hits"]
    assert hit["title"] == "No cooling"
    client.cookies[COOKIE] = "en"
    html = client.get("/search/", {"q": query}).content.decode()
    # The words that match are marked one by one.
    assert html.count(f'href="{found.get_absolute_url()}"') == 1


def test_chinese_words_show_the_card_in_the_language_of_the_reader(client_of, engineer, found):
    client = client_of(engineer)
    [hit] = client.get("/api/v1/search", {"q": "不制冷"}, headers={"Accept-Language": "en"}).json()["hits"]
    assert (hit["title"], "Brush the condenser fins" in hit["snippet"] or "Cabinet" in hit["snippet"]) == (
        "No cooling",
        True,
    )


def test_who_may_not_open_it_does_not_find_its_english_words(client_of, found):
    assert client_of(None).get("/api/v1/search", {"q": "condenser fins"}).json()["total"] == 0

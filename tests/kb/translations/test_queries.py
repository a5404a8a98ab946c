"""What search knows of versions: words that hold, and no warning without its own words."""

import pytest

from kb.enums import CitationChoice
from kb.faults.domain import publish_fault
from kb.faults.search import fault_documents
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.search import manual_documents
from kb.manuals.verdicts import EDITORIAL
from kb.models import FaultArticle, Manual
from kb.translations.domain import publish_translation, save_translation
from kb.translations.passages import note_key, pair_key
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory

pytestmark = pytest.mark.django_db


def published(source, words):
    publish_translation(save_translation(source, "en", words))


@pytest.fixture
def article():
    pairs = [{"cause": "感染", "remedy": "肌注", "dose": "两毫升", "withdrawal": "3天"}]
    article = FaultArticleFactory(title="腹泻", symptom="水样", aliases="拉稀", safety=["先断电"], pairs=pairs)
    words = {"title": "Diarrhoea", "symptom": "Watery", "aliases": "Runs"}
    words[note_key(article.safety_notes.get())] = "Switch off first"
    for name, text in {"cause": "Infection", "remedy": "Inject", "dose": "Two ml", "withdrawal": "3 days"}.items():
        words[pair_key(article.pairs.get(), name)] = text
    published(article, words)
    return article


def words_of(article):
    [document] = fault_documents(FaultArticle.objects.get(pk=article.pk))
    [words] = document.translations
    return words


def test_a_warning_is_found_in_its_own_words_only(article):
    assert "Inject" in words_of(article).text
    assert "Switch off" not in words_of(article).text


def test_an_article_is_found_by_what_holds_of_its_version(article):
    fresh = FaultArticle.objects.get(pk=article.pk)
    pair = fresh.pairs.all()[0]
    pair.withdrawal, pair.dose = "28天", ""
    fresh.pairs = [pair]
    fresh.title, fresh.symptom, fresh.aliases = "犊牛腹泻", "血便", ""
    publish_fault(fresh)
    words = words_of(article)
    assert (words.title, words.phrases, words.text.splitlines()) == ("", (), ["Infection", "Inject"])


def test_a_chapter_is_found_by_what_holds_of_its_version_without_warnings():
    edition = ManualEditionFactory(published=False, chapters=[])
    body = [
        ("safety", {"level": "warning", "text": "<p>断电</p>"}),
        ("text", "<p>拆下</p>"),
        ("text", "<p>装回</p>"),
    ]
    chapter = ManualChapterFactory(edition=edition, number="1", title="保养", body=body)
    publish_edition(edition, decisions=CitationChoice.STAY)
    chapter.refresh_from_db()
    warning, off, on = (f"body.{block['id']}" for block in chapter.body.raw_data)
    published(chapter, {"title": "Upkeep", warning: "<p>Switch off</p>", off: "<p>Take off</p>", on: "<p>Put on</p>"})
    published(edition.manual, {"title": "Service manual"})
    [document] = manual_documents(edition.manual)
    assert [(words.title, words.text) for words in document.translations] == [
        ("Service manual 1 Upkeep", "Take off\nPut on")
    ]
    draft = new_edition(edition.manual, "Z/9")
    copied = draft.chapters.get()
    raw = list(copied.body.raw_data)
    raw[1] = {**raw[1], "value": "<p>断电后拆下</p>"}
    copied.body, copied.title = copied.body.stream_block.to_python(raw), "大保养"
    copied.save()
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    Manual.objects.filter(pk=edition.manual.pk).update(title="新手册")
    [document] = manual_documents(Manual.objects.get(pk=edition.manual.pk))
    assert [(words.title, words.text) for words in document.translations] == [("新手册 1 大保养", "Put on")]

"""What a reader of another language is shown once the source went on: its own words, never those it dropped."""

import pytest
from django.conf import settings

from kb.enums import CitationChoice
from kb.faults.domain import publish_fault
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.models import FaultArticle
from kb.translations.domain import publish_translation, save_translation
from kb.translations.passages import pair_key
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory

pytestmark = pytest.mark.django_db
TREATMENT = {"cause": "细菌感染", "check_text": "看体温", "remedy": "肌注", "dose": "每千克两毫升", "withdrawal": "3天"}
ENGLISH = {
    "cause": "Bacterial infection",
    "check_text": "Take the temperature",
    "remedy": "Inject",
    "dose": "Two millilitres per kilogram",
    "withdrawal": "3 days",
}
BEHIND = "(translation out of date)"


@pytest.fixture
def article():
    article = FaultArticleFactory(title="腹泻", symptom="水样粪便", pairs=[TREATMENT], tools="注射器\n体温计")
    pair = article.pairs.get()
    words = {pair_key(pair, name): text for name, text in ENGLISH.items()}
    words |= {"title": "Diarrhoea", "symptom": "Watery", "tools": "Syringe\nThermometer"}
    publish_translation(save_translation(article, "en", words))
    return article


def republish(article, **changed):
    fresh = FaultArticle.objects.get(pk=article.pk)
    pair = fresh.pairs.all()[0]
    for name, text in changed.items():
        setattr(pair if hasattr(pair, name) else fresh, name, text)
    fresh.pairs = [pair]
    return publish_fault(fresh)


def read(client_of, reader, address, language="en"):
    client = client_of(reader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    html = client.get(address).content.decode()
    return html[html.index('<main class="page__main"') :]


def test_a_changed_withdrawal_period_and_an_emptied_dose_are_those_of_the_source(client_of, engineer, article):
    assert "3 days" in read(client_of, engineer, article.get_absolute_url())
    republish(article, withdrawal="28天", dose="")
    main = read(client_of, engineer, article.get_absolute_url())
    assert "3 days" not in main
    assert "Two millilitres" not in main
    assert f'<span lang="zh-Hans">28天</span> <small class="muted">{BEHIND}</small>' in main
    assert "Inject" in main


@pytest.mark.parametrize("figure", ["28", "—"])
def test_what_became_a_mere_figure_is_that_figure(client_of, engineer, article, figure):
    republish(article, withdrawal=figure)
    assert "3 days" not in read(client_of, engineer, article.get_absolute_url())


@pytest.mark.parametrize("name", ["remedy", "check_text", "cause", "tools", "symptom"])
def test_every_changed_passage_stands_in_the_words_of_the_source(client_of, engineer, article, name):
    republish(article, **{name: "另作处理"})
    main = read(client_of, engineer, article.get_absolute_url())
    old = ENGLISH.get(name) or {"tools": "Syringe", "symptom": "Watery"}[name]
    assert old not in main
    assert f'<span lang="zh-Hans">另作处理</span> <small class="muted">{BEHIND}</small>' in main


def test_a_chinese_screen_that_asks_for_the_version_is_told_as_well(client_of, engineer, article):
    republish(article, withdrawal="28天")
    main = read(client_of, engineer, f"{article.get_absolute_url()}?in=en", "zh-hans")
    assert '<span lang="en">Inject</span>' in main
    assert "28天 <small" in main
    assert "3 days" not in main


def test_what_is_fresh_or_was_never_translated_says_nothing_of_it(client_of, engineer, article):
    assert BEHIND not in read(client_of, engineer, article.get_absolute_url())
    republish(article, distinction="新增的区别")
    main = read(client_of, engineer, article.get_absolute_url())
    assert '<span lang="zh-Hans">新增的区别</span>' in main
    assert BEHIND not in main


def test_a_list_names_an_article_by_the_title_it_has_now(client_of, engineer, article):
    assert "Diarrhoea" in read(client_of, engineer, "/kb/faults/")
    republish(article, title="犊牛腹泻")
    main = read(client_of, engineer, "/kb/faults/")
    assert "犊牛腹泻" in main
    assert "Diarrhoea" not in main


def test_a_changed_text_or_cell_of_a_chapter_stands_in_the_words_of_the_source(client_of, engineer):
    edition = ManualEditionFactory(published=False, chapters=[])
    body = [
        ("text", "<p>拆下罩板</p>"),
        ("text", "<p>装回罩板</p>"),
        ("table", {"data": [["药物", "休药期"], ["甲", "3天"]]}),
    ]
    chapter = ManualChapterFactory(edition=edition, number="1", title="用药", body=body)
    publish_edition(edition, decisions=CitationChoice.STAY)
    chapter.refresh_from_db()
    off, on, table = (f"body.{block['id']}" for block in chapter.body.raw_data)
    words = {"title": "Drugs", off: "<p>Take it off</p>", on: "<p>Put it back</p>", f"{table}.0.0": "Drug"}
    words |= {f"{table}.0.1": "Withdrawal", f"{table}.1.0": "Alpha", f"{table}.1.1": "3 days"}
    publish_translation(save_translation(chapter, "en", words))
    draft = new_edition(edition.manual, "Z/9")
    copied = draft.chapters.get()
    raw = list(copied.body.raw_data)
    raw[0] = {**raw[0], "value": "<p>断电后拆下罩板</p>"}
    raw[2] = {**raw[2], "value": {**raw[2]["value"], "data": [["药物", "休药期"], ["甲", "28天"]]}}
    copied.body = copied.body.stream_block.to_python(raw)
    copied.save()
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    main = read(client_of, engineer, edition.manual.get_absolute_url())
    assert "Put it back" in main
    assert "断电后拆下罩板" in main
    assert "<td>28天</td>" in main
    for gone in ("Take it off", "3 days"):
        assert gone not in main
    assert main.count("The translation of this passage is out of date.") == 2

"""Versions in another language: written beside the source, approved and published like it, behind when it goes on."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation as languages

from kb.control.domain import review
from kb.control.errors import OwnWork
from kb.enums import CitationChoice, ReviewDecision, Severity
from kb.errors import ReviewMissing
from kb.faults.domain import publish_fault, withdraw_fault
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.models import ContentTranslation, FaultArticle
from kb.translations.domain import (
    draft_of,
    publish_translation,
    save_translation,
    state_of,
    translation_for,
    withdraw_translation,
)
from kb.translations.errors import SourceNotPublished, TitleUntranslated, TranslationChanged
from kb.translations.languages import Words, tag_of
from kb.translations.passages import note_key, pair_key, passages_of
from kb.translations.staleness import changes_of
from portal.access.roles import synchronise_roles
from portal.enums import Audience, Role
from portal.models import AuditEvent
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME
PAIRS = [
    {"cause": "冷凝器脏堵", "check_text": "看翅片", "remedy": "清洗冷凝器"},
    {"cause": "缺制冷剂", "remedy": "补 R404A"},
]


@pytest.fixture
def article():
    return FaultArticleFactory(
        title="不制冷", symptom="柜温不降", safety=["先断电挂牌"], pairs=PAIRS, tools="压力表\n万用表"
    )


def english(article, **further):
    dirty, empty = article.pairs.order_by("pk")
    return {
        "title": "No cooling",
        "symptom": "The cabinet stays warm",
        "tools": "Gauge set\nMultimeter",
        note_key(article.safety_notes.get()): "Switch off and tag out first",
        pair_key(dirty, "cause"): "Condenser clogged",
        pair_key(dirty, "remedy"): "Clean the condenser",
        pair_key(empty, "cause"): "Refrigerant lost",
    } | further


def published(source, words, by=None):
    return publish_translation(save_translation(source, "en", words, by=by), by=by)


def republish(article, change):
    fresh = FaultArticle.objects.get(pk=article.pk)
    change(fresh)
    return publish_fault(fresh)


def page(client_of, reader, address, language=""):
    client = client_of(reader)
    if language:
        client.cookies[COOKIE] = language
    return client.get(address)


# --- verbs -------------------------------------------------------------------------------------------------------


def test_a_version_is_one_per_record_and_language_and_its_number_is_that_of_the_record(article):
    published(article, english(article))
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentTranslation.objects.create(article=article, language="en")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContentTranslation.objects.create(language="en")
    assert not FaultArticle.objects.exclude(pk=article.pk).filter(number=article.number).exists()


@pytest.mark.parametrize("language", ["zh-hans", "fr", ""])
def test_only_other_languages_of_the_portal_are_translated_into(article, language):
    with pytest.raises(ValidationError):
        save_translation(article, language, english(article))


def test_only_what_readers_have_is_translated():
    article = FaultArticleFactory(published=False)
    with pytest.raises(SourceNotPublished):
        save_translation(article, "en", {"title": "No cooling"})


def test_a_version_without_title_stays_a_draft(article):
    draft = save_translation(article, "en", {"symptom": "Warm"})
    with pytest.raises(TitleUntranslated):
        publish_translation(draft)
    assert not ContentTranslation.objects.get().live


def test_the_revision_it_was_made_from_is_kept_and_the_acts_are_audited(article, editor):
    version = published(article, english(article), by=editor)
    assert (version.source_revision, version.translator) == (article.live_revision_id, editor)
    acts = AuditEvent.objects.filter(action__startswith="kb.translation_").order_by("pk")
    assert list(acts.values_list("action", "actor")) == [
        ("kb.translation_saved", editor.pk),
        ("kb.translation_published", editor.pk),
    ]


def test_a_draft_is_not_read_and_a_withdrawn_version_is_the_source_again(client_of, engineer, article):
    version = published(article, english(article))
    save_translation(article, "en", english(article, title="Nothing cools"))
    html = page(client_of, engineer, article.get_absolute_url(), "en").content.decode()
    assert "No cooling" in html
    assert "Nothing cools" not in html
    withdraw_translation(version)
    html = page(client_of, engineer, article.get_absolute_url(), "en").content.decode()
    assert "No cooling" not in html
    assert "不制冷" in html
    assert draft_of(translation_for(article, "en")).words["title"] == "Nothing cools"


def test_dangerous_words_are_not_published_by_one_person_alone(hq):
    synchronise_roles()
    machine = EquipmentModelFactory()
    article = FaultArticleFactory(
        category=machine.category, equipment=[machine], severity=Severity.DANGER, pairs=PAIRS, safety=["先断电"]
    )
    translator = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    specialist = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    certificate_for(specialist, SchemeFactory(scopes=[machine.category]))
    draft = save_translation(article, "en", english(article), by=translator)
    with pytest.raises(ReviewMissing):
        publish_translation(draft, by=translator)
    with pytest.raises(OwnWork):
        review(draft, translator, ReviewDecision.APPROVED)
    row = review(draft, specialist, ReviewDecision.APPROVED)
    assert row.gate[0]["equipment"] == machine.code
    assert publish_translation(draft, by=translator).live
    # Other words need another word.
    changed = save_translation(article, "en", english(article, title="Other"), by=translator)
    with pytest.raises(ReviewMissing):
        publish_translation(changed, by=translator)


def test_saving_over_what_somebody_else_saved_is_refused(article):
    draft = draft_of(translation_for(article, "en"))
    seen = state_of(draft, article)
    save_translation(article, "en", english(article), seen=seen)
    with pytest.raises(TranslationChanged):
        save_translation(article, "en", {"title": "Mine"}, seen=seen)


def test_saving_beside_a_source_published_meanwhile_is_refused(article):
    seen = state_of(draft_of(translation_for(article, "en")), article)
    newer = republish(article, lambda fresh: setattr(fresh, "symptom", "柜温不降反升"))
    with pytest.raises(TranslationChanged):
        save_translation(newer, "en", {"title": "Mine"}, seen=seen)


# --- behind its source -------------------------------------------------------------------------------------------


def stale(article):
    version = ContentTranslation.objects.get()
    return changes_of(version, passages_of(FaultArticle.objects.get(pk=article.pk)))


def test_it_is_behind_by_the_passages_that_changed_and_says_their_words(article):
    published(article, english(article))
    assert stale(article) == []
    republish(article, lambda fresh: setattr(fresh, "symptom", "柜温不降反升"))
    [change] = stale(article)
    assert change.key == "symptom"
    assert [(span.kind, span.text) for span in change.spans] == [("same", "柜温不降"), ("in", "反升")]


def test_what_is_not_words_does_not_make_it_stale(article):
    published(article, english(article))
    republish(article, lambda fresh: setattr(fresh, "minutes", 90))
    assert stale(article) == []


def test_a_cause_more_or_less_is_counted(article):
    published(article, english(article))

    def shorten(fresh):
        fresh.pairs.remove(fresh.pairs.all()[1])

    republish(article, shorten)
    assert {change.key.rpartition(".")[2] for change in stale(article)} == {"cause", "remedy"}


def test_saving_again_is_no_excuse_until_the_words_are_new_or_confirmed(article):
    published(article, english(article))
    newer = republish(article, lambda fresh: setattr(fresh, "symptom", "柜温不降反升"))
    published(newer, english(newer))
    assert len(stale(article)) == 1
    publish_translation(save_translation(newer, "en", english(newer), confirmed={"symptom"}))
    assert stale(article) == []


# --- readers -----------------------------------------------------------------------------------------------------


def test_the_page_is_in_the_language_of_the_screen_with_warnings_in_their_own_words(client_of, engineer, article):
    published(article, english(article))
    response = page(client_of, engineer, article.get_absolute_url(), "en")
    html = response.content.decode()
    assert "<title>No cooling" in html
    main = html[html.index('<main class="page__main"') :]
    assert "Clean the condenser" in main
    assert "清洗冷凝器" not in main
    warning = main[main.index('<span lang="zh-Hans">先断电挂牌</span>') :]
    assert "Switch off and tag out first" in warning[:300]
    # What is not translated stays in its language, and says so.
    assert '<span lang="zh-Hans">补 R404A</span>' in main
    assert 'aria-current="true">English</a>' in main
    assert 'hreflang="zh-Hans"' in main


def test_a_chinese_screen_reads_the_source_and_may_ask_for_the_other(client_of, engineer, article):
    published(article, english(article))
    address = article.get_absolute_url()
    html = page(client_of, engineer, address).content.decode()
    assert "清洗冷凝器" in html
    assert "Clean the condenser" not in html
    assert 'lang="zh-Hans">清' not in html
    html = page(client_of, engineer, f"{address}?in=en").content.decode()
    assert '<span lang="en">Clean the condenser</span>' in html
    assert ".pdf?in=en" in html
    html = page(client_of, engineer, f"{address}?in=fr").content.decode()
    assert "清洗冷凝器" in html


def test_without_a_version_the_page_says_which_language_it_is_in(client_of, engineer, article):
    html = page(client_of, engineer, article.get_absolute_url(), "en").content.decode()
    assert "This text is in Simplified Chinese" in html
    assert '<span lang="zh-Hans">清洗冷凝器</span>' in html
    assert "This text is in" not in page(client_of, engineer, article.get_absolute_url()).content.decode()


def test_a_reader_is_told_that_the_version_is_behind_and_an_old_warning_is_not_shown(client_of, engineer, article):
    published(article, english(article))

    def warn(fresh):
        note = fresh.safety_notes.all()[0]
        note.text = "先断电挂牌并放电"
        fresh.safety_notes = [note]

    republish(article, warn)
    html = page(client_of, engineer, article.get_absolute_url(), "en").content.decode()
    assert "This version is behind: 1 passage of the original has changed" in html
    assert "<ins>并放电</ins>" in html
    assert "Switch off and tag out first" not in html
    assert '<span lang="zh-Hans">先断电挂牌并放电</span>' in html


def test_severity_and_cards_are_those_of_the_record(article):
    words = english(article) | {"severity": "minor", "required_certificates": "none", "task": "operate"}
    assert not {"severity", "required_certificates", "task"} & published(article, words).words.keys()


def test_the_list_names_articles_in_the_language_of_the_screen(client_of, engineer, article):
    published(article, english(article))
    assert "No cooling" in page(client_of, engineer, "/kb/faults/", "en").content.decode()
    assert "No cooling" not in page(client_of, engineer, "/kb/faults/").content.decode()


def test_the_card_is_in_the_language_asked_for(client_of, engineer, article, monkeypatch):
    printed = {}

    def render(template, context):
        printed.update(context, screen=languages.get_language())
        raise KeyboardInterrupt

    published(article, english(article))
    monkeypatch.setattr("kb.faults.views.render_pdf", render)
    with pytest.raises(KeyboardInterrupt):
        page(client_of, engineer, f"/kb/faults/{article.number}.pdf?in=en")
    assert (printed["article"].title, printed["screen"]) == ("No cooling", "en")
    with pytest.raises(KeyboardInterrupt):
        page(client_of, engineer, f"/kb/faults/{article.number}.pdf?in=zh-hans", "en")
    assert (printed["article"].title, printed["screen"]) == ("不制冷", "zh-hans")


def test_a_version_is_no_way_round_the_audience(client_of, article):
    published(article, english(article))
    FaultArticle.objects.filter(pk=article.pk).update(audience=Audience.STAFF)
    response = page(client_of, None, f"{article.get_absolute_url()}?in=en", "en")
    assert "No cooling" not in response.content.decode()
    FaultArticle.objects.filter(pk=article.pk).update(live=False)
    withdraw_fault(article)
    assert page(client_of, None, f"{article.get_absolute_url()}?in=en", "en").status_code == 404


# --- chapters ----------------------------------------------------------------------------------------------------

BODY = [
    ("safety", {"level": "warning", "text": "<p>断电挂牌</p>"}),
    ("text", "<h3>步骤</h3><p>拆下罩板</p>"),
    ("table", {"data": [["周期", "项目"], ["1", "清洗"]], "first_row_is_table_header": True}),
]


@pytest.fixture
def chapter():
    edition = ManualEditionFactory(published=False, chapters=[])
    chapter = ManualChapterFactory(edition=edition, number="1", title="保养", body=BODY)
    publish_edition(edition, decisions=CitationChoice.STAY)
    chapter.refresh_from_db()
    return chapter


def english_chapter(chapter):
    warning, text, table = (f"body.{block['id']}" for block in chapter.body.raw_data)
    return {
        "title": "Upkeep",
        warning: "<p>Switch off</p>",
        text: "<h3>Steps</h3><p>Take off the cover</p>",
        f"{table}.0.0": "Interval",
        f"{table}.0.1": "Item",
        f"{table}.1.1": "Clean",
    }


def test_a_chapter_is_read_in_the_language_of_the_screen(client_of, engineer, chapter):
    manual = chapter.edition.manual
    published(chapter, english_chapter(chapter))
    published(manual, {"title": "Service manual"})
    html = page(client_of, engineer, manual.get_absolute_url(), "en").content.decode()
    assert "<title>Service manual" in html
    assert "Upkeep" in html
    assert "Take off the cover" in html
    assert '<div lang="zh-Hans">' in html
    assert "断电挂牌" in html
    assert "Switch off" in html
    assert "<td>Clean</td>" in html
    assert "清洗" not in html
    html = page(client_of, engineer, manual.get_absolute_url()).content.decode()
    assert "Take off the cover" not in html
    assert 'class="chips"' in html


def test_a_table_half_translated_stays_as_it_is(client_of, engineer, chapter):
    words = english_chapter(chapter)
    words.pop(next(key for key in words if key.endswith(".1.1")))
    published(chapter, words)
    html = page(client_of, engineer, chapter.edition.manual.get_absolute_url(), "en").content.decode()
    assert "清洗" in html
    assert "Interval" not in html


def test_a_chapter_of_the_next_edition_takes_its_version_along_and_says_what_changed(client_of, engineer, chapter):
    published(chapter, english_chapter(chapter))
    draft = new_edition(chapter.edition.manual, "Z/9")
    copied = draft.chapters.get()
    raw = list(copied.body.raw_data)
    raw[1] = {**raw[1], "value": "<h3>步骤</h3><p>先拆下前罩板</p>"}
    copied.body = copied.body.stream_block.to_python(raw)
    copied.save()
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    carried = ContentTranslation.objects.get(chapter=copied)
    assert (carried.live, carried.words["title"]) == (True, "Upkeep")
    assert len(changes_of(carried, passages_of(copied))) == 1
    html = page(client_of, engineer, chapter.edition.manual.get_absolute_url(), "en").content.decode()
    assert "This version is behind: 1 passage" in html
    assert "先拆下前罩板" in html
    assert ContentTranslation.objects.get(chapter=chapter).words == english_chapter(chapter)


# --- pieces ------------------------------------------------------------------------------------------------------


def test_words_cut_from_words_know_their_language():
    words = Words(" a \nb", "en")
    assert [(str(line), line.language) for line in words.splitlines()] == [(" a ", "en"), ("b", "en")]
    assert (words.strip().language, words[1:].language, tag_of("zh-hans"), tag_of("pt-br")) == (
        "en",
        "en",
        "zh-Hans",
        "pt-BR",
    )

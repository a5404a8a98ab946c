"""Words on danger are read only once a second person approved them, however they came to be about danger."""

import pytest

from kb.control.domain import review
from kb.enums import CitationChoice, ReviewDecision, Severity
from kb.errors import ReviewMissing
from kb.faults.domain import publish_fault
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.models import ContentTranslation, FaultArticle
from kb.translations.domain import draft_of, publish_translation, save_translation
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine():
    return EquipmentModelFactory()


@pytest.fixture
def translator(hq):
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.TRAINER])


@pytest.fixture
def specialist(hq, machine):
    synchronise_roles()
    person = PersonFactory(organisation=hq, roles=[Role.TRAINER])
    certificate_for(person, SchemeFactory(scopes=[machine.category]))
    return person


def published(source, words, by, reviewer=None):
    draft = save_translation(source, "en", words, by=by)
    if reviewer is not None:
        review(draft, reviewer, ReviewDecision.APPROVED)
    return publish_translation(draft, by=by)


# --- articles ----------------------------------------------------------------------------------------------------


@pytest.fixture
def article(machine):
    return FaultArticleFactory(
        category=machine.category, equipment=[machine], severity=Severity.STOP, safety=["先断电"], title="漏电"
    )


def raised(article, actor=None):
    fresh = FaultArticle.objects.get(pk=article.pk)
    fresh.severity = Severity.DANGER
    return publish_fault(fresh, actor=actor)


def test_a_version_nobody_approved_is_withdrawn_when_its_article_becomes_dangerous(article, translator, specialist):
    version = published(article, {"title": "Leakage"}, translator)
    raised(article)
    version.refresh_from_db()
    assert not version.live
    assert AuditEvent.objects.filter(action="kb.translation_withdrawn").count() == 1
    draft = draft_of(version)
    with pytest.raises(ReviewMissing):
        publish_translation(draft, by=translator)
    review(draft, specialist, ReviewDecision.APPROVED)
    assert publish_translation(draft, by=translator).live


def test_an_approved_version_stays_and_so_do_those_of_what_only_stops(article, translator, specialist):
    version = published(article, {"title": "Leakage"}, translator)
    publish_fault(FaultArticle.objects.get(pk=article.pk))
    version.refresh_from_db()
    assert version.live
    approved = published(article, {"title": "Current leaks"}, translator, specialist)
    raised(article)
    raised(article)
    approved.refresh_from_db()
    assert approved.live


def test_what_the_portal_wrote_needs_approval_once_a_person_publishes(article, translator, specialist):
    version = published(article, {"title": "Leakage"}, None)
    raised(article)
    version.refresh_from_db()
    assert version.live
    draft = save_translation(article, "en", {"title": "Leaks"})
    with pytest.raises(ReviewMissing):
        publish_translation(draft, by=translator)


# --- chapters ----------------------------------------------------------------------------------------------------

TEXT = ("text", "<p>拆下罩板</p>")


def warning(level):
    return ("safety", {"level": level, "text": "<p>断电</p>"})


def chapter_warning(level, machine):
    edition = ManualEditionFactory(published=False, chapters=[])
    edition.manual.equipment.add(machine)
    chapter = ManualChapterFactory(edition=edition, number="1", title="保养", body=[warning(level), TEXT])
    publish_edition(edition, decisions=CitationChoice.STAY)
    chapter.refresh_from_db()
    return chapter


def english(chapter):
    note, text = (f"body.{block['id']}" for block in chapter.body.raw_data)
    return {"title": "Upkeep", note: "<p>Switch off</p>", text: "<p>Take off the cover</p>"}


def next_edition(chapter, name, level=None):
    """Publish the next edition, its warning at another level where one is given; return the version carried over."""
    draft = new_edition(chapter.edition.manual, name)
    copied = draft.chapters.get()
    if level:
        raw = list(copied.body.raw_data)
        raw[0] = {**raw[0], "value": {**raw[0]["value"], "level": level}}
        copied.body = copied.body.stream_block.to_python(raw)
        copied.save()
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    return ContentTranslation.objects.get(chapter=copied)


def test_words_nobody_approved_go_on_as_a_draft_where_the_chapter_becomes_dangerous(machine, translator, specialist):
    chapter = chapter_warning("warning", machine)
    published(chapter, english(chapter), translator)
    carried = next_edition(chapter, "Z/8", "danger")
    assert (carried.live, carried.first_published_at, carried.words) == (False, None, english(chapter))
    with pytest.raises(ReviewMissing):
        publish_translation(carried, by=specialist)
    draft = draft_of(carried)
    review(draft, specialist, ReviewDecision.APPROVED)
    assert publish_translation(draft, by=translator).live


def test_what_only_warns_goes_on_as_it_is(machine, translator):
    chapter = chapter_warning("warning", machine)
    published(chapter, english(chapter), translator)
    assert next_edition(chapter, "Z/8").live


def test_approved_words_stay_approved_from_edition_to_edition(machine, translator, specialist):
    chapter = chapter_warning("danger", machine)
    published(chapter, english(chapter), translator, specialist)
    assert next_edition(chapter, "Z/8").live
    assert next_edition(chapter, "Z/9").live


def test_what_the_portal_wrote_about_danger_is_a_draft_of_the_next_edition(machine, translator):
    chapter = chapter_warning("danger", machine)
    published(chapter, english(chapter), None)
    carried = next_edition(chapter, "Z/8")
    assert not carried.live
    with pytest.raises(ReviewMissing):
        publish_translation(carried, by=translator)

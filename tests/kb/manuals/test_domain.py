"""Editions: published once, frozen, continued."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from kb.enums import CitationChoice
from kb.errors import EditionExists, EditionIsPublished, EditionNotPublishable
from kb.manuals.domain import new_edition, next_edition_name, publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.models import ManualChapter, ManualEdition
from portal.models import AuditEvent
from tests.factories.kb import ManualChapterFactory, ManualEditionFactory, ManualFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

STAY = CitationChoice.STAY


def test_publishing_dates_the_edition_and_is_recorded(engineer):
    draft = ManualEditionFactory(published=False)
    published = publish_edition(
        draft, decisions=STAY, by=engineer, published_on=dt.date(2026, 3, 18), verdict=EDITORIAL
    )
    assert published.published_on == dt.date(2026, 3, 18)
    assert AuditEvent.objects.get(action="kb.edition_published").actor == engineer


def test_publishing_twice_is_refused():
    with pytest.raises(EditionIsPublished):
        publish_edition(ManualEditionFactory(), decisions=STAY, verdict=EDITORIAL)


def test_publishing_without_chapters_is_refused():
    with pytest.raises(EditionNotPublishable):
        publish_edition(ManualEditionFactory(published=False, chapters=[]), decisions=STAY, verdict=EDITORIAL)


def test_publishing_with_an_empty_chapter_names_it():
    draft = ManualEditionFactory(published=False)
    ManualChapterFactory(edition=draft, number="7", body=[])
    with pytest.raises(EditionNotPublishable, match="7"):
        publish_edition(draft, decisions=STAY, verdict=EDITORIAL)


def test_published_edition_refuses_every_change_through_its_model():
    edition = ManualEditionFactory()
    chapter = edition.chapters.first()
    for act in (edition.save, edition.delete, chapter.save, chapter.delete):
        with pytest.raises(EditionIsPublished):
            act()
    with pytest.raises(EditionIsPublished):
        ManualChapterFactory(edition=edition, number="99")


@pytest.mark.parametrize(
    "change",
    [
        lambda edition: ManualEdition.objects.filter(pk=edition.pk).update(changes="x"),
        lambda edition: ManualEdition.objects.filter(pk=edition.pk).update(published_on=None),
        lambda edition: ManualChapter.objects.filter(edition=edition).update(title="x"),
        lambda edition: ManualChapter.objects.bulk_create([ManualChapter(edition=edition, number="99", title="x")]),
    ],
)
def test_database_refuses_changes_round_the_model(change):
    edition = ManualEditionFactory()
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        change(edition)


def test_draft_may_change():
    draft = ManualEditionFactory(published=False)
    draft.changes = "第二章重写"
    draft.save()
    draft.chapters.first().delete()
    assert draft.chapters.count() == 1


def test_new_edition_copies_the_chapters_and_leaves_the_current_one(engineer):
    current = ManualEditionFactory(edition="A/0", chapters=["结构", "保养"])
    draft = new_edition(current.manual, "A/1", changes="补充保养周期", by=engineer)
    assert not draft.is_published
    copied = draft.chapters.values_list("number", "title", "topic")
    assert list(copied) == list(current.chapters.values_list("number", "title", "topic"))
    assert draft.chapters.first().body[0].value.source == current.chapters.first().body[0].value.source
    assert current.manual.editions.published().get() == current
    assert AuditEvent.objects.get(action="kb.edition_started").actor == engineer


@pytest.mark.parametrize("name", ["A/0", "A/1"])
def test_new_edition_is_refused_when_it_or_a_draft_exists(name):
    current = ManualEditionFactory(edition="A/0")
    if name == "A/1":
        ManualEditionFactory(manual=current.manual, edition="A/2", published=False)
    with pytest.raises(EditionExists):
        new_edition(current.manual, name)


def test_new_edition_needs_a_name_that_fits_an_address():
    with pytest.raises(ValidationError):
        new_edition(ManualFactory(), "A 1?")


def test_only_one_draft_a_manual():
    draft = ManualEditionFactory(published=False, edition="A/0")
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEdition.objects.create(manual=draft.manual, edition="A/1")


@pytest.mark.parametrize(
    ("current", "expected"), [(None, "A/0"), ("A/0", "A/1"), ("B/9", "B/10"), ("3", "3/1"), ("A", "A/1")]
)
def test_next_edition_name(current, expected):
    manual = ManualFactory()
    if current:
        ManualEditionFactory(manual=manual, edition=current)
    assert next_edition_name(manual) == expected

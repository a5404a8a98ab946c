"""Editions: published once, frozen, continued."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from kb.errors import EditionExists, EditionIsPublished, EditionNotPublishable
from kb.manuals.domain import new_edition, next_edition_name, publish_edition
from kb.models import ManualChapter, ManualEdition
from kb.signals import edition_published
from portal.models import AuditEvent
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory, ManualFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def test_publishing_dates_the_edition_and_is_recorded(engineer):
    draft = ManualEditionFactory(published=False)
    published = publish_edition(draft, actor=engineer, published_on=dt.date(2026, 3, 18))
    assert published.published_on == dt.date(2026, 3, 18)
    assert AuditEvent.objects.get(action="kb.edition_published").actor == engineer


def test_publishing_twice_is_refused():
    with pytest.raises(EditionIsPublished):
        publish_edition(ManualEditionFactory())


def test_publishing_without_chapters_is_refused():
    with pytest.raises(EditionNotPublishable):
        publish_edition(ManualEditionFactory(published=False, chapters=[]))


def test_publishing_with_an_empty_chapter_names_it():
    draft = ManualEditionFactory(published=False)
    ManualChapterFactory(edition=draft, number="7", body=[])
    with pytest.raises(EditionNotPublishable, match="7"):
        publish_edition(draft)


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
    draft = new_edition(current.manual, "A/1", changes="补充保养周期", actor=engineer)
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


def test_articles_follow_to_the_same_chapter_of_the_new_edition():
    old = ManualEditionFactory(edition="A/0", chapters=["结构", "保养"])
    kept = FaultArticleFactory(chapter=old.chapters.get(number="1"))
    dropped = FaultArticleFactory(chapter=old.chapters.get(number="2"))
    draft = new_edition(old.manual, "A/1")
    draft.chapters.get(number="2").delete()
    publish_edition(draft)
    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert kept.chapter == draft.chapters.get(number="1")
    assert dropped.chapter == old.chapters.get(number="2")


def test_apps_above_are_told_about_a_new_edition():
    old = ManualEditionFactory(edition="A/0")
    draft = new_edition(old.manual, "A/1")
    heard = []

    def listen(sender, edition, previous, **kwargs):
        heard.append((edition, previous))

    edition_published.connect(listen)
    try:
        publish_edition(draft)
    finally:
        edition_published.disconnect(listen)
    assert heard == [(draft, old)]

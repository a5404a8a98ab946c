"""Moving chapters in the outline of a draft edition."""

import pytest
from django.urls import reverse

from kb.enums import CitationChoice
from kb.errors import ChapterCannotMove, EditionIsPublished, EditionNotPublishable
from kb.manuals.domain import publish_edition
from kb.manuals.outline import Move, move_chapter, settle_order
from kb.manuals.verdicts import EDITORIAL
from portal.models import AuditEvent
from tests.factories.kb import ManualChapterFactory, ManualEditionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def tree(edition):
    """Return number and title of the chapters in reading order."""
    rows = edition.chapters.model.objects.filter(edition=edition).order_by("sort_order", "pk")
    return [f"{chapter.number} {chapter.title}" for chapter in rows]


@pytest.fixture
def draft():
    """A draft: 1 a, 1.1 b, 1.1.1 c, 2 d, 2.1 e."""
    draft = ManualEditionFactory(published=False, chapters=[])
    for position, (number, title) in enumerate([("1", "a"), ("1.1", "b"), ("1.1.1", "c"), ("2", "d"), ("2.1", "e")]):
        ManualChapterFactory(edition=draft, sort_order=position, number=number, title=title)
    return draft


@pytest.mark.parametrize(
    ("title", "move", "expected"),
    [
        ("d", Move.UP, ["1 d", "1.1 e", "2 a", "2.1 b", "2.1.1 c"]),
        ("a", Move.DOWN, ["1 d", "1.1 e", "2 a", "2.1 b", "2.1.1 c"]),
        ("d", Move.INDENT, ["1 a", "1.1 b", "1.1.1 c", "1.2 d", "1.2.1 e"]),
        ("b", Move.OUTDENT, ["1 a", "2 b", "2.1 c", "3 d", "3.1 e"]),
        ("c", Move.OUTDENT, ["1 a", "1.1 b", "1.2 c", "2 d", "2.1 e"]),
    ],
)
def test_chapter_moves_with_what_is_below_it(draft, title, move, expected):
    move_chapter(draft.chapters.get(title=title), move)
    assert tree(draft) == expected


@pytest.mark.parametrize(
    ("title", "move"),
    [("a", Move.UP), ("d", Move.DOWN), ("b", Move.UP), ("b", Move.DOWN), ("a", Move.OUTDENT), ("c", Move.INDENT)],
)
def test_move_without_a_place_is_refused_and_changes_nothing(draft, title, move):
    before = tree(draft)
    with pytest.raises(ChapterCannotMove):
        move_chapter(draft.chapters.get(title=title), move)
    assert tree(draft) == before


def test_move_is_recorded_and_frozen_editions_refuse_it(draft, engineer):
    moved = move_chapter(draft.chapters.get(title="d"), Move.UP, by=engineer)
    assert moved.number == "1"
    event = AuditEvent.objects.get(action="kb.chapter_moved")
    assert event.actor == engineer
    published = publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    with pytest.raises(EditionIsPublished):
        move_chapter(published.chapters.get(title="a"), Move.UP)


def test_number_decides_the_order(draft):
    ManualChapterFactory(edition=draft, sort_order=99, number="1.10", title="z")
    ManualChapterFactory(edition=draft, sort_order=98, number="1.9", title="y")
    settle_order(draft)
    assert tree(draft) == ["1 a", "1.1 b", "1.1.1 c", "1.9 y", "1.10 z", "2 d", "2.1 e"]


def test_part_may_be_a_heading_and_an_orphan_is_refused(draft):
    draft.chapters.filter(number="1").update(body="[]")
    ManualChapterFactory(edition=draft, sort_order=9, number="4.1", title="lost")
    with pytest.raises(EditionNotPublishable, match=r"4\.1"):
        publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    draft.chapters.model.objects.get(edition=draft, title="lost").delete()
    assert publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL).is_published


def test_editor_moves_chapters_and_others_do_not(draft, client_of, editor, engineer):
    address = reverse("kb_edition_outline", args=[draft.pk])
    chapter = draft.chapters.get(title="d")
    assert client_of(engineer).post(address, {"up": chapter.pk}).status_code in (302, 403)
    assert tree(draft)[0] == "1 a"
    client = client_of(editor)
    assert "1.1.1 c" in client.get(address).content.decode()
    assert client.post(address, {"up": chapter.pk}).status_code == 302
    assert tree(draft)[0] == "1 d"
    for wrong in ({"up": "x"}, {"up": 10**9}, {}, {"outdent": chapter.pk}):
        assert client.post(address, wrong).status_code == 302
    assert tree(draft)[0] == "1 d"

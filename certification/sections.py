"""Sections that records of certification cite: a chapter of an edition, or a fault article.

Questions and items of checklists cite one to be read after a failure. What the section said when the two were last
compared is kept as a digest beside them, so that it can be seen that it says something else now.
"""

import hashlib
import json
from typing import Any, Protocol

from certification.actions import Action
from kb.manuals.queries import newer_editions, readable_chapter
from kb.models import FaultArticle, ManualChapter
from portal.audiences import can_open

# Of an article's revision: what says when it was published, not what it says.
NOT_CONTENT = frozenset(
    {
        "pk",
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "go_live_at",
        "expire_at",
        "expired",
        "latest_revision",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
    }
)


class Citing(Protocol):
    """A record that cites at most one section; loaded with ``chapter__edition__manual`` and ``article``."""

    @property
    def chapter(self) -> ManualChapter | None:
        """The chapter it cites."""

    @property
    def article(self) -> FaultArticle | None:
        """The fault article it cites."""


def section_of(citing: Citing, reader: Any) -> Action | None:
    """Return where to read about it: the chapter it cites, or the fault article; only what the reader may open."""
    if chapter := readable_chapter(citing.chapter, reader):
        return Action(chapter.citation, chapter.get_absolute_url())
    article = citing.article
    if article and article.live and can_open(reader, article.audience):
        return Action(article.title, article.get_absolute_url())
    return None


def state_of(citing: Citing) -> dict[str, Any]:
    """Return what the cited section says now; empty where nothing is cited."""
    chapter, article = citing.chapter, citing.article
    if chapter is not None:
        newer = newer_editions([chapter]).get(chapter.pk)
        says = chapter if newer is None else newer.chapter
        edition = chapter.edition if newer is None else newer.edition
        facts = {"chapter": chapter.pk, "edition": chapter.edition.edition, "in_force": edition.edition}
        return facts | {"digest": _digest([says.title, _body(says)] if says else [])}
    if article is not None:
        revision = article.live_revision
        content = revision.content if revision else {"title": article.title}
        kept = {name: value for name, value in content.items() if name not in NOT_CONTENT}
        return {"article": article.pk, "revision": revision.pk if revision else None, "digest": _digest(kept)}
    return {}


def _body(chapter: ManualChapter) -> Any:
    return [(block.block_type, str(block.value)) for block in chapter.body]


def _digest(content: Any) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()

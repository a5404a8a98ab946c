"""Publish editions of manuals and move citations; citations move by an editor's decision only."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.control.domain import check_reviewed
from kb.enums import CitationChoice
from kb.errors import (
    CitationsChanged,
    EditionExists,
    EditionIsPublished,
    EditionNotPublishable,
    EditionNotPublished,
    NotAChapterToFollow,
    VerdictNeeded,
)
from kb.manuals.citations import Citation, CitationKey, citations_of, source_of
from kb.manuals.comparison import counterparts
from kb.manuals.decisions import STAY, Decision, Decisions
from kb.manuals.papers.domain import queue_papers
from kb.manuals.tree import orphans
from kb.manuals.verdicts import Verdict, record_verdict
from kb.models import Manual, ManualChapter, ManualEdition
from kb.translations.domain import carry_over
from portal.access import audit
from portal.access.changes import added, since, snapshot

ACTIONS = {
    CitationChoice.FOLLOW: "kb.citation_moved",
    CitationChoice.STAY: "kb.citation_kept",
    CitationChoice.DROP: "kb.citation_dropped",
}


@transaction.atomic
def publish_edition(
    edition: ManualEdition,
    *,
    decisions: Decisions,
    by: Any = None,
    published_on: dt.date | None = None,
    verdict: Verdict | None = None,
) -> ManualEdition:
    """Publish a draft edition: it becomes the current one and freezes. Only citations decided on move to it.

    Args:
        edition: the draft.
        decisions: one for every citation of the edition that was current until now, by its key; or
            ``CitationChoice.STAY`` to leave all of them where they are.
        published_on: the day it was published, today unless an older edition is brought in.
        verdict: what people who work by the manual must do; needed where an edition replaces another.

    Raises:
        EditionIsPublished: it was published already.
        ReviewMissing: it warns of danger, and nobody but its authors has approved these words.
        EditionNotPublishable: it has no chapter, a chapter without text, or one below a number that is not there.
        CitationsChanged: a citation has no decision, or a decision no citation any more.
        NotAChapterToFollow: a citation was to follow to a chapter of another edition.
        VerdictNeeded: another edition was published before, and there is no verdict.
        VerdictWithoutDay: the verdict asks for something without a day, or the other way round.
        VerdictRefused: an app above cannot do what the verdict asks for.
    """
    manual = Manual.objects.select_for_update().get(pk=edition.manual_id)
    stored = ManualEdition.objects.select_for_update().get(pk=edition.pk)
    check_publishable(stored)
    check_reviewed(stored, by)
    previous = current_edition(manual)
    if previous is not None and verdict is None:
        raise VerdictNeeded
    cited = {chapter.pk: chapter for chapter in _cited(previous)} if previous else {}
    citations = {citation.key: citation for citation in citations_of(cited.values())}
    chosen = _decided(decisions, citations)
    before = snapshot(stored)
    stored.published_on = published_on or timezone.localdate()
    stored.effective_on = stored.effective_on or stored.published_on
    stored.save(update_fields=["published_on", "effective_on"])
    queue_papers(stored)
    counts = _apply(stored, cited, citations, chosen, by)
    if previous is not None:
        carry_over(stored, counterparts(list(previous.chapters.all()), list(stored.chapters.all())), by=by)
    audit.record(
        "kb.edition_published",
        stored,
        actor=by,
        manual=manual.number,
        edition=stored.edition,
        previous=previous.edition if previous else None,
        citations=counts,
        changes=since(before, stored),
    )
    if verdict is not None:
        record_verdict(stored, verdict, replaces=previous, by=by)
    return stored


@transaction.atomic
def move_citations(edition: ManualEdition, decisions: Mapping[CitationKey, Decision], *, by: Any = None) -> int:
    """Move or drop citations of earlier editions after ``edition`` was published; return how many changed.

    Args:
        decisions: for any of the citations of the manual's other published editions; what is not named stays.

    Raises:
        EditionNotPublished: ``edition`` is a draft.
        CitationsChanged: a record does not cite the chapter any more that it is to leave.
        NotAChapterToFollow: a citation was to follow to a chapter of another edition.
    """
    Manual.objects.select_for_update().get(pk=edition.manual_id)
    stored = ManualEdition.objects.select_for_update().select_related("manual").get(pk=edition.pk)
    if not stored.is_published:
        raise EditionNotPublished(edition=stored.edition)
    cited = {chapter.pk: chapter for chapter in _cited(*earlier_editions(stored))}
    citations = {citation.key: citation for citation in citations_of(cited.values())}
    chosen = {key: decision for key, decision in decisions.items() if decision.choice != CitationChoice.STAY}
    if gone := chosen.keys() - citations.keys():
        raise CitationsChanged(gone=_names(gone))
    counts = _apply(stored, cited, citations, chosen, by)
    return sum(counts.values())


@transaction.atomic
def new_edition(manual: Manual, name: str, *, changes: str = "", by: Any = None) -> ManualEdition:
    """Start the next edition as a draft with a copy of the current chapters.

    Args:
        name: for example ``A/1``.
        changes: what will be different, for the revision table.

    Raises:
        EditionExists: the manual has this edition, or another draft, already.
    """
    manual = Manual.objects.select_for_update().get(pk=manual.pk)
    editions = ManualEdition.objects.filter(manual=manual)
    taken = editions.drafts().first() or editions.filter(edition=name).first()
    if taken:
        raise EditionExists(manual=manual.title, edition=taken.edition)
    draft = ManualEdition(manual=manual, edition=name, changes=changes)
    draft.full_clean()
    draft.document_number = f"{manual.number}-{draft.slug.replace('-', '')}"
    draft.save()
    current = current_edition(manual)
    chapters = current.chapters.all() if current else []
    for chapter in chapters:
        ManualChapter.objects.create(
            edition=draft,
            sort_order=chapter.sort_order,
            number=chapter.number,
            title=chapter.title,
            topic_id=chapter.topic_id,
            body=chapter.body,
            compiled_from=chapter.compiled_from,
        )
    audit.record("kb.edition_started", draft, actor=by, manual=manual.number, edition=name, changes=added(draft))
    return draft


def next_edition_name(manual: Manual) -> str:
    """Suggest the name of the next edition: A/1 after A/0, A/0 for the first."""
    current = current_edition(manual)
    if current is None:
        return "A/0"
    head, _slash, count = current.edition.rpartition("/")
    return f"{head}/{int(count) + 1}" if head and count.isdigit() else f"{current.edition}/1"


def current_edition(manual: Manual) -> ManualEdition | None:
    """Return the edition people work from, None before the first is published."""
    return ManualEdition.objects.published().filter(manual=manual).first()


def earlier_editions(edition: ManualEdition) -> Any:
    """Return the other published editions of the manual, whose citations may be moved to ``edition``."""
    return ManualEdition.objects.published().filter(manual=edition.manual_id).exclude(pk=edition.pk)


def check_publishable(edition: ManualEdition) -> None:
    """Hold what an edition needs before it may be published.

    Raises:
        EditionIsPublished: it was published already.
        EditionNotPublishable: it has no chapter, or a chapter without text.
    """
    if edition.is_published:
        raise EditionIsPublished(edition=edition.edition)
    chapters = list(edition.chapters.all())
    if not chapters:
        raise EditionNotPublishable(edition=edition.edition, missing=_("It has no chapter yet."))
    numbers = [chapter.number for chapter in chapters]
    if lost := orphans(numbers):
        missing = _("These chapters stand below a number that is not there: %(numbers)s.")
        raise EditionNotPublishable(edition=edition.edition, missing=missing % {"numbers": "、".join(lost)})
    above = {number.rpartition(".")[0] for number in numbers}
    # A part may be a heading only.
    empty = [chapter.number for chapter in chapters if not chapter.body and chapter.number not in above]
    if empty:
        missing = _("These chapters have no text: %(numbers)s.") % {"numbers": "、".join(empty)}
        raise EditionNotPublishable(edition=edition.edition, missing=missing)


def _cited(*editions: ManualEdition) -> Any:
    """Return the chapters of ``editions``, locked until the decisions about their citations are carried out."""
    chapters = ManualChapter.objects.select_for_update(of=("self",)).select_related("edition")
    return chapters.filter(edition__in=editions)


def _decided(decisions: Decisions, citations: Mapping[CitationKey, Citation]) -> dict[CitationKey, Decision]:
    if isinstance(decisions, CitationChoice):
        if decisions != CitationChoice.STAY:
            raise ValueError("only staying needs no decision for each citation")
        return dict.fromkeys(citations, STAY)
    undecided = [str(citation) for key, citation in citations.items() if key not in decisions]
    gone = decisions.keys() - citations.keys()
    if undecided or gone:
        raise CitationsChanged(undecided=undecided, gone=_names(gone))
    return dict(decisions)


def _names(gone: Iterable[CitationKey]) -> list[str]:
    return [f"{source_of(key.source).label} {key.record}" for key in sorted(gone)]


def _apply(
    edition: ManualEdition,
    cited: Mapping[int, ManualChapter],
    citations: Mapping[CitationKey, Citation],
    decisions: Mapping[CitationKey, Decision],
    by: Any,
) -> dict[str, int]:
    """Repoint what follows or is dropped and record every decision; return how many there were of each."""
    targets = {chapter.pk: chapter for chapter in edition.chapters.all()}
    moves: dict[tuple[str, int, int | None], list[int]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for key, decision in decisions.items():
        target = targets.get(decision.target) if decision.target else None
        if (decision.choice == CitationChoice.FOLLOW) != (target is not None):
            raise NotAChapterToFollow(edition=edition.edition)
        if decision.choice != CitationChoice.STAY:
            moves[key.source, key.chapter, target.pk if target else None].append(key.record)
        counts[decision.choice] += 1
        _record(edition, cited[key.chapter], citations[key], decision, target, by)
    for (kind, old, new), records in moves.items():
        if source_of(kind).repoint(records, old, new) != len(records):
            raise CitationsChanged(gone=[str(citations[CitationKey(kind, record, old)]) for record in records])
    return dict(counts)


def _record(
    edition: ManualEdition,
    cited: ManualChapter,
    citation: Citation,
    decision: Decision,
    target: ManualChapter | None,
    by: Any,
) -> None:
    source = source_of(citation.key.source)
    audit.record(
        ACTIONS[decision.choice],
        f"{source.model._meta.label_lower}:{citation.key.record}",
        actor=by,
        title=citation.title,
        manual=edition.manual.number,
        from_edition=cited.edition.edition,
        from_chapter=str(cited),
        to_edition=edition.edition if target else None,
        to_chapter=str(target) if target else None,
        changes=_moved(cited, target) if decision.choice != CitationChoice.STAY else [],
    )


def _moved(cited: ManualChapter, target: ManualChapter | None) -> list[dict[str, Any]]:
    """Return the chapter cited before and now, for the audit log."""
    old, new = (f"{chapter.edition.edition} {chapter}" if chapter else None for chapter in (cited, target))
    return [{"field": "chapter", "old": old, "new": new}]

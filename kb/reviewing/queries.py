"""Drafts that wait for a second person: those sent into the workflow, editions and translations about danger."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.models import TaskState, WorkflowState

from kb.control.domain import content_of, may_try, writers_of
from kb.models import (
    Bulletin,
    ContentTranslation,
    DiagnosisGuide,
    FaultArticle,
    ManualChapter,
    ManualEdition,
    SpecialistReview,
)
from kb.models.reviews import REVIEW, digest_of, is_approved
from kb.translations.passages import passages_of, passages_of_chapter
from portal.audiences import can_open
from portal.models import Person

EDITION, TRANSLATION = "edition", "translation"
#: What is sent into the workflow, by the names addresses call it.
SENT: dict[str, Any] = {"article": FaultArticle, "guide": DiagnosisGuide, "bulletin": Bulletin}
KINDS = (*SENT, EDITION, TRANSLATION)


@dataclass(frozen=True)
class Waiting:
    """A draft that waits for a second person.

    Args:
        kind: one of :data:`KINDS`.
        record: the draft as it would be published.
        live: what readers have now; None when they have nothing.
        sent_by: who sent it in, or wrote it last; None when nobody is on record.
        task: the step of the workflow it stands in; None where the kind has no workflow.
    """

    kind: str
    record: Any
    live: Any
    sent_by: Person | None
    since: dt.datetime | None
    task: TaskState | None = None

    @property
    def title(self) -> str:
        """What it is called, with its number."""
        return str(self.record)

    @property
    def kind_name(self) -> str:
        """What kind of draft it is."""
        return str(capfirst(self.record._meta.verbose_name))

    @property
    def url(self) -> str:
        """Where it is reviewed."""
        return reverse("kb:review", args=[self.kind, self.record.pk])

    @property
    def digest(self) -> str:
        """What its words have in common with others that say the same."""
        return digest_of(content_of(self.record))

    def is_by(self, reader: Any) -> bool:
        """Whether ``reader`` is one of its authors, who reviews nothing of it."""
        return reader.pk in writers_of(self.record)


def audience_of(record: Any) -> str:
    """Return who may read the draft once it is published."""
    if isinstance(record, ContentTranslation):
        return audience_of(record.source)
    if isinstance(record, ManualChapter):
        return record.edition.manual.audience
    return record.manual.audience if isinstance(record, ManualEdition) else record.audience


def waiting_for(reader: Any) -> Iterator[Waiting]:
    """Yield the drafts ``reader`` may say a word on: holds the right, may read them, wrote none of them.

    Each draft is read and judged as it is asked for: who wants a few takes a few.
    """
    if not reader.is_authenticated or not reader.has_perm(REVIEW):
        return
    for one in chain(_sent(), _editions(), _translations()):
        if can_open(reader, audience_of(one.record)) and may_try(one.record, reader):
            yield one


def waiting(kind: str, pk: int) -> Waiting | None:
    """Return one draft that waits, None where it does not or not any more."""
    if kind in SENT:
        return next(_sent(SENT[kind], pk), None)
    return next(_editions(pk) if kind == EDITION else _translations(pk), None)


def _sent(model: type | None = None, pk: int | None = None) -> Iterator[Waiting]:
    """Yield the drafts that stand in the review step of a workflow, the one sent first at the head."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS
    )
    states = states.filter(task__in=SpecialistReview.objects.all())
    if pk is not None:
        states = states.filter(workflow_state__object_id=str(pk))
    for state in states.select_related("revision__content_type", "workflow_state__requested_by").order_by("started_at"):
        kind = next((name for name, known in SENT.items() if state.revision.content_type.model_class() is known), None)
        if kind is None or (model is not None and SENT[kind] is not model):
            continue
        live = SENT[kind].objects.filter(pk=state.revision.object_id, live=True).first()
        sender = state.workflow_state.requested_by
        yield Waiting(kind, state.revision.as_object(), live, sender, state.started_at, state)


def _editions(pk: int | None = None) -> Iterator[Waiting]:
    drafts = ManualEdition.objects.drafts().select_related("manual__category").prefetch_related("chapters")
    for edition in drafts.order_by("pk") if pk is None else drafts.filter(pk=pk):
        # Asked for by its address any draft is; in the list those that cannot be published without a word.
        if pk is None and not (
            edition.is_dangerous and not is_approved(edition, content_of(edition), writers_of(edition))
        ):
            continue
        live = edition.manual.editions.published().prefetch_related("chapters").first()
        yield Waiting(EDITION, edition, live, None, None)


def _translations(pk: int | None = None) -> Iterator[Waiting]:
    rows = ContentTranslation.objects.filter(Q(live=False) | Q(has_unpublished_changes=True))
    rows = rows.select_related("latest_revision__user").exclude(latest_revision=None).order_by("pk")
    for stored in rows if pk is None else rows.filter(pk=pk):
        revision = stored.latest_revision
        draft = revision.as_object()
        if not draft.is_dangerous or is_approved(draft, content_of(draft), writers_of(draft)):
            continue
        yield Waiting(TRANSLATION, draft, stored if stored.live else None, revision.user, revision.created_at)


def shows_to_review(reader: Any, about: str) -> bool:
    """Whether a draft that waits for ``reader`` shows a picture or video.

    Args:
        about: what the words of the picture are about, see :class:`kb.translations.passages.Passage`.
    """
    return any(passage.about == about for one in waiting_for(reader) for passage in _passages(one))


def _passages(one: Waiting) -> Iterator[Any]:
    if one.kind == EDITION:
        for chapter in one.record.chapters.all():
            yield from passages_of_chapter(chapter)
    elif one.kind in SENT:
        yield from passages_of(one.record)

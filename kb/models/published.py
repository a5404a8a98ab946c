"""What fault articles and diagnosis guides have in common: drafts, revisions, previews, rules of publication."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin, WorkflowMixin
from wagtail.search import index

from kb.enums import VerdictKind
from kb.errors import NotPublishable, ReviewMissing
from kb.models.reviews import authors_of, is_approved
from kb.validators import Shortfall, lines
from portal.registry.contexts import context_of


class PublishedRecord(
    WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, index.Indexed, ClusterableModel
):
    """A record with a number and a title that is written as a draft and published when it is complete.

    Subclasses have the text fields ``aliases`` and ``tools``, one entry a line, say in ``shortfalls()`` what keeps a
    version from being published, and in ``is_dangerous`` whether a second person must approve it.
    """

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish a revision; every way to publish (admin, schedule, domain verb) comes through here.

        Raises:
            NotPublishable: what the revision lacks.
            ReviewMissing: it is dangerous, and nobody but its author has approved these words.
        """
        drafted = revision.as_object()
        if found := drafted.shortfalls():
            raise NotPublishable(drafted.title, found)
        # What the portal writes by itself, such as the demo, has no author.
        if revision.user_id is not None and drafted.is_dangerous:
            writers = authors_of(self) | {revision.user_id}
            if not is_approved(self, drafted.serializable_data(), writers):
                raise ReviewMissing(title=drafted.title)
        super().publish(revision, *args, **kwargs)

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return super().get_preview_context(request, mode_name) | context_of(self, request)

    @property
    def is_dangerous(self) -> bool:
        """Whether following a mistake in it may hurt somebody: a second person must approve it."""
        raise NotImplementedError

    @property
    def kind_name(self) -> str:
        """What kind of record it is, for lists of several kinds."""
        return str(self._meta.verbose_name)

    # What Wagtail's admin calls it.
    @property
    def full_url(self) -> str:
        """Address for the admin's “view live” links."""
        return self.get_absolute_url()

    @property
    def alias_list(self) -> list[str]:
        """What people say, one entry each."""
        return lines(self.aliases)

    @property
    def tool_list(self) -> list[str]:
        """Tools to bring."""
        return lines(self.tools)


#: What may be asked of people who work by an article or a guide when a revision of it is published.
REVISION_VERDICTS = [(kind.value, kind.label) for kind in (VerdictKind.EDITORIAL, VerdictKind.MUST_READ)]


class JudgedRecord(PublishedRecord):
    """A record whose revisions are published with a verdict, as editions of manuals are.

    The fields say what the next publication asks; they go with the draft, and are empty again once it is published.
    """

    revision_verdict = models.CharField(
        _("verdict on this revision"),
        max_length=10,
        choices=REVISION_VERDICTS,
        default=VerdictKind.EDITORIAL,
        help_text=_("What people qualified for the equipment must do about it. Recorded for good at the publication."),
    )
    read_until = models.DateField(
        _("to be read by"),
        null=True,
        blank=True,
        help_text=_("After this day the gate refuses who has not confirmed that they have read it."),
    )

    class Meta:
        abstract = True

    def verdict_shortfalls(self) -> list[Shortfall]:
        """Return what the verdict lacks."""
        asks = self.revision_verdict == VerdictKind.MUST_READ
        if asks and (self.read_until is None or self.read_until < timezone.localdate()):
            message = _("Say until which day it must be read; from today on.")
            return [Shortfall("read_until_missing", message, "read_until")]
        return []

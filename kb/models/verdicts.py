"""What people who work by a manual, an article or a guide must do about its revision."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.enums import VerdictKind
from kb.models.manuals import ManualEdition
from portal.models import AppendOnlyModel


class EditionVerdict(AppendOnlyModel):
    """The editor's word, given when an edition was published: known from its recording, binding after the grace.

    Of an article or a guide it is about the revision that was published.
    """

    edition = models.OneToOneField(
        ManualEdition, null=True, blank=True, on_delete=models.PROTECT, related_name="verdict"
    )
    article = models.ForeignKey(
        "kb.FaultArticle", null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    guide = models.ForeignKey(
        "kb.DiagnosisGuide", null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    name = models.CharField(max_length=220, blank=True, default="", editable=False, help_text="As it was called then.")
    kind = models.CharField(_("verdict"), max_length=10, choices=VerdictKind.choices)
    grace_until = models.DateField(_("to be done by"), null=True, blank=True)
    questions = models.PositiveSmallIntegerField(_("questions in the short quiz"), null=True, blank=True)
    # As they were then: what it replaced, and the machines the manual was about; none where it is about its category.
    replaces = models.ForeignKey(ManualEdition, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    machines = models.JSONField(default=list, blank=True, editable=False)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("verdict on an edition")
        verbose_name_plural = _("verdicts on editions")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="editorial", grace_until__isnull=True)
                | (~Q(kind="editorial") & Q(grace_until__isnull=False)),
                name="verdict_has_a_day_where_it_asks",
                violation_error_message=_("Say until which day it must be done; an editorial change has none."),
            ),
            models.CheckConstraint(
                condition=Q(kind="short_quiz", questions__gt=0) | (~Q(kind="short_quiz") & Q(questions__isnull=True)),
                name="short_quiz_asks_something",
                violation_error_message=_("Say how many questions the short quiz asks; other verdicts ask none."),
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=False, article__isnull=True, guide__isnull=True, revision__isnull=True)
                | Q(edition__isnull=True, article__isnull=False, guide__isnull=True, revision__isnull=False)
                | Q(edition__isnull=True, article__isnull=True, guide__isnull=False, revision__isnull=False),
                name="verdict_is_about_one_thing",
                violation_error_message=_("A verdict is about an edition, or a revision of an article or a guide."),
            ),
            models.CheckConstraint(
                condition=Q(edition__isnull=False) | Q(kind__in=["editorial", "must_read"]),
                name="revision_is_read_or_editorial",
                violation_error_message=_("A revision of an article or a guide is editorial or must be read."),
            ),
            models.UniqueConstraint(
                fields=["revision"],
                condition=Q(revision__isnull=False),
                name="verdict_once_a_revision",
                violation_error_message=_("The verdict on this revision was given already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.called} · {self.get_kind_display()}"

    @property
    def subject(self) -> Any:
        """The manual, article or guide: it has a category, machines and an audience."""
        return self.edition.manual if self.edition else self.article or self.guide

    @property
    def revised(self) -> Any:
        """What is opened and read: the edition, the article or the guide."""
        return self.edition or self.article or self.guide

    @property
    def called(self) -> str:
        """What it is called: an edition by its name, a revision as it was called then."""
        return str(self.edition) if self.edition else self.name

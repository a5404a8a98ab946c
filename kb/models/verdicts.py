"""What the readers of an earlier edition must do about the one that replaces it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.enums import VerdictKind
from kb.models.manuals import ManualEdition
from portal.models import AppendOnlyModel


class EditionVerdict(AppendOnlyModel):
    """The editor's word, given when an edition was published: known from its recording, binding after the grace."""

    edition = models.OneToOneField(ManualEdition, on_delete=models.PROTECT, related_name="verdict")
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
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.get_kind_display()}"

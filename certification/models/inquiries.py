"""Questions put to the duty gate with the answers it gave."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import AskedFrom, ReasonCode
from portal.enums import Task
from portal.models import AppendOnlyModel, EquipmentModel, Position


class DutyInquiry(AppendOnlyModel):
    """Somebody asked whether a person may do a task on a machine, or hold a post, on a day; this was the answer.

    The question with its ``known_at`` is whole, so that it can be asked again as it was known then.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_from = models.CharField(_("asked from"), max_length=8, choices=AskedFrom.choices)
    # The same for all questions of one list; empty for a single one.
    asked_together = models.UUIDField(_("asked together"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inquiries", verbose_name=_("person")
    )
    equipment = models.ForeignKey(
        EquipmentModel, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("equipment")
    )
    task = models.CharField(_("task"), max_length=20, choices=Task.choices, blank=True)
    position = models.ForeignKey(
        Position,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("post"),
    )
    on = models.DateField(_("day of work"))
    known_at = models.DateTimeField(_("as known at"))
    is_allowed = models.BooleanField(_("allowed"))
    # Allowed although something is missing: somebody answers for it.
    is_overridden = models.BooleanField(_("allowed by an override"), default=False)
    # Codes of the reasons in their order, and the numbers of the certificates the answer rests on.
    codes = models.JSONField(_("reason codes"), default=list)
    certificates = models.JSONField(_("certificates"), default=list)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("question to the duty gate")
        verbose_name_plural = _("questions to the duty gate")
        # Rows are only added, so that the key tells the order as well as the moment does.
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(equipment__isnull=False, position=None) & ~Q(task="")
                | Q(equipment=None, position__isnull=False, task=""),
                name="inquiry_names_work_or_a_post",
                violation_error_message=_("A question names a machine with a task, or a post."),
            ),
            models.CheckConstraint(
                condition=Q(is_overridden=False) | Q(is_allowed=True),
                name="inquiry_overridden_is_allowed",
                violation_error_message=_("Only what was allowed can rest on an override."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.subject} · {self.on}"

    @property
    def state(self) -> str:
        """The state of the answer, as of a ``DutyAnswer``."""
        if not self.is_allowed:
            return "refused"
        if ReasonCode.UNDER_GUIDANCE in self.codes:
            return "under"
        return "override" if self.is_overridden else "allowed"

    @property
    def subject(self) -> str:
        """What was asked about: the task on the machine, or the post."""
        if self.equipment is not None:
            return f"{Task(self.task).label} · {self.equipment.name}"
        return str(self.position)

"""Reports on training as they were made: files that do not change any more."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.yearly import YearlyPlan
from portal.models import AppendOnlyModel


class TrainingReport(AppendOnlyModel):
    """The report of a quarter or a year: one file, with the SHA-256 of what it was when it was made."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    # One tree of organisations; none of a report that was made over all of them, before each had its own.
    organisation = models.ForeignKey(
        "portal.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_reports",
        verbose_name=_("network"),
    )
    document = models.OneToOneField("portal.PortalDocument", on_delete=models.PROTECT, related_name="+")
    # The approved plan of a year, where it is that.
    plan = models.OneToOneField(
        YearlyPlan, null=True, blank=True, on_delete=models.PROTECT, related_name="report", verbose_name=_("plan")
    )
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("training report")
        verbose_name_plural = _("training reports")
        ordering = ["-ends_on", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on", "ends_on", "organisation"],
                condition=Q(plan__isnull=True),
                name="one_report_a_period_and_network",
                violation_error_message=_("The report of this period is kept already."),
            ),
            models.UniqueConstraint(
                fields=["starts_on", "ends_on"],
                condition=Q(organisation__isnull=True),
                name="one_report_a_period_over_all",
                violation_error_message=_("The report of this period is kept already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="report_ends_after_start",
                violation_error_message=_("A period ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    @property
    def is_of_a_year(self) -> bool:
        """Whether it covers a whole year."""
        return (self.ends_on - self.starts_on).days > 100

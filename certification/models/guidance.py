"""师带徒: who works under whom, for which scheme, from one day to another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models.schemes import Scheme
from portal.models import AppendOnlyModel


class Guidance(AppendOnlyModel):
    """A learner may do the work of a scheme together with a named person who is qualified for it, never alone."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guidances", verbose_name=_("learner")
    )
    guide = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guided", verbose_name=_("who guides")
    )
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="guidances", verbose_name=_("scheme"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    limits = models.CharField(
        _("limits in words"), max_length=200, blank=True, help_text=_("What the learner does not do, even together.")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    # Made by the form; a second post of the same form finds the first one's record.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("work under guidance")
        verbose_name_plural = _("work under guidance")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["learner", "scheme", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="guidance_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first one."),
            ),
            models.CheckConstraint(
                condition=~Q(learner=F("guide")),
                name="nobody_guides_oneself",
                violation_error_message=_("Nobody guides themselves. Choose somebody else."),
            ),
            models.CheckConstraint(
                condition=~Q(learner=F("approved_by")),
                name="guidance_is_not_approved_by_the_learner",
                violation_error_message=_("The learner does not approve it. Ask your manager."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.guide} · {self.scheme}"


class GuidanceEnd(AppendOnlyModel):
    """From a day on the guidance does not count; what it allowed before stays allowed."""

    guidance = models.OneToOneField(Guidance, on_delete=models.PROTECT, related_name="end")
    ended_on = models.DateField(_("first day without it"))
    reason = models.CharField(_("reason"), max_length=300)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("end of a guidance")
        verbose_name_plural = _("ends of guidance")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="guidance_end_has_a_reason",
                violation_error_message=_("Give the reason for ending it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.guidance} · {self.ended_on}"

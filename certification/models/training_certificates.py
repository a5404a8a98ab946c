"""Certificates of training (培训合格证明) for people customers named, who are not to work on the equipment."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import AppendOnlyModel


class TrainingCertificate(AppendOnlyModel):
    """What a named person was taught, as it stood when it was issued. It is no qualification: the gate never reads it.

    It rests on the times of one row of the signed sheet. Other times for the same person make it void and another one
    may be issued; a match of the named person to somebody changes nothing of it.
    """

    number = models.CharField(_("certificate number"), max_length=60, unique=True)
    short_number = models.CharField(_("short number"), max_length=11, unique=True)
    times = models.OneToOneField(
        "courses.NomineeTimes",
        on_delete=models.PROTECT,
        related_name="certificate",
        verbose_name=_("times on the sheet"),
    )
    nominee = models.ForeignKey(
        "courses.Nominee",
        on_delete=models.PROTECT,
        related_name="training_certificates",
        verbose_name=_("named person"),
    )
    name = models.CharField(_("name"), max_length=80)
    organisation = models.CharField(_("organisation"), max_length=200)
    title = models.CharField(_("training"), max_length=160)
    place = models.CharField(_("training place"), max_length=160, blank=True)
    trainer = models.CharField(_("trainer"), max_length=60, blank=True)
    # What was taught and for how long: rows of code, title and minutes.
    modules = models.JSONField(_("training modules"), default=list)
    minutes = models.PositiveIntegerField(_("minutes"))
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"))
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )

    class Meta:
        verbose_name = _("certificate of training")
        verbose_name_plural = _("certificates of training")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="training_certificate_has_hours",
                violation_error_message=_("Without hours there is no certificate of training."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")),
                name="training_certificate_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def masked_name(self) -> str:
        """The name as strangers read it: the first character, a star for each other one."""
        return self.name[:1] + "*" * (len(self.name) - 1)

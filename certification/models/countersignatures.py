"""Counter-signatures of a second assessor, for people who could know the answers or changed the requirements."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models.schemes import Scheme
from certification.models.versions import ApprovedVersion
from portal.models import AppendOnlyModel


class CounterSignature(AppendOnlyModel):
    """An assessor's word that exactly this evidence may count for exactly this person and version of the scheme."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="countersignatures")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="countersignatures")
    scheme_version = models.ForeignKey(ApprovedVersion, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"), default=timezone.now)
    remark = models.CharField(_("remark"), max_length=300)
    attempts = models.JSONField(help_text="Primary keys of the attempts it covers, ascending.")
    practicals = models.JSONField(help_text="Primary keys of the practicals it covers, ascending.")
    grounds = models.JSONField(help_text="Why it was needed, see certification.enums.Ground.")
    # Made by the form; a second post of the same form finds the first one's record.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("counter-signature")
        verbose_name_plural = _("counter-signatures")
        ordering = ["-signed_at", "-pk"]
        indexes = [models.Index(fields=["person", "scheme"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("signer")),
                name="nobody_countersigns_oneself",
                violation_error_message=_(
                    "Nobody countersigns their own qualification. Ask a colleague who is entitled to."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(remark=""),
                name="countersignature_has_a_remark",
                violation_error_message=_("Write a remark with the countersignature."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.scheme}"

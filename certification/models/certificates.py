"""Certificates of grants and renewals."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.models.ledger import LedgerEntry
from certification.models.schemes import Scheme


class Certificate(models.Model):
    """A printable view of a grant or renewal. The number is not enumerable; status comes from the ledger."""

    number = models.CharField(_("certificate number"), max_length=60, unique=True)
    short_number = models.CharField(_("short number"), max_length=11, unique=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="certificate")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="certificates")
    issued_on = models.DateField(_("issued on"))
    valid_to = models.DateField(_("valid to"))
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), default=0)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_on", "-pk"]

    def __str__(self) -> str:
        return self.number

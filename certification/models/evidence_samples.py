"""Auditors' samples: people drawn at random, their evidence packs in one file made in the background."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import SampleState
from portal.enums import Task

MOST = 50


def _file_name(sample: "EvidenceSample", name: str) -> str:
    """A name nobody guesses; the media folder is not served."""
    return f"evidence/{sample.pk}-{secrets.token_hex(8)}.zip"


class EvidenceSample(models.Model):
    """A sample: what was asked, the seed of the draw, and the file.

    The same seed draws the same people from the same candidates, so that the draw can be repeated by whoever doubts it.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    equipment = models.ForeignKey(
        "portal.EquipmentModel", on_delete=models.PROTECT, related_name="+", verbose_name=_("equipment model")
    )
    task = models.CharField(_("task"), max_length=10, choices=Task.choices)
    on = models.DateField(_("day"))
    known_at = models.DateTimeField(_("as known at"))
    size = models.PositiveSmallIntegerField(
        _("number drawn"), validators=[MinValueValidator(1), MaxValueValidator(MOST)], default=5
    )
    seed = models.PositiveBigIntegerField(_("seed"))
    candidates = models.PositiveIntegerField(_("drawn from"), default=0)
    drawn = models.JSONField(_("staff numbers drawn"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=SampleState.choices, default=SampleState.QUEUED)
    file = models.FileField(_("file"), upload_to=_file_name, blank=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)

    class Meta:
        verbose_name = _("evidence sample")
        verbose_name_plural = _("evidence samples")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SampleState.values),
                name="sample_state_known",
                violation_error_message=_("The sample is in an unknown state."),
            ),
            models.CheckConstraint(
                condition=Q(size__range=(1, MOST)),
                name="sample_size_bounded",
                violation_error_message=_("A sample has between 1 and 50 people."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file=""),
                name="sample_ready_has_file",
                violation_error_message=_("A finished sample has a file."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipment} · {self.on} · {self.size}"

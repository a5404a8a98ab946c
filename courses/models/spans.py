"""A span of training at a place: what a session and each of its meetings have in common."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.places import PlaceKeyField


class SpanAtPlace(models.Model):
    """From when to when, with what breaks, and where: as written, its key, and the place on record."""

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    break_minutes = models.PositiveSmallIntegerField(_("minutes of breaks"), default=0)
    place = models.CharField(_("training place"), max_length=160)
    place_key = PlaceKeyField(max_length=160, of="place", default="", editable=False)
    place_record = models.ForeignKey(
        "courses.Place",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("place of training"),
    )

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["place_record", "starts_at"], name="%(class)s_by_place_record"),
            models.Index(fields=["place_key", "starts_at"], name="%(class)s_by_place_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="%(class)s_ends_after_start",
                violation_error_message=_("Training must end after it begins."),
            ),
        ]

    @property
    def is_over(self) -> bool:
        """Whether the planned end has passed."""
        return self.ends_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        """Whether the planned start has passed."""
        return self.starts_at <= timezone.now()

    @property
    def planned_minutes(self) -> int:
        """Minutes of teaching: from start to end without the breaks."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.break_minutes

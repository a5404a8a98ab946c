"""Seats kept for a branch until a day, and who wants a module that has no date yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.modules import TrainingModule
from courses.models.sessions import Session


class SeatReservation(models.Model):
    """So many seats of a session are for the people of one branch until the end of a day."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="reservations")
    organisation = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="seat_reservations", verbose_name=_("branch")
    )
    seats = models.PositiveSmallIntegerField(_("seats"))
    until = models.DateField(_("until"))
    reserved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reserved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reserved seats")
        verbose_name_plural = _("reserved seats")
        ordering = ["until", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "organisation"],
                name="reserved_once_a_branch",
                violation_error_message=_("Seats are reserved for this branch already. Release them first."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="reservation_has_seats",
                violation_error_message=_("Reserve one seat at least."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.seats}"


class ModuleInterest(models.Model):
    """Somebody wants to be trained in a module, whenever there is a date."""

    module = models.ForeignKey(TrainingModule, on_delete=models.CASCADE, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="module_interests")
    said_at = models.DateTimeField(default=timezone.now, editable=False)
    # The session they were told of; they are told once.
    told_of = models.ForeignKey(Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("interest in a module")
        verbose_name_plural = _("interests in modules")
        ordering = ["said_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "person"],
                name="interested_once_a_module",
                violation_error_message=_("You have said so already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.module}"

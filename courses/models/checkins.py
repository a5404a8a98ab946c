"""What happens at the door: who says by scanning that they are there, taps sent later, scans of the signed sheet."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.meetings import Meeting
from courses.models.nominations import Nominee
from courses.models.sessions import Enrolment, Session


class Arrival(models.Model):
    """Somebody scanned the code on the trainer's screen; it is attendance only once the trainer confirms it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="arrivals")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="arrivals", verbose_name=_("meeting"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    nominee = models.ForeignKey(Nominee, null=True, blank=True, on_delete=models.PROTECT, related_name="arrivals")
    came_at = models.DateTimeField(_("came at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    # When the leaving was written down; a confirmed arrival may be left a second time, by scan.
    left_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_refused = models.BooleanField(_("was not there"), default=False)
    # Whether the telephone was known as theirs: by signing in, or by a named person's own link. Else they typed a name.
    is_recognised = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("scan of the check-in code")
        verbose_name_plural = _("scans of the check-in code")
        ordering = ["came_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, nominee__isnull=True) | Q(person__isnull=True, nominee__isnull=False),
                name="arrival_is_of_one",
                violation_error_message=_("Either a person or a named person arrives."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(person__isnull=False),
                name="person_arrives_once",
                violation_error_message=_("This person has scanned the code already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "nominee"],
                condition=Q(nominee__isnull=False),
                name="nominee_arrives_once",
                violation_error_message=_("This person has scanned the code already."),
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")),
                name="arrival_leaves_after_coming",
                violation_error_message=_("The check-out must not be before the check-in."),
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_by__isnull=False),
                name="arrival_is_decided_by_somebody",
                violation_error_message=_("Say who confirmed it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.session_id}"

    @property
    def name(self) -> str:
        """Who it is."""
        return self.person.name if self.person else self.nominee.name if self.nominee else ""

    @property
    def is_waiting(self) -> bool:
        """Whether the trainer has yet to say that this person is there."""
        return self.decided_at is None

    @property
    def is_confirmed(self) -> bool:
        """Whether the trainer said that this person is there."""
        return self.decided_at is not None and not self.is_refused

    @property
    def is_leaving(self) -> bool:
        """Whether the trainer has yet to say that this person left."""
        return self.is_confirmed and self.left_at is not None and self.left_confirmed_at is None


class SentTap(models.Model):
    """A press of check-in or check-out that reached the portal later than it was made; each key counts once."""

    key = models.UUIDField(primary_key=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="taps")
    act = models.CharField(max_length=10)
    tapped_at = models.DateTimeField(_("pressed at"))
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The code of the refusal; empty where it was recorded or was on record already.
    refusal = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("press sent later")
        verbose_name_plural = _("presses sent later")
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.act}"


class SheetScan(models.Model):
    """A photo or PDF of the signed sheet, kept with the session; the same file twice is one."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="sheet_scans")
    document = models.OneToOneField("portal.PortalDocument", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("scan of a signed sheet")
        verbose_name_plural = _("scans of signed sheets")
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "digest"],
                name="sheet_scan_once_a_session",
                violation_error_message=_("This file is kept with the session already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.digest[:12]}"

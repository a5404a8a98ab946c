"""Training a customer asks for, whom the customer names for it, and how long those people were there."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import RequestState
from courses.models.meetings import Meeting
from courses.models.modules import TrainingModule
from courses.models.places import PlaceKeyField
from courses.models.sessions import Session
from portal.models import AppendOnlyModel
from portal.models.audit import AppendOnlyQuerySet


class TrainingRequest(models.Model):
    """Training asked for by a customer, or offered to it; its contact names the people by a link."""

    organisation = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="training_requests", verbose_name=_("customer")
    )
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    modules = models.ManyToManyField(TrainingModule, related_name="training_requests", verbose_name=_("modules"))
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="training_requests"
    )
    seats = models.PositiveSmallIntegerField(_("number of people"), default=10)
    place = models.CharField(_("training place"), max_length=160, blank=True)
    place_key = PlaceKeyField(max_length=160, of="place", default="", editable=False)
    wished_on = models.DateField(_("wished day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    contact_name = models.CharField(_("contact"), max_length=80)
    contact_mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    # The last day on which the contact may still change the list; the whole day counts.
    name_by = models.DateField(_("name people by"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    refusal = models.CharField(_("why it was declined"), max_length=300, blank=True)
    # Grows with each change of the list: who saves an older one is shown both.
    version = models.PositiveIntegerField(default=0, editable=False)
    named_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    form_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("training request")
        verbose_name_plural = _("training requests")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="request_is_for_people",
                violation_error_message=_("Training is for one person at least."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.PLANNED) | Q(session__isnull=False),
                name="planned_request_has_a_session",
                violation_error_message=_("What is planned has a session."),
            ),
            models.UniqueConstraint(
                fields=["session"],
                name="one_list_of_names_a_session",
                violation_error_message=_("The customer names people for this session already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("courses:request", args=[self.pk])

    @property
    def number(self) -> str:
        """What people call it."""
        return f"TR-{self.pk:06}"

    def is_open_for_names(self, today: dt.date | None = None) -> bool:
        """Whether the contact may still change the list: a link was given, and its last day is not over."""
        if self.state not in (RequestState.NAMING, RequestState.PLANNED) or self.name_by is None:
            return False
        return self.name_by >= (today or timezone.localdate())


class NomineeQuerySet(models.QuerySet):
    """Named people by what is theirs."""

    def named(self) -> "NomineeQuerySet":
        """Those on the list now."""
        return self.filter(withdrawn_at__isnull=True)

    def of_session(self, session: Session) -> "NomineeQuerySet":
        """Those named for ``session``, in the order of the list, with their times and whom they were matched to."""
        found = self.named().filter(request__session=session).order_by("number", "pk")
        return found.select_related("request__organisation", "match__person").prefetch_related(
            "times__credits__module", "times__meeting"
        )


class Nominee(models.Model):
    """Somebody a customer named. What is taken off the list stays as a withdrawn row."""

    request = models.ForeignKey(TrainingRequest, on_delete=models.PROTECT, related_name="nominees")
    number = models.PositiveSmallIntegerField(_("no."))
    name = models.CharField(_("name"), max_length=80)
    post = models.CharField(_("post"), max_length=80, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    named_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Whether the telephone in hand is known as theirs by their own link; set for one request, never saved.
    is_recognised = False

    objects = NomineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("named person")
        verbose_name_plural = _("named people")
        ordering = ["request", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "name", "mobile"],
                condition=Q(withdrawn_at__isnull=True),
                name="named_once_a_request",
                violation_error_message=_("The same person stands on the list twice."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="nominee_has_a_name",
                violation_error_message=_("Enter the name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def presence(self) -> "NomineeTimes | None":
        """The times that hold of the first meeting they came to; None for who did not come."""
        return next(iter(self.presences), None)

    @property
    def presences(self) -> "list[NomineeTimes]":
        """The times that hold, in the order of the meetings; ``times__meeting`` should be loaded."""
        return self.presences_known()

    def presences_known(self, at: dt.datetime | None = None) -> "list[NomineeTimes]":
        """Return the times that held by what was on record at ``at``; None takes all that is."""
        known = [times for times in self.times.all() if at is None or times.recorded_at <= at]
        last: dict[int, NomineeTimes] = {}
        for times in sorted(known, key=lambda times: times.number):
            last[times.meeting_id] = times
        came = [times for times in last.values() if not times.is_void]
        return sorted(came, key=lambda times: times.meeting.number) if len(came) > 1 else came

    @property
    def credited(self) -> list[tuple[TrainingModule, int]]:
        """The minutes by module in all meetings; ``times__credits__module`` should be loaded."""
        minutes: dict[TrainingModule, int] = {}
        for times in self.presences:
            for credit in times.credits.all():
                minutes[credit.module] = minutes.get(credit.module, 0) + credit.minutes
        return list(minutes.items())

    @property
    def matched_to(self) -> models.Model | None:
        """The person this turned out to be."""
        match = getattr(self, "match", None)
        return match.person if match else None


class NomineeTimesQuerySet(AppendOnlyQuerySet):
    """Times of named people by what holds."""

    def holding(self) -> "NomineeTimesQuerySet":
        """Those that hold: the last of each meeting and who stands on the list, unless it says that they were away."""
        same = NomineeTimes.objects.filter(nominee=OuterRef("nominee"), meeting=OuterRef("meeting"))
        later = same.filter(number__gt=OuterRef("number"))
        return self.filter(~Exists(later), is_void=False, nominee__withdrawn_at__isnull=True)


class NomineeTimes(AppendOnlyModel):
    """When a named person came to a meeting and left, from the signed sheet; the highest number of a meeting holds."""

    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="times")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="named_times", verbose_name=_("meeting")
    )
    number = models.PositiveSmallIntegerField()
    came_at = models.DateTimeField(_("came at"))
    went_at = models.DateTimeField(_("left at"))
    is_void = models.BooleanField(_("was not there"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NomineeTimesQuerySet.as_manager()

    class Meta:
        verbose_name = _("times of a named person")
        verbose_name_plural = _("times of named people")
        ordering = ["nominee", "number"]
        constraints = [
            models.UniqueConstraint(fields=["nominee", "meeting", "number"], name="nominee_times_once_a_number"),
            models.CheckConstraint(
                condition=Q(went_at__gte=F("came_at")),
                name="nominee_left_after_coming",
                violation_error_message=_("Leaving comes after coming."),
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="nominee_correction_has_a_reason",
                violation_error_message=_("Give a reason for the correction."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee} · {self.number}"


class NomineeCredit(AppendOnlyModel):
    """Minutes of one module that the times are worth."""

    times = models.ForeignKey(NomineeTimes, on_delete=models.PROTECT, related_name="credits")
    module = models.ForeignKey(TrainingModule, on_delete=models.PROTECT, related_name="nominee_credits")
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("credited time of a named person")
        verbose_name_plural = _("credited time of named people")
        ordering = ["times", "pk"]
        constraints = [models.UniqueConstraint(fields=["times", "module"], name="nominee_credited_once_a_module")]

    def __str__(self) -> str:
        return f"{self.times} · {self.module} · {self.minutes}"


class NomineeMatch(AppendOnlyModel):
    """Who a named person is, found out later; what was recorded of the named person stays as it was."""

    nominee = models.OneToOneField(Nominee, on_delete=models.PROTECT, related_name="match")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nominations")
    matched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    matched_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("match of a named person")
        verbose_name_plural = _("matches of named people")

    def __str__(self) -> str:
        return f"{self.nominee} · {self.person}"

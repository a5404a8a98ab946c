"""Choices of training."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How far a module goes."""

    BASIC = "basic", _("Basic")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class Policy(models.TextChoices):
    """What happens when a rule of training is not met."""

    IGNORE = "ignore", _("Ignore")
    WARN = "warn", _("Warn")
    BLOCK = "block", _("Refuse")


def stricter(one: str, other: str) -> Policy:
    """Return the policy that lets less pass."""
    order = list(Policy)
    return max(Policy(one), Policy(other), key=order.index)


class SessionKind(models.TextChoices):
    """The form of a session."""

    CLASS = "class", _("Class")
    ON_SITE = "on_site", _("On-site training")
    ON_THE_JOB = "on_the_job", _("On-the-job training")
    COACHING = "coaching", _("Coaching")
    BRIEFING = "briefing", _("Briefing")
    SEMINAR = "seminar", _("Seminar")


class SessionState(models.TextChoices):
    """Life of a session; the legal transitions are in ``courses.sessions.states``."""

    SCHEDULED = "scheduled", _("Scheduled")
    OPEN = "open", _("Check-in open")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class PlaceKind(models.TextChoices):
    """Whose a place of training is."""

    ROOM = "room", _("Own room")
    SITE = "site", _("Customer's site")


class DayKind(models.TextChoices):
    """What a day is that is not what its weekday says."""

    HOLIDAY = "holiday", _("Day off")
    WORKING = "working", _("Working day")


class RequestState(models.TextChoices):
    """Life of a training request; the legal steps are in ``courses.nominations.domain``."""

    ASKED = "asked", _("To be planned")
    NAMING = "naming", _("Names awaited")
    PLANNED = "planned", _("Session planned")
    DECLINED = "declined", _("Declined")


class EnrolmentState(models.TextChoices):
    """A seat, a place on the waitlist, or neither any more."""

    SEATED = "seated", _("Seat booked")
    WAITLISTED = "waitlisted", _("On the waitlist")
    PENDING = "pending", _("Awaits approval")
    OFFERED = "offered", _("Seat offered")
    CANCELLED = "cancelled", _("Cancelled")


class SeatApproval(models.TextChoices):
    """Who has to agree before somebody who books has a seat."""

    NOBODY = "nobody", _("No approval needed")
    SUPERIOR = "superior", _("The superior")
    ORGANISER = "organiser", _("Whoever runs the session")


class TimeSource(models.TextChoices):
    """What says when somebody came or went."""

    BUTTON = "button", _("Button")
    PAPER = "paper", _("Signed sheet")
    CORRECTION = "correction", _("Correction")
    SCAN = "scan", _("Scanned code")


class ClashKind(models.TextChoices):
    """What speaks against holding a session there and then, such as a trainer or room of another one."""

    TRAINER = "trainer", _("Taught by")
    UNQUALIFIED = "unqualified", _("Trainer not qualified that day")
    PLACE = "place", _("Training place")
    EQUIPMENT = "equipment", _("Machine used")
    TRAINEE = "trainee", _("Trainee")
    SEATS = "seats", _("More seats than the place holds")
    HOLIDAY = "holiday", _("Public holiday")


class Notice(models.TextChoices):
    """Why somebody is written to about a session."""

    BOOKED = "booked", _("Seat booked")
    WAITLISTED = "waitlisted", _("On the waitlist")
    MOVED_UP = "moved_up", _("Moved up from the waitlist")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    CANCELLED = "cancelled", _("Session cancelled")
    LEFT = "left", _("Seat given up")
    PENDING = "pending", _("Awaits approval")
    REFUSED = "refused", _("Seat not approved")
    OFFERED = "offered", _("Seat offered")
    LAPSED = "lapsed", _("Offer lapsed")


class DueNotice(models.TextChoices):
    """Why somebody is written to about assigned training."""

    REMINDER = "reminder", _("Reminder")
    ESCALATION = "escalation", _("Told the superior")


class FeedKind(models.TextChoices):
    """Kind of a calendar feed's subject; prefix of the number in a token's subject."""

    PERSON = "person", _("My training")
    TRAINER = "trainer", _("Sessions I teach")
    ORGANISATION = "organisation", _("Branch")
    CATEGORY = "category", _("Equipment category")
    MODEL = "model", _("Equipment model")
    PROJECT = "project", _("Customer project")
    PLACE = "place", _("Training place")
    REGION = "region", _("Region")


class PlanAnchor(models.TextChoices):
    """The day of a project from which a period of its schedule is counted."""

    INSTALLATION = "installation", _("Start of the installation")
    ACCEPTANCE = "acceptance", _("Acceptance")
    WARRANTY_END = "warranty_end", _("End of the warranty")


class YearlyState(models.TextChoices):
    """Life of a yearly plan."""

    DRAFT = "draft", _("Being drawn up")
    SUBMITTED = "submitted", _("Awaits approval")
    APPROVED = "approved", _("Approved")

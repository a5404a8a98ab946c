"""Sessions as calendar events, for files, feeds and invitations alike."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from courses.enums import EnrolmentState, SessionState
from courses.models import DroppedMeeting, Enrolment, Meeting, Session
from portal.exchange.calendars import CalendarEvent, Mailbox
from portal.models import PortalSettings
from portal.templatetags.portal_format import hours

# One hour is enough to leave the workshop; the mail of the booking came long before.
REMIND_MINUTES = 60


def absolute(path: str) -> str:
    """Return the public address of a path of this portal."""
    return f"{settings.PUBLIC_URL}{path}"


def organiser() -> Mailbox:
    """Return who invites: the address letters come from, with its name or else the organisation's."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Mailbox(address, name or PortalSettings.load().issuer)


def events_of(
    session: Session, enrolment: Enrolment | None = None, *, organised_by: Mailbox | None = None
) -> list[CalendarEvent]:
    """Return the meetings of ``session`` as events; with ``enrolment`` as that person sees them (waiting, given up).

    Args:
        session: ``parts`` with modules, ``meetings``, trainer and organisation should be loaded.
        organised_by: as :func:`organiser` returns it, asked once for many events.
    """
    organised_by = organised_by or organiser()
    meetings = list(session.meetings.all())
    for meeting in meetings:
        meeting.session = session
    return [event_of(meeting, enrolment, organised_by=organised_by) for meeting in meetings]


def event_of(meeting: Meeting, enrolment: Enrolment | None = None, *, organised_by: Mailbox) -> CalendarEvent:
    """Return one meeting as an event; arguments as for :func:`events_of`."""
    session = meeting.session
    is_waiting = enrolment is not None and enrolment.is_tentative
    has_left = enrolment is not None and enrolment.state == EnrolmentState.CANCELLED
    is_cancelled = session.state == SessionState.CANCELLED or has_left
    changed = max(session.changed_at, enrolment.changed_at) if enrolment else session.changed_at
    title = f"{session.title} {meeting.label}".strip()
    return CalendarEvent(
        uid=str(meeting.uid),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=_summary(title, is_cancelled=is_cancelled, is_waiting=is_waiting),
        changed_at=changed,
        sequence=session.sequence + (enrolment.sequence if enrolment else 0),
        description=describe(session),
        location=meeting.place,
        url=absolute(session.get_absolute_url()),
        categories=[str(session.get_kind_display())],
        is_cancelled=is_cancelled,
        is_tentative=is_waiting,
        remind_minutes=REMIND_MINUTES,
        organiser=organised_by,
    )


def dropped_event(meeting: DroppedMeeting, sequence: int, *, organised_by: Mailbox) -> CalendarEvent:
    """Return a meeting that was taken out of its session as a cancelled event.

    Args:
        sequence: of the session, or of a person's calendar: greater than when the meeting was last shown.
    """
    session = meeting.session
    return CalendarEvent(
        uid=str(meeting.uid),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=_summary(session.title, is_cancelled=True, is_waiting=False),
        changed_at=max(session.changed_at, meeting.dropped_at),
        sequence=sequence,
        location=meeting.place,
        url=absolute(session.get_absolute_url()),
        is_cancelled=True,
        organiser=organised_by,
    )


def _summary(title: str, *, is_cancelled: bool, is_waiting: bool) -> str:
    if is_cancelled:
        return _("Cancelled: %(title)s") % {"title": title}
    if is_waiting:
        return _("Waitlist: %(title)s") % {"title": title}
    return title


def describe(session: Session) -> str:
    """Return the session in a few lines of text: what a calendar shows below the title."""
    modules = "、".join(f"{part.module.title}（{hours(part.minutes)}）" for part in session.parts.all())
    lines = [
        _("Training: %(modules)s") % {"modules": modules} if modules else "",
        _("Trainer: %(trainer)s") % {"trainer": session.trainer.name},
        _("Held for: %(organisation)s") % {"organisation": session.organisation.name},
        session.note,
        _("Reason: %(reason)s") % {"reason": session.cancel_reason} if session.cancel_reason else "",
        absolute(session.get_absolute_url()),
    ]
    return "\n".join(line for line in lines if line)

"""Build calendars (RFC 5545) and invitations (RFC 5546) from events given as dataclasses (icalendar).

HTTP and mail are left to the app that sends the calendar. Constructs on which calendar programs failed are avoided:
no LANGUAGE or ALTREP parameters, a bare ``mailto:`` organiser, control characters stripped, no naive datetimes, and
one small VTIMEZONE that holds for the organisation's zone instead of its history.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from icalendar import vCalAddress, vDuration, vText

PRODID = "-//DutyReady//Training calendar//ZH"
CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = dt.timedelta(hours=6)
# The years for which the time zone is written out; a zone without daylight saving needs one line for all of them.
ZONE_FROM, ZONE_UNTIL = dt.date(2000, 1, 1), dt.date(2060, 1, 1)
# Everything below the space but line feed and tab, and the line separators some programs break lines at.
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


class NaiveMoment(ValueError):
    """A moment without a time zone was about to be written: it would be another moment for each reader."""


@dataclass(frozen=True)
class Mailbox:
    """A mail address with the name shown beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True)
class CalendarEvent:
    """What a calendar shows of one appointment.

    Args:
        uid: stays for ever, wherever the portal is served: a UUID (RFC 7986, 5.3).
        starts_at, ends_at, changed_at: aware moments.
        sequence: grows at each reschedule and at the cancellation.
        stamped_at: when an invitation was written; a feed has none and says when the facts last changed.
        url: absolute address of the page.
        is_cancelled, is_tentative: a cancelled event is kept so that calendars take it away; tentative: waitlist.
        is_withdrawn: the attendee alone is uninvited; the event goes on and its status is not said.
        remind_minutes: how long before the start the calendar reminds; None for no reminder.
        organiser, attendee: both are needed in an invitation; ``attendee`` is a mail address.
        attendee_name: shown beside the address.
    """

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    changed_at: dt.datetime
    sequence: int = 0
    description: str = ""
    location: str = ""
    url: str = ""
    categories: Sequence[str] = ()
    is_cancelled: bool = False
    is_tentative: bool = False
    is_withdrawn: bool = False
    remind_minutes: int | None = None
    stamped_at: dt.datetime | None = None
    organiser: Mailbox | None = None
    attendee: str = ""
    attendee_name: str = ""


def clean(text: str) -> str:
    """Return ``text`` without the control characters that break parsers; line ends become line feeds."""
    return CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def build_calendar(
    events: Sequence[CalendarEvent], *, name: str = "", method: str = "", refresh: dt.timedelta | None = REFRESH
) -> bytes:
    """Return a calendar holding ``events``.

    Args:
        name: shown by programs that subscribe; empty in an invitation.
        method: ``PUBLISH`` for a feed or file; ``REQUEST`` or ``CANCEL`` for an invitation by mail.
        refresh: how often subscribers are asked to come back; None leaves it out.

    Raises:
        NaiveMoment: an event has a moment without zone.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("name", clean(name))
        calendar.add("x-wr-calname", clean(name))
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
    if refresh is not None:
        calendar["refresh-interval"] = vDuration(refresh, params={"VALUE": "DURATION"})
        calendar["x-published-ttl"] = vDuration(refresh)
    calendar.add_component(_zone(settings.TIME_ZONE))
    for event in events:
        calendar.add_component(_vevent(event))
    return calendar.to_ical()


@cache
def _zone(name: str) -> icalendar.Timezone:
    zone = icalendar.Timezone.from_tzid(name, first_date=ZONE_FROM, last_date=ZONE_UNTIL)
    zone.pop("COMMENT", None)
    return zone


def _local(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise NaiveMoment(f"{moment} has no time zone")
    return moment.astimezone(_tzinfo(settings.TIME_ZONE)).replace(microsecond=0)


@cache
def _tzinfo(name: str) -> dt.tzinfo:
    return ZoneInfo(name)


def _utc(moment: dt.datetime) -> dt.datetime:
    return _local(moment).astimezone(dt.UTC)


def _vevent(event: CalendarEvent) -> icalendar.Event:
    vevent = icalendar.Event()
    vevent.add("uid", event.uid)
    vevent.add("sequence", event.sequence)
    # The stamp is when the facts last changed, so that an unchanged feed is the same bytes and answers 304.
    vevent.add("dtstamp", _utc(event.stamped_at or event.changed_at))
    vevent.add("last-modified", _utc(event.changed_at))
    vevent.add("dtstart", _local(event.starts_at))
    vevent.add("dtend", _local(event.ends_at))
    vevent["summary"] = vText(_title(event))
    for name, text in (("description", clean(event.description)), ("location", clean(event.location))):
        if text:
            vevent[name] = vText(text)
    if event.url:
        vevent.add("url", event.url)
    if event.categories:
        vevent.add("categories", [clean(category) for category in event.categories if clean(category)])
    if not event.is_withdrawn:
        vevent.add("status", _status(event))
    is_free = event.is_cancelled or event.is_tentative or event.is_withdrawn
    vevent.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    if event.organiser is not None:
        vevent["organizer"] = _address(event.organiser)
    if event.attendee:
        vevent.add("attendee", _attendee(event), encode=False)
    if event.remind_minutes is not None and not event.is_cancelled and not event.is_withdrawn:
        vevent.add_component(_reminder(event))
    return vevent


def _title(event: CalendarEvent) -> str:
    # A property without a value is an error to some parsers.
    return clean(event.summary) or "-"


def _status(event: CalendarEvent) -> str:
    if event.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if event.is_tentative else "CONFIRMED"


def _attendee(event: CalendarEvent) -> vCalAddress:
    attendee = _address(Mailbox(event.attendee, event.attendee_name))
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "TENTATIVE" if event.is_tentative else "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.address}")
    # Neither a quote nor a line end can be written inside a parameter, however it is escaped.
    if name := " ".join(clean(mailbox.name).replace('"', "").split()):
        address.params["CN"] = name
    return address


def _reminder(event: CalendarEvent) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm["description"] = vText(_title(event))
    alarm.add("trigger", -dt.timedelta(minutes=event.remind_minutes or 0))
    return alarm


__all__ = ["CONTENT_TYPE", "CalendarEvent", "Mailbox", "NaiveMoment", "build_calendar", "clean"]

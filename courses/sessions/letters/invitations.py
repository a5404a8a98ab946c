"""Mails about sessions with a calendar invitation (RFC 5546, iMIP).

A calendar that got a REQUEST takes the session away again at the CANCEL; one that was only shown a file cannot.
"""

import dataclasses
import re
import uuid
from email.mime.text import MIMEText
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from courses.enums import EnrolmentState, Notice, SessionState
from courses.models import DroppedMeeting, Enrolment, Session
from courses.sessions.events import absolute, describe, dropped_event, events_of, organiser
from courses.sessions.letters.links import offer_link
from courses.sessions.wording import written_moment
from portal.exchange.calendars import CalendarEvent, build_calendar
from portal.models import Person
from portal.notices.door import tell

TAKES_AWAY = frozenset({Notice.CANCELLED, Notice.LEFT, Notice.REFUSED, Notice.LAPSED})
# What must still be true of the enrolment when the letter is written, or it would tell something that is over.
STILL_TRUE = {
    Notice.BOOKED: EnrolmentState.SEATED,
    Notice.MOVED_UP: EnrolmentState.SEATED,
    Notice.WAITLISTED: EnrolmentState.WAITLISTED,
    Notice.LEFT: EnrolmentState.CANCELLED,
    Notice.PENDING: EnrolmentState.PENDING,
    Notice.OFFERED: EnrolmentState.OFFERED,
    Notice.REFUSED: EnrolmentState.CANCELLED,
    Notice.LAPSED: EnrolmentState.CANCELLED,
}

NOT_IN_A_HEADER = re.compile(r'[\s"<>,;:@()\\]+')


@dataclasses.dataclass(frozen=True)
class Invitation:
    """One calendar of a letter: RFC 5546 allows one event in each.

    Args:
        method: REQUEST for what is on, CANCEL for what is off.
    """

    content: bytes
    method: str
    filename: str


def invitations_of(enrolment: Enrolment, notice: str) -> list[Invitation]:
    """Return the calendars of the letter, one a meeting, those of dropped meetings last.

    Who alone leaves is uninvited: the event itself goes on, so it carries no STATUS (RFC 5546, 3.2.5).
    """
    session, by = enrolment.session, organiser()
    is_off, takes_away = session.state == SessionState.CANCELLED, notice in TAKES_AWAY
    events = [
        dataclasses.replace(
            event,
            summary=event.summary if is_off or not takes_away else _titled(session, number),
            is_cancelled=is_off,
            is_withdrawn=takes_away and not is_off,
        )
        for number, event in enumerate(events_of(session, enrolment, organised_by=by), start=1)
    ]
    made = [(event, "CANCEL" if takes_away else "REQUEST") for event in events]
    # Whatever is told: the letter about the change may have been overtaken and left out, and this one speaks for it.
    for meeting in _drops_to_tell(enrolment):
        meeting.session = session
        made.append((dropped_event(meeting, enrolment.calendar_sequence, organised_by=by), "CANCEL"))
    return [_invitation(enrolment, *pair, number) for number, pair in enumerate(made, start=1)]


def _drops_to_tell(enrolment: Enrolment) -> QuerySet[DroppedMeeting]:
    """Return the dropped meetings that no letter took out of this person's calendar yet."""
    return enrolment.session.dropped_meetings.filter(pk__gt=enrolment.last_drop_told_id or 0)


def _titled(session: Session, number: int) -> str:
    return f"{session.title} {number}/{session.meeting_count}" if session.has_several_meetings else session.title


def _invitation(enrolment: Enrolment, event: CalendarEvent, method: str, number: int) -> Invitation:
    event = dataclasses.replace(
        event,
        attendee=enrolment.person.email,
        attendee_name=enrolment.person.name,
        stamped_at=enrolment.stamped_at or event.changed_at,
    )
    filename = "invite.ics" if number == 1 else f"invite-{number}.ics"
    return Invitation(build_calendar([event], method=method, refresh=None), method, filename)


def is_outdated(enrolment: Enrolment, notice: str) -> bool:
    """Whether something happened since that makes the letter wrong."""
    if notice in STILL_TRUE and enrolment.state != STILL_TRUE[notice]:
        return True
    return notice not in TAKES_AWAY and enrolment.session.state == SessionState.CANCELLED


def mailbox(person: Person) -> str:
    """Return name and address as a header takes them: what would end the name or begin another address is left out."""
    name = NOT_IN_A_HEADER.sub(" ", person.name).strip()
    return f"{name} <{person.email}>" if name else person.email


def compose_invitation(
    enrolment: Enrolment, notice: str, was: dict[str, str] | None = None, *, link: str = ""
) -> EmailMultiAlternatives:
    """Return the letter: text first, the invitation last among the alternatives, and the same as an attachment.

    Args:
        link: the secret one under which an offered seat is taken or declined.
    """
    session, calendars = enrolment.session, invitations_of(enrolment, notice)
    context = {
        "files": len(calendars),
        "is_off": notice in TAKES_AWAY,
        "person": enrolment.person,
        "session": session,
        "enrolment": enrolment,
        "notice": str(notice),
        "was": was or {},
        "details": describe(session),
        "url": absolute(session.get_absolute_url()),
        "link": link,
        "until": written_moment(enrolment.offer_until) if enrolment.offer_until else "",
    }
    subject = " ".join(render_to_string("courses/mail/subject.txt", context).split())
    letter = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("courses/mail/body.txt", context),
        to=[mailbox(enrolment.person)] if enrolment.person.email else [],
        # RFC 3834: absence notes and mailing lists do not answer what a machine wrote.
        headers={"Auto-Submitted": "auto-generated"},
    )
    # Mail programs act on the alternative; the attachments are for those that do not, and for the further meetings.
    letter.attach_alternative(calendars[0].content.decode(), f"text/calendar; method={calendars[0].method}")
    for calendar in calendars:
        part = MIMEText(calendar.content.decode(), "calendar", "utf-8")
        part.set_param("method", calendar.method)
        part.add_header("Content-Disposition", "attachment", filename=calendar.filename)
        letter.attach(part)
    return letter


def send_invitation(
    enrolment: Enrolment, notice: str, *, letter_key: uuid.UUID | None = None, was: dict[str, str] | None = None
) -> bool:
    """Tell the person if it is still up to date, by mail with the invitation and as they chose; return whether it was.

    Args:
        letter_key: a letter that was sent under this key is not sent again.
    """
    person = enrolment.person
    if not person.is_active or is_outdated(enrolment, notice):
        return False
    # Asked first: what is dropped while the letter is written is told once more, and never left out.
    last_drop = enrolment.session.dropped_meetings.order_by("pk").last()
    with translation.override(settings.LANGUAGE_CODE):
        path, key = enrolment.session.get_absolute_url(), letter_key or uuid.uuid4()
        # The link stands in the letter alone: the portal keeps no secret, and who is signed in needs none.
        noted = compose_invitation(enrolment, notice, was).body if notice == Notice.OFFERED else None
        link = offer_link(enrolment) if notice == Notice.OFFERED else ""
        letter = compose_invitation(enrolment, notice, was, link=link)
        is_told = tell(person, letter, key, kind="sessions", path=path, noted=noted)
    if is_told and last_drop is not None:
        Enrolment.objects.filter(pk=enrolment.pk).update(last_drop_told=last_drop)
    return is_told


def ask_for_approval(enrolment: Enrolment, person: Person, *, letter_key: uuid.UUID) -> bool:
    """Tell somebody of a seat that awaits their approval; return whether it reached them."""
    context = {"person": person, "learner": enrolment.person, "session": enrolment.session}
    return _tell(person, "approval", context, reverse("courses:seats_to_approve"), "approvals", letter_key)


def tell_of_session(session: Session, person: Person, *, letter_key: uuid.UUID) -> bool:
    """Tell somebody of a session of a module they want; return whether it reached them."""
    context = {"person": person, "session": session}
    return _tell(person, "interest", context, session.get_absolute_url(), "interests", letter_key)


def _tell(person: Person, what: str, context: dict[str, Any], path: str, kind: str, key: uuid.UUID) -> bool:
    context = context | {"what": what, "url": absolute(path)}
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMessage(
            subject=" ".join(render_to_string("courses/sessions/mail/subject.txt", context).split()),
            body=render_to_string("courses/sessions/mail/body.txt", context),
            headers={"Auto-Submitted": "auto-generated"},
        )
        return tell(person, letter, key, kind=kind, path=path)


def send_to_trainer(
    session: Session, person: Person, notice: str, was: dict[str, str], *, letter_key: uuid.UUID
) -> bool:
    """Tell a trainer of a change of what they teach; return whether it reached them."""
    path = session.get_absolute_url()
    context = {
        "person": person,
        "session": session,
        "notice": str(notice),
        "was": was,
        "details": describe(session),
        "teaches": session.trainer_id == person.pk,
        "is_trainer": True,
    }
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMultiAlternatives(
            subject=" ".join(render_to_string("courses/mail/subject.txt", context).split()),
            body=render_to_string("courses/mail/trainer.txt", context),
            to=[mailbox(person)] if person.email else [],
            headers={"Auto-Submitted": "auto-generated"},
        )
        return tell(person, letter, letter_key, kind="sessions", path=path)

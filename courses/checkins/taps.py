"""Presses of check-in and check-out that reach the portal later, because the network was gone when they were made."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.checkins.errors import TappedTooLongAgo
from courses.enums import TimeSource
from courses.models import Enrolment, Meeting, SentTap, Session
from courses.sessions.attendance.domain import check_in, check_out
from courses.sessions.errors.attendance import TimeOnRecord
from courses.sessions.errors.meetings import NoSuchMeeting
from portal.errors import DomainError
from portal.models import Person

#: How late a press may reach the portal; later only the sheet is asked.
KEPT_FOR = dt.timedelta(hours=24)
#: How many are sent at once; a telephone with more sends them in turns.
AT_ONCE = 100

ACTS: dict[str, Callable[..., Any]] = {"check-in": check_in, "check-out": check_out}


@dataclass(frozen=True)
class Tap:
    """One press as the telephone kept it.

    Args:
        key: made by the telephone when it was pressed.
        ago: how long ago that was, by the telephone's own clock, which may be wrong by days.
        meeting: on whose roster; None where the session has only one.
    """

    key: uuid.UUID
    enrolment: int
    act: str
    ago: dt.timedelta
    meeting: int | None = None


def record_taps(session: Session, taps: Sequence[Tap], *, by: Person) -> list[SentTap]:
    """Record presses in the order they were made, each for itself; one that was sent before is answered as then.

    A press of somebody else's session or of an unknown row is left out: it has no answer.

    Args:
        by: whoever runs the session; every act asks again.
    """
    rows = {row.pk: row for row in Enrolment.objects.filter(session=session).select_related("session", "person")}
    ordered = sorted((tap for tap in taps if tap.enrolment in rows), key=lambda tap: tap.ago, reverse=True)
    meetings = {meeting.pk: meeting for meeting in session.meetings.all()}
    return [_record(rows[tap.enrolment], tap, meetings, by) for tap in ordered]


@transaction.atomic
def _record(enrolment: Enrolment, tap: Tap, meetings: Mapping[int, Meeting], by: Person) -> SentTap:
    now = timezone.now()
    pressed = now - max(min(tap.ago, dt.timedelta(days=365)), dt.timedelta())
    sent, is_new = SentTap.objects.select_for_update().get_or_create(
        key=tap.key, defaults={"enrolment": enrolment, "act": tap.act, "tapped_at": pressed, "sent_by": by}
    )
    if not is_new:
        return sent
    try:
        with transaction.atomic():
            if now - pressed > KEPT_FOR:
                raise TappedTooLongAgo(hours=int(KEPT_FOR.total_seconds()) // 3600)
            if tap.meeting is not None and tap.meeting not in meetings:
                raise NoSuchMeeting
            meeting = meetings[tap.meeting] if tap.meeting is not None else None
            ACTS[tap.act](enrolment, by=by, at=pressed, source=TimeSource.BUTTON, meeting=meeting)
    except TimeOnRecord as refusal:
        # Somebody pressed, scanned or wrote it meanwhile: what is on record stands, and the press is done with.
        sent.message = str(refusal)
    except DomainError as refusal:
        sent.refusal, sent.message = refusal.code, str(refusal)
    sent.save(update_fields=["refusal", "message"])
    return sent

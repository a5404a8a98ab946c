"""Context of sign-in sheets."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses.models import Enrolment, Meeting, Nominee, Session
from courses.sessions.events import absolute
from courses.sessions.queries import roster_of
from courses.sessions.wording import written_span, written_time
from portal.exchange.qr import svg_data_uri
from portal.models import PortalSettings

# Rows for people who come without having booked.
BLANK_ROWS = 5
# A sheet for few people still fills the page it is printed on.
LEAST_ROWS = 16


# Up to so many meetings share a sheet, with a column to sign for each; of more each has a sheet of its own.
MOST_COLUMNS = 3


def sheets_of(session: Session) -> dict[str, Any]:
    """Return what the sign-in sheets of a session show: one, or one a meeting where there are many."""
    meetings = list(session.meetings.all())
    if len(meetings) <= MOST_COLUMNS:
        return sheet_facts(session, meetings)
    first, *further = (sheet_facts(session, [meeting]) for meeting in meetings)
    return first | {"further": further}


def sheet_facts(session: Session, meetings: Sequence[Meeting] = ()) -> dict[str, Any]:
    """Return what a sign-in sheet for some meetings of a session shows; for all of them if none are given.

    Times and signatures are left to be written by hand whenever it is printed; what the portal recorded stands apart.
    """
    meetings = meetings or list(session.meetings.all())
    only = meetings[0] if len(meetings) == 1 else None
    roster = roster_of(session, only)
    named = [nominee for nominee in Nominee.objects.of_session(session) if nominee.matched_to is None]
    listed = len(roster) + len(named)
    blank = max(BLANK_ROWS, LEAST_ROWS - listed)
    address = absolute(session.get_absolute_url())
    return {
        "title": _("Training sign-in sheet"),
        "form_number": PortalSettings.load().sign_in_sheet_form,
        "session": session,
        "meetings": meetings if len(meetings) > 1 else [],
        "when": written_span(only) if only else written_time(session),
        "place": only.place if only else session.place,
        "label": only.label if only else "",
        "roster": [(number, row, position_of(row)) for number, row in enumerate(roster, start=1)],
        "named": list(enumerate(named, start=len(roster) + 1)),
        "blank_rows": range(listed + 1, listed + blank + 1),
        "expected": listed,
        "came": sum(1 for row in roster if row.present) + sum(1 for nominee in named if _was_there(nominee, only)),
        "has_records": any(row.present for row in roster),
        "qr": svg_data_uri(address),
        "address": address,
    }


def _was_there(nominee: Nominee, meeting: Meeting | None) -> bool:
    return any(meeting is None or times.meeting_id == meeting.pk for times in nominee.presences)


def position_of(row: Enrolment) -> str:
    """Return the posts a person holds on the day."""
    return "、".join(assignment.position.title for assignment in row.person.posts)

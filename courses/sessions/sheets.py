"""Context of sign-in sheets."""

from typing import Any

from django.utils.translation import gettext as _

from courses.models import Enrolment, Nominee, Session
from courses.sessions.events import absolute
from courses.sessions.queries import roster_of
from courses.sessions.wording import written_time
from portal.exchange.qr import svg_data_uri
from portal.models import PortalSettings

# Rows for people who come without having booked.
BLANK_ROWS = 5
# A sheet for few people still fills the page it is printed on.
LEAST_ROWS = 16


def sheet_facts(session: Session) -> dict[str, Any]:
    """Return what the sign-in sheet shows.

    Times and signatures are left to be written by hand whenever it is printed; what the portal recorded stands apart.
    """
    roster = roster_of(session)
    named = [nominee for nominee in Nominee.objects.of_session(session) if nominee.matched_to is None]
    listed = len(roster) + len(named)
    blank = max(BLANK_ROWS, LEAST_ROWS - listed)
    address = absolute(session.get_absolute_url())
    return {
        "title": _("Training sign-in sheet"),
        "form_number": PortalSettings.load().sign_in_sheet_form,
        "session": session,
        "when": written_time(session),
        "roster": [(number, row, position_of(row)) for number, row in enumerate(roster, start=1)],
        "named": list(enumerate(named, start=len(roster) + 1)),
        "blank_rows": range(listed + 1, listed + blank + 1),
        "expected": listed,
        "came": sum(1 for row in roster if row.present) + sum(1 for nominee in named if nominee.presence),
        "has_records": any(row.present for row in roster),
        "qr": svg_data_uri(address),
        "address": address,
    }


def position_of(row: Enrolment) -> str:
    """Return the posts a person holds on the day."""
    return "、".join(assignment.position.title for assignment in row.person.posts)

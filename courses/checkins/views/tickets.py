"""What a browser keeps at the door: that it showed a valid code, and whose telephone it is."""

import time

from django.http import HttpRequest

from courses.checkins.domain import TICKET
from courses.models import Nominee
from courses.nominations.personal import recognised
from portal.models import AccessToken

#: Keys of the browser's session.
TICKETS, OWN_LINKS = "check_in_tickets", "check_in_own_links"
#: So many links of named people a browser keeps; the oldest goes first.
MOST_LINKS = 12


def give_ticket(request: HttpRequest, session: int) -> None:
    """Note that this browser showed a valid code of a session now."""
    request.session[TICKETS] = {**request.session.get(TICKETS, {}), str(session): int(time.time())}


def ticket_of(request: HttpRequest, session: int) -> int:
    """Return when this browser showed a valid code of a session, in seconds since 1970; 0 if it never did."""
    return request.session.get(TICKETS, {}).get(str(session), 0)


def has_ticket(request: HttpRequest, session: int) -> bool:
    """Whether a code shown by this browser still counts."""
    return time.time() - ticket_of(request, session) <= TICKET.total_seconds()


def recognise(request: HttpRequest, token: AccessToken) -> None:
    """Remember whose telephone this is; the link opened last counts."""
    kept = [key for key in request.session.get(OWN_LINKS, []) if key != token.pk]
    request.session[OWN_LINKS] = [*kept, token.pk][-MOST_LINKS:]


def recognised_here(request: HttpRequest) -> list[Nominee]:
    """Return the named people whose live links this browser opened, the last one first."""
    keys = request.session.get(OWN_LINKS, [])
    return recognised(reversed(keys)) if keys else []

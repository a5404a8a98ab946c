"""Load the session or enrolment of a page; 404 also for what the reader may not see."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.timezone import localdate

from courses.models import Enrolment, Meeting, Session
from courses.sessions.meetings.domain import current_meeting
from courses.sessions.permissions import can_run_session, can_see_roster, visible_sessions
from courses.sessions.queries import for_lists
from portal.ui.filters import Chip


def session_or_404(request: HttpRequest, pk: int) -> Session:
    """Return the session with its seats, trainer, branch and modules, if the reader may see it.

    Raises:
        Http404: there is none, or none for this reader.
    """
    return get_object_or_404(for_lists(visible_sessions(request.user)), pk=pk)


def asked_meeting(request: HttpRequest, session: Session) -> Meeting:
    """Return the meeting that the address names by its key; the one that is running or was last, if it names none.

    Raises:
        Http404: the session has no such meeting.
    """
    number = request.GET.get("meeting", "")
    if not number:
        return current_meeting(session)
    meetings = {str(meeting.pk): meeting for meeting in session.meetings.all()}
    if number not in meetings:
        raise Http404
    return meetings[number]


def meeting_tabs(shown: Meeting, address: str) -> list[Chip]:
    """Return a tab for each meeting of a session; none where there is only one.

    Args:
        address: of the page, which takes ``meeting``.
    """
    session = shown.session
    if not session.has_several_meetings:
        return []
    return [
        Chip(
            f"{one.label} {date_format(localdate(one.starts_at), 'MONTH_DAY_FORMAT')}",
            f"{address}?meeting={one.pk}",
            one == shown,
        )
        for one in session.meetings.all()
    ]


def own_session_or_403(request: HttpRequest, pk: int) -> Session:
    """Return a session the reader runs.

    Raises:
        Http404: there is none for this reader to see.
        PermissionDenied: the reader may see it but does not run it.
    """
    session = session_or_404(request, pk)
    if not can_run_session(request.user, session):
        raise PermissionDenied
    return session


def roster_session_or_403(request: HttpRequest, pk: int) -> Session:
    """Return a session whose list of people the reader may read.

    Raises:
        Http404, PermissionDenied: as :func:`own_session_or_403`.
    """
    session = session_or_404(request, pk)
    if not can_see_roster(request.user, session):
        raise PermissionDenied
    return session


def enrolment_or_404(request: HttpRequest, pk: int) -> Enrolment:
    """Return an enrolment of a session the reader runs.

    Raises:
        Http404: there is none, or it is nobody's business of the reader.
    """
    enrolment = get_object_or_404(Enrolment.objects.select_related("session__organisation", "person"), pk=pk)
    if not can_run_session(request.user, enrolment.session):
        raise Http404
    return enrolment

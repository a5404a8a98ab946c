"""Load the session or enrolment of a page; 404 also for what the reader may not see."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from courses.models import Enrolment, Session
from courses.sessions.permissions import can_run_session, can_see_roster, visible_sessions
from courses.sessions.queries import for_lists


def session_or_404(request: HttpRequest, pk: int) -> Session:
    """Return the session with its seats, trainer, branch and modules, if the reader may see it.

    Raises:
        Http404: there is none, or none for this reader.
    """
    return get_object_or_404(for_lists(visible_sessions(request.user)), pk=pk)


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

"""The page to move a session, and where a drag or a key press of the schedule is sent."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.models import Meeting, Session
from courses.places.queries import names_offered
from courses.sessions.clashes.domain import Clash
from courses.sessions.errors.scheduling import ClashesToConfirm, MovedMeanwhile
from courses.sessions.forms.moving import MoveForm
from courses.sessions.scheduling.moving import move_session
from courses.sessions.views.finding import asked_meeting, own_session_or_403
from courses.sessions.views.scheduling import confirmed_clashes
from courses.sessions.wording import written_span
from portal.errors import DomainError
from portal.ui.stale import Difference


def _way_back(request: HttpRequest, session: Session) -> str:
    """Return the schedule the move was begun on, else the page of the session."""
    back = request.POST.get("next") or request.GET.get("next", "")
    is_ours = back.startswith(reverse("courses:schedule")) and url_has_allowed_host_and_scheme(back, None)
    return back if is_ours else session.get_absolute_url()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a meeting of a session; refused or to be confirmed, the form stays with what was wanted and says why.

    A move from a schedule somebody else has changed since is refused with 409 and shows both states.
    """
    session = own_session_or_403(request, pk)
    meeting = asked_meeting(request, session)
    form = MoveForm(request.POST or None, person=request.user, meeting=meeting)
    clashes: Sequence[Clash] = ()
    stale: list[Difference] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                moved = move_session(session, by=request.user, confirmed=confirmed_clashes(request), **form.facts())
            except ClashesToConfirm as asked:
                clashes, status = asked.clashes, asked.status
            except MovedMeanwhile as refusal:
                fresh = asked_meeting(request, own_session_or_403(request, pk))
                now = MoveForm(person=request.user, meeting=fresh)
                stale, status = form.overtaken_by(now), refusal.status
                form.refuse_stale(now)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                return _moved(request, session, moved, meeting)
    context = {
        "form": form,
        "session": session,
        "meeting": meeting,
        "clashes": clashes,
        "stale": stale,
        "back": _way_back(request, session),
        "offered": names_offered(),
    }
    return render(request, "courses/schedule/move.html", context, status=status)


def _moved(request: HttpRequest, before: Session, moved: Session, meeting: Meeting) -> HttpResponse:
    facts = {"session": moved.title, "when": written_span(moved.meetings.get(pk=meeting.pk))}
    if moved.sequence > before.sequence:
        messages.success(request, _("“%(session)s” is now %(when)s. Everybody booked is being told.") % facts)
    else:
        messages.info(request, _("“%(session)s” stands there already: %(when)s.") % facts)
    return redirect(_way_back(request, moved))

"""Attendance page of the trainer: roster with check-in and check-out; works without JavaScript."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.enums import SessionState
from courses.models import Session
from courses.sessions.attendance import check_in, check_out, check_out_everybody, record_from_paper
from courses.sessions.domain import close_session, open_check_in
from courses.sessions.forms import PaperForm, WalkInForm
from courses.sessions.held import held_of, written_held_of
from courses.sessions.permissions import can_run_session
from courses.sessions.queries import roster_of, waitlist_of
from courses.sessions.seats import book_seat, seat_walk_in
from courses.sessions.views.finding import enrolment_or_404, own_session_or_403, roster_session_or_403
from portal.errors import DomainError

ACTS: dict[str, Callable[..., Any]] = {"check-in": check_in, "check-out": check_out}


def roster_context(session: Session, *, runs: bool) -> dict[str, Any]:
    """Return the roster with its counts."""
    roster = roster_of(session)
    came = sum(1 for row in roster if row.present)
    left = sum(1 for row in roster if row.present and row.present.went)
    return {
        "session": session,
        "roster": roster,
        "waiting": waitlist_of(session),
        "counts": {"expected": len(roster), "came": came, "left": left, "inside": came - left},
        "runs": runs,
    }


@login_required
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the roster to those who run the session, and to auditors without the buttons."""
    session = roster_session_or_403(request, pk)
    runs = can_run_session(request.user, session)
    context = roster_context(session, runs=runs)
    if runs and session.state == SessionState.OPEN:
        context |= {"walk_in_form": WalkInForm(session=session), "paper_form": PaperForm(session=session)}
    elif runs and session.state == SessionState.SCHEDULED:
        context |= {"walk_in_form": WalkInForm(session=session)}
    return render(request, "courses/sessions/attendance.html", context)


@login_required
@require_POST
def mark(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Check one person in or out; htmx gets the row and the counts, a browser without it the whole page."""
    if act not in ACTS:
        raise Http404
    enrolment = enrolment_or_404(request, pk)
    session = enrolment.session
    try:
        ACTS[act](enrolment, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    if not request.headers.get("HX-Request"):
        return redirect("courses:attendance", pk=session.pk)
    session.refresh_from_db()
    context = roster_context(session, runs=True)
    context["row"] = next((row for row in context["roster"] if row.pk == enrolment.pk), None)
    return render(request, "courses/sessions/parts/roster_update.html", context)


@login_required
@require_POST
def open_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Open check-in."""
    session = own_session_or_403(request, pk)
    return _try(request, session, lambda: open_check_in(session, by=request.user), _("Check-in is open."))


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the session."""
    session = own_session_or_403(request, pk)
    done = _("The session is closed. The credited hours stand in everybody's record.")
    return _try(request, session, lambda: close_session(session, by=request.user), done)


@login_required
@require_POST
def everybody_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Check out all who are still there."""
    session = own_session_or_403(request, pk)
    done = _("Everybody is checked out.")
    return _try(request, session, lambda: check_out_everybody(session, by=request.user), done)


@login_required
@require_POST
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person by staff number: as a booking before the start, afterwards as a walk-in who is checked in."""
    session = own_session_or_403(request, pk)
    form = WalkInForm(request.POST, session=session)
    if not form.is_valid():
        messages.error(request, form.first_error())
        return redirect("courses:attendance", pk=session.pk)
    person = form.cleaned_data["staff_number"]
    for held in held_of(session, person):
        messages.info(request, written_held_of(person, held))

    def add() -> None:
        if session.state == SessionState.OPEN:
            check_in(seat_walk_in(session, person, by=request.user), by=request.user)
        else:
            book_seat(session, person, by=request.user)

    return _try(request, session, add, _("%(person)s was added.") % {"person": person.name})


@login_required
@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one person's times from the signed sheet."""
    session = own_session_or_403(request, pk)
    form = PaperForm(request.POST, session=session)
    if not form.is_valid():
        messages.error(request, form.first_error())
        return redirect("courses:attendance", pk=session.pk)
    facts = form.cleaned_data

    def enter() -> None:
        times = {"came": facts["came"], "went": facts["went"]}
        record_from_paper(facts["enrolment"], by=request.user, reason=facts["reason"], **times)

    done = _("The times of %(person)s are recorded.") % {"person": facts["enrolment"].person.name}
    return _try(request, session, enter, done)


def _try(request: HttpRequest, session: Session, act: Callable[[], Any], done: str) -> HttpResponse:
    """Run the action, show its result or the refusal as a message, and return to the roster."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("courses:attendance", pk=session.pk)

"""Attendance page of the trainer: roster with check-in and check-out; works without JavaScript."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.checkins.forms import SheetScanForm
from courses.checkins.queries import arrivals_to_decide, named_inside, scans_of
from courses.enums import SessionState
from courses.models import Meeting, Nominee, Session
from courses.sessions.attendance.domain import check_in, check_out, check_out_everybody, record_from_paper
from courses.sessions.forms.attendance import PaperForm, WalkInForm
from courses.sessions.meetings.domain import current_meeting, is_open_at
from courses.sessions.permissions import can_run_session
from courses.sessions.queries import roster_of, waitlist_of
from courses.sessions.scheduling.domain import close_session, open_check_in
from courses.sessions.seats.domain import book_seat, seat_walk_in
from courses.sessions.seats.held import held_of, written_held_of
from courses.sessions.views.finding import (
    asked_meeting,
    enrolment_or_404,
    meeting_tabs,
    own_session_or_403,
    roster_session_or_403,
)
from portal.errors import DomainError

ACTS: dict[str, Callable[..., Any]] = {"check-in": check_in, "check-out": check_out}


@dataclass(frozen=True)
class Refused:
    """Why an act was refused, and beside which part of the page that is said.

    Args:
        at: ``steps``, ``walk_in``, ``paper``, or the primary key of the row.
        message: what happened, as people read it.
    """

    at: str | int
    message: str


def roster_context(session: Session, meeting: Meeting, *, runs: bool) -> dict[str, Any]:
    """Return the roster of a meeting with its counts."""
    roster = roster_of(session, meeting)
    came = sum(1 for row in roster if row.present)
    left = sum(1 for row in roster if row.present and row.present.went)
    return {
        "session": session,
        "meeting": meeting,
        # Buttons are about now; what lies before or ahead is entered from the sheet.
        "takes_presses": meeting == current_meeting(session) and is_open_at(meeting),
        "roster": roster,
        "waiting": waitlist_of(session),
        "counts": {"expected": len(roster), "came": came, "left": left, "inside": came - left},
        "runs": runs,
    }


def _page(
    request: HttpRequest, session: Session, *, forms: dict[str, Form] | None = None, refused: Refused | None = None
) -> HttpResponse:
    """Show the roster; what was refused is said where it was asked for, with what was typed."""
    runs = can_run_session(request.user, session)
    meeting = asked_meeting(request, session)
    context = roster_context(session, meeting, runs=runs) | {"refused": refused}
    context["meeting_tabs"] = meeting_tabs(meeting, reverse("courses:attendance", args=[session.pk]))
    context["named"] = list(Nominee.objects.of_session(session))
    context["sheet_scans"] = scans_of(session)
    if runs and session.state == SessionState.OPEN:
        context |= {"arrivals": arrivals_to_decide(session), "named_inside": named_inside(session)}
    if runs and session.state in (SessionState.OPEN, SessionState.CLOSED):
        context["scan_form"] = SheetScanForm()
    if runs and session.state in (SessionState.SCHEDULED, SessionState.OPEN):
        context["walk_in_form"] = WalkInForm(session=session)
    if runs and session.state == SessionState.OPEN:
        context["paper_form"] = PaperForm(meeting=meeting)
    context |= {name: form for name, form in (forms or {}).items() if name in context}
    if refused is not None and not _has_place(context, refused):
        context["refused"] = Refused("steps", refused.message)
    return render(request, "courses/sessions/attendance.html", context, status=409 if refused else 200)


def _has_place(context: dict[str, Any], refused: Refused) -> bool:
    """Whether the part of the page it is about is still there."""
    if isinstance(refused.at, int):
        return any(row.pk == refused.at for row in context["roster"])
    return refused.at == "steps" or f"{refused.at}_form" in context


@login_required
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the roster to those who run the session, and to auditors without the buttons."""
    return _page(request, roster_session_or_403(request, pk))


@login_required
@require_POST
def mark(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Check one person in or out; htmx gets the row and the counts, a browser without it the whole page.

    A refusal is said in the person's row, which gets the focus.
    """
    if act not in ACTS:
        raise Http404
    enrolment = enrolment_or_404(request, pk)
    session, refused = enrolment.session, None
    try:
        facts = {"meeting": asked_meeting(request, session)} if request.GET.get("meeting") else {}
        ACTS[act](enrolment, by=request.user, **facts)
    except DomainError as refusal:
        refused = Refused(enrolment.pk, str(refusal))
    session.refresh_from_db()
    if not request.headers.get("HX-Request"):
        return _page(request, session, refused=refused) if refused else _back(request, session)
    meeting = asked_meeting(request, session)
    context = roster_context(session, meeting, runs=True) | {"refused": refused}
    # Somebody who has given up the seat is no longer on the roster; the row stays to say so.
    context["row"] = next((row for row in context["roster"] if row.pk == enrolment.pk), enrolment)
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
    """Add a person by staff number: as a booking before the start, afterwards as a walk-in who is checked in.

    When the session is over, nobody can be checked in any more: the person is added, the times come from paper.
    """
    session = own_session_or_403(request, pk)
    form = WalkInForm(request.POST, session=session)
    if not form.is_valid():
        return _page(request, session, forms={"walk_in_form": form}, refused=Refused("walk_in", form.first_error()))
    meeting = asked_meeting(request, session)
    is_late = not is_open_at(meeting)
    person, added = form.cleaned_data["staff_number"], _("%(person)s was added.")
    for held in held_of(session, person):
        messages.info(request, written_held_of(person, held))

    def add() -> None:
        if session.state != SessionState.OPEN:
            book_seat(session, person, by=request.user)
            return
        enrolment = seat_walk_in(session, person, by=request.user)
        if not is_late:
            check_in(enrolment, by=request.user, meeting=meeting)

    if session.state == SessionState.OPEN and is_late:
        added = _("%(person)s was added. The session is over: enter the times from the signed sheet.")
    return _try(request, session, add, added % {"person": person.name}, at="walk_in", forms={"walk_in_form": form})


@login_required
@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one person's times from the signed sheet."""
    session = own_session_or_403(request, pk)
    meeting = asked_meeting(request, session)
    form = PaperForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _page(request, session, forms={"paper_form": form}, refused=Refused("paper", form.first_error()))
    facts = form.cleaned_data

    def enter() -> None:
        times = {"came": facts["came"], "went": facts["went"], "meeting": meeting}
        record_from_paper(facts["enrolment"], by=request.user, reason=facts["reason"], **times)

    done = _("The times of %(person)s are recorded.") % {"person": facts["enrolment"].person.name}
    return _try(request, session, enter, done, at="paper", forms={"paper_form": form})


def _try(
    request: HttpRequest,
    session: Session,
    act: Callable[[], Any],
    done: str,
    *,
    at: str = "steps",
    forms: dict[str, Form] | None = None,
) -> HttpResponse:
    """Run the act, all of it or nothing, and return to the roster; a refusal is said where it was asked for."""
    try:
        with transaction.atomic():
            act()
    except DomainError as refusal:
        session.refresh_from_db()
        return _page(request, session, forms=forms, refused=Refused(at, str(refusal)))
    messages.success(request, done)
    return _back(request, session)


def _back(request: HttpRequest, session: Session) -> HttpResponse:
    """Return to the roster of the meeting the page was about."""
    address = reverse("courses:attendance", args=[session.pk])
    number = request.GET.get("meeting", "")
    return redirect(f"{address}?meeting={number}" if number.isdecimal() else address)

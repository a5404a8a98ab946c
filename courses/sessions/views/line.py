"""Pages of who runs a session: the line, what is kept for whom, who wants it; and the seats that await approval."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.enums import EnrolmentState
from courses.models import TrainingModule
from courses.modules.permissions import visible_modules
from courses.sessions.forms.seats import ReasonForm, ReservationForm
from courses.sessions.permissions import can_run_session
from courses.sessions.seats.approvals import approve_seat, refuse_seat, seats_to_approve
from courses.sessions.seats.interests import enrol_interested, interested_in, say_interest, take_interest_back
from courses.sessions.seats.reservations import release_seats, reserve_seats
from courses.sessions.views.finding import own_session_or_403, roster_session_or_403
from portal.errors import DomainError
from portal.models.people import posts_on

PAGE = 30
#: Interested people that are named; the button enrols all.
NAMED = 50


@login_required
@require_safe
def to_approve(request: HttpRequest) -> HttpResponse:
    """List the seats that await the reader's approval."""
    page = Paginator(seats_to_approve(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/sessions/to_approve.html", {"page_obj": page, "form": ReasonForm()})


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a seat, or refuse it with a reason."""
    enrolment = get_object_or_404(seats_to_approve(request.user), pk=pk)
    form = ReasonForm(request.POST)
    is_approved = request.POST.get("act") == "approve"
    try:
        if is_approved:
            approve_seat(enrolment, by=request.user)
        elif form.is_valid():
            refuse_seat(enrolment, by=request.user, reason=form.cleaned_data["reason"])
        else:
            messages.error(request, _("Say why the seat is not approved."))
            return redirect("courses:seats_to_approve")
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided. The person is told."))
    return redirect("courses:seats_to_approve")


@login_required
@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who waits, awaits approval, was offered a seat or gave one back and why, and what is kept for whom."""
    session = roster_session_or_403(request, pk)
    return _line(request, session)


def _line(request: HttpRequest, session: Any, form: ReservationForm | None = None) -> HttpResponse:
    places = session.enrolments.exclude(state=EnrolmentState.SEATED).select_related(
        "person__organisation", "decided_by"
    )
    places = places.prefetch_related(posts_on(timezone.localdate(), "person__"))
    order = places.order_by("state", "place_in_line", "pk")
    people = interested_in(session)
    context = {
        "session": session,
        "runs": can_run_session(request.user, session),
        "page_obj": Paginator(order, PAGE).get_page(request.GET.get("page")),
        "reservations": session.reservations.select_related("organisation"),
        "form": form or ReservationForm(session=session, initial={"until": session.starts_at.date()}),
        "interested": people[:NAMED],
        "interested_count": len(people),
    }
    return render(request, "courses/sessions/line.html", context, status=422 if form else 200)


@login_required
@require_POST
def reserve(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep seats for a branch."""
    session = own_session_or_403(request, pk)
    form = ReservationForm(request.POST, session=session)
    if form.is_valid():
        try:
            reserve_seats(session, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The seats are reserved."))
            return redirect("courses:line", pk=pk)
    return _line(request, session, form)


@login_required
@require_POST
def release(request: HttpRequest, pk: int, reservation: int) -> HttpResponse:
    """Keep seats no longer."""
    session = own_session_or_403(request, pk)
    release_seats(get_object_or_404(session.reservations, pk=reservation), by=request.user)
    messages.success(request, _("The seats are free for everybody."))
    return redirect("courses:line", pk=pk)


@login_required
@require_POST
def enrol_who_wants(request: HttpRequest, pk: int) -> HttpResponse:
    """Book everybody who wants what the session teaches."""
    session = own_session_or_403(request, pk)
    result = enrol_interested(session, by=request.user)
    booked = len(result.booked)
    text = ngettext("%(booked)s person was enrolled.", "%(booked)s people were enrolled.", booked) % {"booked": booked}
    messages.success(request, text)
    for person, refusal in result.refused[:PAGE]:
        messages.warning(request, f"{person.name}：{refusal}")
    return redirect("courses:line", pk=pk)


@login_required
@require_http_methods(["POST"])
def interest(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the reader wants a module, or does no longer."""
    module: TrainingModule = get_object_or_404(visible_modules(request.user), code=code)
    if request.POST.get("act") == "drop":
        take_interest_back(module, request.user)
        messages.success(request, _("You are no longer on the list."))
    else:
        say_interest(module, request.user)
        messages.success(request, _("Noted. You are told as soon as there is a session."))
    return redirect(module)

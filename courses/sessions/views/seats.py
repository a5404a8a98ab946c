"""Book and cancel the reader's own seat."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Enrolment, Session
from courses.sessions.forms import ConfirmedForm
from courses.sessions.held import held_of, may_book, written_held
from courses.sessions.queries import position_in_line
from courses.sessions.seats import book_seat, cancel_seat
from courses.sessions.views.finding import session_or_404
from courses.sessions.wording import written_time
from portal.errors import DomainError
from portal.registry.held import Held


@login_required
@require_POST
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a seat, or a place on the waitlist, for the reader; a second post finds the first one's place.

    Who is certified already for what is taught is told until when, and asked once more.
    """
    session = session_or_404(request, pk)
    held = held_of(session, request.user) if may_book(session, request.user) else []
    if held and "confirmed" not in request.POST:
        return _ask_certified(request, session, held)
    try:
        enrolment = book_seat(session, request.user, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(session)
    if enrolment.is_seated:
        messages.success(request, _("Your seat is booked. A letter with a calendar entry is on its way to you."))
    else:
        place = position_in_line(enrolment)
        messages.warning(
            request,
            _("All seats are taken. You are number %(place)s on the waitlist and will be told when a seat is yours.")
            % {"place": place},
        )
    return redirect(session)


def _ask_certified(request: HttpRequest, session: Session, held: list[Held]) -> HttpResponse:
    """Ask once more who holds already what the training leads to."""
    context = {
        "title": _("Book a seat all the same?"),
        "text": " ".join([*map(written_held, held), _("Attending again is welcome and keeps the knowledge fresh.")]),
        "form": ConfirmedForm(),
        "confirm_label": _("Book a seat") if session.free_seats else _("Join the waitlist"),
        "cancel_label": _("Back, change nothing"),
        "cancel_url": session.get_absolute_url(),
    }
    return render(request, "components/confirm_page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then give the reader's place back."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("session__organisation", "person"), session=pk, person=request.user
    )
    session = enrolment.session
    if request.method == "POST":
        try:
            cancel_seat(enrolment, by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your place was given back. You can book again as long as seats are free."))
        return redirect(session)
    context = {
        "title": _("Give your place back?"),
        "text": _("“%(session)s”, %(when)s. Your seat goes to the next person on the waitlist.")
        % {"session": session.title, "when": written_time(session)},
        "confirm_label": _("Give my place back"),
        "danger": True,
        "cancel_label": _("Back, change nothing"),
        "cancel_url": reverse("courses:session", args=[pk]),
    }
    return render(request, "components/confirm_page.html", context)

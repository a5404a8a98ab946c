"""Book and cancel the reader's own seat."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.enums import Policy
from courses.models import Enrolment, Session
from courses.sessions.clashes.domain import Clash
from courses.sessions.clashes.rules import clashes_of_learner
from courses.sessions.forms.seats import ConfirmedForm, ReasonForm
from courses.sessions.letters.links import enrolment_of
from courses.sessions.queries import position_in_line
from courses.sessions.seats.domain import book_seat, cancel_seat
from courses.sessions.seats.held import held_of, may_book, written_held
from courses.sessions.seats.offers import decline_offer, take_offer
from courses.sessions.views.finding import session_or_404
from courses.sessions.wording import written_time
from portal.access.rate_limits import limit
from portal.errors import DomainError

#: Requests a minute from one address to links of offers, wrong ones included.
RATE = "60/m"


@login_required
@require_POST
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Book a seat, or a place on the waitlist, for the reader; a second post finds the first one's place.

    Who is certified already for what is taught, or has another place at that time, is told so and asked once more.
    """
    session = session_or_404(request, pk)
    if "confirmed" not in request.POST and may_book(session, request.user):
        held = [*map(written_held, held_of(session, request.user))]
        clashes = [clash for clash in clashes_of_learner(session, request.user) if clash.policy == Policy.WARN]
        if held or clashes:
            return _ask_again(request, session, held, clashes)
    try:
        enrolment = book_seat(session, request.user, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(session)
    if enrolment.is_pending:
        messages.success(request, _("Your booking awaits approval. You will be told when it is decided."))
    elif enrolment.is_seated:
        messages.success(request, _("Your seat is booked. A letter with a calendar entry is on its way to you."))
    else:
        place = position_in_line(enrolment)
        messages.warning(
            request,
            _("All seats are taken. You are number %(place)s on the waitlist and will be told when a seat is yours.")
            % {"place": place},
        )
    return redirect(session)


def _ask_again(request: HttpRequest, session: Session, held: list[str], clashes: list[Clash]) -> HttpResponse:
    """Ask once more who holds already what the training leads to, or cannot be in two places at once."""
    welcome = [_("Attending again is welcome and keeps the knowledge fresh.")] if held else []
    context = {
        "title": _("Book a seat all the same?"),
        "text": " ".join([*(clash.message for clash in clashes), *held, *welcome]),
        "form": ConfirmedForm(),
        "confirm_label": _("Book a seat") if session.free_seats else _("Join the waitlist"),
        "cancel_label": _("Back, change nothing"),
        "cancel_url": session.get_absolute_url(),
    }
    return render(request, "components/confirm_page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then give the reader's place back."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("session__organisation", "person"), session=pk, person=request.user
    )
    session = enrolment.session
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_seat(enrolment, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your place was given back. You can book again as long as seats are free."))
        return redirect(session)
    context = {
        "title": _("Give your place back?"),
        "text": _("“%(session)s”, %(when)s. Your seat goes to the next person on the waitlist.")
        % {"session": session.title, "when": written_time(session)},
        "form": form,
        "confirm_label": _("Give my place back"),
        "danger": True,
        "cancel_label": _("Back, change nothing"),
        "cancel_url": reverse("courses:session", args=[pk]),
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def answer_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take or decline the seat that is offered to the reader."""
    enrolment = get_object_or_404(Enrolment.objects.select_related("session"), session=pk, person=request.user)
    return _answer(request, enrolment, by_link=False) or redirect(enrolment.session)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, secret: str) -> HttpResponse:
    """The same for whoever holds the link of the letter; a wrong one, and one that was used or ran out, is 404."""
    limit(request, "offer", RATE)
    enrolment = enrolment_of(secret)
    if enrolment is None:
        raise Http404
    response = _answer(request, enrolment, by_link=True) if request.method == "POST" else None
    if response is None:
        context = {"session": enrolment.session, "enrolment": enrolment}
        response = render(request, "courses/sessions/offer.html", context)
    response["X-Robots-Tag"] = "noindex"
    # The address is the key: it goes to no other site. Not “no-referrer”, under which browsers post with a null origin.
    response["Referrer-Policy"] = "same-origin"
    return response


def _answer(request: HttpRequest, enrolment: Enrolment, *, by_link: bool) -> HttpResponse | None:
    """Take or decline; return the page that says so to who is not signed in, else None."""
    takes = request.POST.get("act") == "take"
    try:
        enrolment = (take_offer if takes else decline_offer)(enrolment, by_link=by_link)
    except DomainError as refusal:
        if not by_link:
            messages.error(request, str(refusal))
            return None
        return render(request, "courses/sessions/offer.html", {"refusal": refusal}, status=refusal.status)
    if by_link:
        return render(request, "courses/sessions/offer.html", {"session": enrolment.session, "taken": takes})
    text = _("The seat is yours.") if takes else _("You declined the seat. The next person is asked.")
    messages.success(request, text)
    return None

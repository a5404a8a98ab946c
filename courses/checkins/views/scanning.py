"""What happens on the telephone of somebody who scanned the code."""

import datetime as dt

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.checkins import domain
from courses.checkins.codes import is_valid
from courses.checkins.errors import CodeOver
from courses.checkins.forms import NamedForm
from courses.checkins.queries import nominee_called
from courses.checkins.views.tickets import give_ticket, has_ticket, recognised_here, ticket_of
from courses.models import Arrival, Nominee, Session
from courses.sessions.meetings.domain import current_meeting
from courses.sessions.permissions import visible_sessions
from courses.sessions.queries import for_lists
from portal.access.rate_limits import limit_whom
from portal.errors import DomainError
from portal.typed import plain

#: Acts a minute of one person at one session; the room's address is shared by all.
RATE = "10/m"
#: Seconds after coming from which a scan may mean leaving.
LEAVES_AFTER = 60
#: How long after the end of a meeting a scan still means leaving it.
STAYS_ON = dt.timedelta(hours=1)
#: Where the browser keeps which named person typed their name on it.
NAMED = "check_in_named"


@never_cache
@require_safe
def scan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take the code for a ticket of this browser, ten minutes long: signing in takes longer than a code lives.

    The address with the code is left at once, so that neither history nor a shared link holds it.
    """
    session = _session(pk)
    if session is None or not is_valid(session, code):
        return _refused(request, CodeOver())
    give_ticket(request, pk)
    return _private(redirect("courses:arrive", pk=pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who one is and that one is there; afterwards, how it stands."""
    at, session = ticket_of(request, pk), _session(pk)
    if session is None or not has_ticket(request, pk):
        return _refused(request, CodeOver())
    nominee = _remembered(request, session)
    form = NamedForm(request.POST if "name" in request.POST else None)
    try:
        if request.method == "POST":
            _count(request, session)
            return _private(_act(request, session, form, nominee, at))
        arrival = _arrival(request, session, nominee)
        if arrival is None:
            domain.check_open(session)
    except DomainError as refusal:
        if form.is_bound:
            form.add_error(None, str(refusal))
            return _page(request, session, None, form, status=refusal.status)
        return _refused(request, refusal, session)
    return _page(request, session, arrival, form, nominee=nominee)


def _session(pk: int) -> Session | None:
    return Session.objects.select_related("trainer", "organisation").filter(pk=pk).first()


def _remembered(request: HttpRequest, session: Session) -> Nominee | None:
    """Return the named person this browser belongs to, if nobody is signed in on it."""
    if request.user.is_authenticated:
        return None
    own = next((one for one in recognised_here(request) if one.request.session_id == session.pk), None)
    if own is not None:
        own.is_recognised = True
        return own
    key = request.session.get(NAMED)
    return Nominee.objects.of_session(session).filter(pk=key).first() if key is not None else None


def _arrival(request: HttpRequest, session: Session, nominee: Nominee | None) -> Arrival | None:
    """Return the scan of this meeting by who holds the telephone; before that of one they have not left."""
    whose = {"person": request.user} if request.user.is_authenticated else {"nominee": nominee}
    if None in whose.values():
        return None
    found = Arrival.objects.filter(session=session, **whose).select_related("meeting")
    inside = found.filter(left_at=None, is_refused=False, meeting__ends_at__gt=timezone.now() - STAYS_ON).first()
    return inside or found.filter(meeting=current_meeting(session)).first()


def _count(request: HttpRequest, session: Session) -> None:
    """Count one try of somebody. Before the transaction: a refusal would take the count back with it."""
    if request.user.is_authenticated:
        limit_whom("check-in", RATE, f"{session.pk} person {request.user.pk}")
    elif "name" in request.POST:
        limit_whom("check-in", RATE, f"{session.pk} {plain(request.POST['name'][:80])}")


@transaction.atomic
def _act(request: HttpRequest, session: Session, form: NamedForm, nominee: Nominee | None, at: int) -> HttpResponse:
    is_known = request.user.is_authenticated
    if form.is_bound and not is_known:
        if not form.is_valid():
            return _page(request, session, None, form, status=422)
        nominee = nominee_called(session, form.cleaned_data["name"], form.cleaned_data["tail"])
        request.session[NAMED] = nominee.pk
    elif not is_known and nominee is None:
        return redirect("courses:arrive", pk=session.pk)
    moment = timezone.datetime.fromtimestamp(at, tz=timezone.get_default_timezone())
    arrival = _arrival(request, session, nominee)
    if arrival is not None and request.POST.get("act") == "leave":
        domain.leave(arrival, at=moment)
    elif is_known:
        domain.arrive(session, at=moment, person=request.user)
    else:
        domain.arrive(session, at=moment, nominee=nominee, is_recognised=nominee.is_recognised)
    return redirect("courses:arrive", pk=session.pk)


def _page(
    request: HttpRequest,
    session: Session,
    arrival: Arrival | None,
    form: NamedForm,
    *,
    nominee: Nominee | None = None,
    status: int = 200,
) -> HttpResponse:
    at = ticket_of(request, session.pk)
    is_visible = visible_sessions(request.user).filter(pk=session.pk).exists()
    context = {
        "session": for_lists(Session.objects.all()).get(pk=session.pk) if is_visible else session,
        "is_visible": is_visible,
        "arrival": arrival,
        "form": form,
        "nominee": nominee,
        # Who has only just come is not asked whether they leave: that takes a later scan.
        "may_leave": bool(arrival and arrival.left_at is None and at > arrival.came_at.timestamp() + LEAVES_AFTER),
        "asks_names": Nominee.objects.of_session(session).exists(),
    }
    return _private(render(request, "courses/checkins/arrive.html", context, status=status))


def _refused(request: HttpRequest, refusal: DomainError, session: Session | None = None) -> HttpResponse:
    context = {"refusal": refusal, "session": session}
    return _private(render(request, "courses/checkins/refused.html", context, status=refusal.status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response

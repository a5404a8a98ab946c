"""What the trainer does at the door: the screen with the code, the scans to confirm, presses sent later, the sheet."""

from collections.abc import Callable
from pathlib import Path, PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.checkins.codes import address_now, milliseconds_left
from courses.checkins.domain import confirm, named_people_out, refuse
from courses.checkins.forms import SheetScanForm, read_taps
from courses.checkins.queries import arrivals_to_decide
from courses.checkins.sheets import keep_sheet_scan
from courses.checkins.taps import record_taps
from courses.models import Arrival, Session, SheetScan
from courses.sessions.views.finding import own_session_or_403, roster_session_or_403
from portal.access import audit
from portal.errors import DomainError
from portal.exchange.qr import svg


@login_required
@never_cache
@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The code in large on the trainer's screen; htmx asks for the next one when this one ends, once a window."""
    session = own_session_or_403(request, pk)
    context = {
        "session": session,
        "qr": svg(address_now(session)),
        "wait": milliseconds_left(),
        "waiting": len(arrivals_to_decide(session)),
    }
    part = request.headers.get("HX-Request")
    return render(request, f"courses/checkins/{'parts/code' if part else 'screen'}.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or refuse one scan, or confirm all that wait; each for itself, with the reasons of those that cannot."""
    session = own_session_or_403(request, pk)
    arrivals = arrivals_to_decide(session)
    asked = request.POST.get("arrival", "")
    if asked:
        arrivals = [arrival for arrival in arrivals if str(arrival.pk) == asked]
    elif request.POST.get("act") == "confirm":
        # Who has no seat, or whose telephone nobody knows, is decided about one by one.
        arrivals = [arrival for arrival in arrivals if not arrival.is_walk_in and arrival.is_recognised]
    verb = {"confirm": confirm, "refuse": refuse}.get(request.POST.get("act", ""))
    if verb is None or (not asked and verb is refuse):
        raise Http404
    done = 0
    for arrival in arrivals:
        done += _tried(request, session, verb, arrival)
    if done:
        messages.success(request, _("Decided: %(count)s.") % {"count": done})
    return redirect("courses:attendance", pk=session.pk)


def _tried(request: HttpRequest, session: Session, verb: Callable[..., Arrival], arrival: Arrival) -> bool:
    try:
        verb(arrival, by=request.user)
    except DomainError as refusal:
        messages.error(request, f"{arrival.name}: {refusal}")
        return False
    return True


@login_required
@require_POST
def named_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the times of the named people who were confirmed and are still there."""
    session = own_session_or_403(request, pk)
    left = named_people_out(session, by=request.user)
    messages.success(request, _("Times recorded: %(count)s.") % {"count": len(left)})
    return redirect("courses:attendance", pk=session.pk)


@login_required
@require_POST
def taps(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the presses a telephone kept while the network was gone; each counts once."""
    session = own_session_or_403(request, pk)
    try:
        sent = record_taps(session, read_taps(request.body), by=request.user)
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"taps": []}, status=422)
    answers = [{"key": str(tap.key), "refusal": tap.refusal, "message": tap.message} for tap in sent]
    return JsonResponse({"taps": answers})


@require_safe
def keeper(request: HttpRequest) -> HttpResponse:
    """Give the service worker that keeps the attendance page; from here it may answer for sessions and nothing else."""
    path = finders.find("js/attendance-keeper.js")
    content = Path(path).read_text(encoding="utf-8") if isinstance(path, str) else ""
    response = HttpResponse(content, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_required
@require_POST
def add_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a photo or PDF of the signed sheet with the session."""
    session = own_session_or_403(request, pk)
    form = SheetScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            keep_sheet_scan(session, form.cleaned_data["scan"], by=request.user)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The scan is kept with the session."))
    else:
        messages.error(request, _("Choose a photo or a PDF first."))
    return redirect("courses:attendance", pk=session.pk)


@login_required
@require_safe
def open_scan(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    """Serve a scan of the sheet to those who may see who comes; for everybody else there is none."""
    session = roster_session_or_403(request, pk)
    found = get_object_or_404(SheetScan.objects.select_related("document"), pk=scan, session=session)
    file = found.document.file
    if not file.storage.exists(file.name):
        raise Http404
    response = FileResponse(file.open("rb"), filename=f"{session.pk}-{found.pk}{PurePath(file.name).suffix}")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    audit.record("courses.sheet_scan_opened", session, actor=request.user)
    return response

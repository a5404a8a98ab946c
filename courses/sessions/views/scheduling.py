"""Pages to schedule, change and cancel sessions."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.days.queries import missing_days
from courses.models import Session
from courses.places.queries import names_offered
from courses.sessions.clashes.domain import Clash
from courses.sessions.errors.scheduling import ClashesToConfirm
from courses.sessions.forms.scheduling import CancelForm, RescheduleForm, ScheduleForm
from courses.sessions.permissions import can_schedule
from courses.sessions.scheduling.domain import cancel_session, reschedule_session, schedule_session
from courses.sessions.states import locked
from courses.sessions.views.finding import own_session_or_403, session_or_404
from courses.sessions.views.rows import day_after, is_saved, more_rows
from courses.sessions.wording import written_time
from portal.access.dates import parse_day
from portal.errors import DomainError
from portal.ui.stale import Difference


def confirmed_clashes(request: HttpRequest) -> list[str]:
    """Return the keys of the clashes the reader was shown and wants all the same."""
    return request.POST.get("confirmed", "").split()


def _copied(request: HttpRequest) -> Session | None:
    """Return the session that is to be copied.

    Raises:
        Http404: there is none, or none for this reader.
    """
    number = request.GET.get("copy", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise Http404
    return session_or_404(request, int(number))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest) -> HttpResponse:
    """Schedule a session, or a copy of one from another first day; what was typed stays when it is refused.

    Pressing “Add a meeting” or “Repeat” saves nothing: the page comes back with more rows.
    """
    if not can_schedule(request.user):
        raise PermissionDenied
    copied, initial = _copied(request), {"module": request.GET.get("module")}
    if copied is not None:
        initial["day"] = parse_day(request.GET.get("day")) if request.GET.get("day") else day_after(copied)
    data, repeat = more_rows(request)
    form = ScheduleForm(data, person=request.user, initial=initial, copied=copied)
    clashes: Sequence[Clash] = ()
    if is_saved(request) and form.is_valid():
        facts = {"already_held": form.cleaned_data["already_held"], "confirmed": confirmed_clashes(request)}
        try:
            session = schedule_session(form.plan(), by=request.user, **facts)
        except ClashesToConfirm as asked:
            clashes = asked.clashes
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is in the calendar."))
            _warn_of_days(request, session)
            return redirect(session)
    context = {
        "form": form,
        "repeat": repeat,
        "copied": copied,
        "day": initial.get("day"),
        "title": _("Copy a session") if copied else _("Schedule a session"),
        "back": reverse("courses:sessions"),
        "offered": names_offered(),
        "clashes": clashes,
    }
    status = 409 if clashes else 422 if is_saved(request) and not form.is_valid() else 200
    return render(request, "courses/sessions/session_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Reschedule a session; everybody booked is written to when time, place or trainer change.

    A form opened before somebody else saved is refused with 409 and shows both states.
    """
    session = own_session_or_403(request, pk)
    data, repeat = more_rows(request)
    form = RescheduleForm(data, person=request.user, session=session)
    stale: list[Difference] = []
    clashes: Sequence[Clash] = ()
    if is_saved(request) and form.is_valid():
        with transaction.atomic():
            session = locked(session)
            now = RescheduleForm(person=request.user, session=session)
            stale = form.overtaken_by(now)
            if not stale:
                try:
                    moved = _rescheduled(request, session, form)
                except ClashesToConfirm as asked:
                    moved, clashes = None, asked.clashes
                if moved is not None:
                    return redirect(moved)
        if stale:
            form.refuse_stale(now)
    context = {
        "form": form,
        "repeat": repeat,
        "session": session,
        "title": _("Reschedule"),
        "back": session.get_absolute_url(),
        "stale": stale,
        "offered": names_offered(),
        "clashes": clashes,
    }
    status = 409 if stale or clashes else 422 if is_saved(request) and not form.is_valid() else 200
    return render(request, "courses/sessions/session_form.html", context, status=status)


def _warn_of_days(request: HttpRequest, session: Session) -> None:
    """Say that nobody could see whether the session falls on a holiday, where those of its year are not on record."""
    first, last = timezone.localdate(session.starts_at), timezone.localdate(session.ends_at)
    missing = missing_days(first, last, request.user)
    if missing.years:
        text = _("The public holidays of %(years)s are not entered yet: look whether the session falls on one.")
        messages.warning(request, text % {"years": missing.written})


def _rescheduled(request: HttpRequest, session: Session, form: RescheduleForm) -> Session | None:
    """Save the form; return the session, or None with the refusal in the form.

    Raises:
        ClashesToConfirm: somebody must say that it is wanted all the same.
    """
    try:
        moved = reschedule_session(session, by=request.user, confirmed=confirmed_clashes(request), **form.facts())
    except ClashesToConfirm:
        raise
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None
    told = moved.sequence > session.sequence
    messages.success(request, _("Saved. Everybody booked is being told.") if told else _("Saved."))
    if told:
        _warn_of_days(request, moved)
    return moved


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then call the session off."""
    session = own_session_or_403(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_session(session, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The session was cancelled. Everybody booked is being told."))
        return redirect(session)
    context = {
        "title": _("Cancel this session?"),
        "text": _("“%(session)s”, %(when)s, %(people)s people booked. They are told at once. This cannot be undone.")
        % {
            "session": session.title,
            "when": written_time(session),
            "people": session.seats_taken + session.waiting,
        },
        "form": form,
        "confirm_label": _("Cancel the session"),
        "danger": True,
        "cancel_label": _("Back, change nothing"),
        "cancel_url": session.get_absolute_url(),
    }
    return render(request, "components/confirm_page.html", context)

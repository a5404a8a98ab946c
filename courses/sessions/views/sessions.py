"""List of sessions and session page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.assignments.permissions import may_assign
from courses.enums import EnrolmentState, Policy, SessionState
from courses.models import Session, TrainingModule
from courses.modules.permissions import visible_modules
from courses.sessions.clashes.domain import Clash
from courses.sessions.clashes.rules import clashes_of_learner, judged
from courses.sessions.errors.seats import LearnerBusy
from courses.sessions.events import absolute, describe
from courses.sessions.permissions import can_run_session, can_schedule, can_see_roster, visible_sessions
from courses.sessions.queries import ahead, at_place, for_lists, over, position_in_line, with_own_state
from courses.sessions.seats.domain import why_not_bookable
from courses.sessions.seats.held import held_of, written_held
from courses.sessions.seats.prerequisites import missing_prerequisites
from courses.sessions.views.finding import session_or_404
from courses.sessions.wording import written_meetings, written_time
from portal.ui.filters import Chip, address_with

PAGE = 20


@login_required
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """List the sessions the reader may see: coming or past, of one module, at one place."""
    sessions = visible_sessions(request.user)
    is_past = request.GET.get("when") == "past"
    found = over(sessions) if is_past else ahead(sessions)
    module, place = request.GET.get("module", ""), request.GET.get("place", "").strip()
    if module:
        found = found.filter(parts__module__code=module)
    if place:
        found = found.filter(at_place(place))
    found = with_own_state(for_lists(found), request.user)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "tabs": [
            Chip(_("Coming"), address_with(request, when=""), not is_past),
            Chip(_("Past and cancelled"), address_with(request, when="past"), is_past),
        ],
        "modules": visible_modules(request.user).values_list("code", "title"),
        "chosen": {"module": module, "place": place, "when": "past" if is_past else ""},
        "is_filtered": bool(module or place),
        "is_past": is_past,
        "can_schedule": can_schedule(request.user),
    }
    return render(request, "courses/sessions/session_list.html", context)


@login_required
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session: the facts, the seats, one's own place, and how it gets into one's calendar."""
    found = session_or_404(request, pk)
    return render(request, "courses/sessions/session.html", session_facts(request, found))


def session_facts(request: HttpRequest, session: Session) -> dict:
    """Return what the page of a session shows to this reader."""
    person = request.user
    own = session.enrolments.filter(person=person).exclude(state=EnrolmentState.CANCELLED).first()
    runs = can_run_session(person, session)
    refusal = None if own else why_not_bookable(session, person)
    own_clashes = clashes_of_learner(session, person) if session.state == SessionState.SCHEDULED else []
    if not own and refusal is None and any(clash.policy == Policy.BLOCK for clash in own_clashes):
        refusal = LearnerBusy(clash=own_clashes[0].message)
    return {
        "session": session,
        "own": own,
        "position": position_in_line(own) if own and own.is_waiting else None,
        "refusal": refusal,
        "held": [] if own or refusal else [written_held(held) for held in held_of(session, person)],
        "own_clashes": own_clashes,
        "runs": runs,
        "named_request": session.training_requests.first() if runs and session.organisation.is_customer else None,
        "sees_roster": runs or can_see_roster(person, session),
        "clashes": _clashes(session) if runs and session.state == SessionState.SCHEDULED else [],
        "may_enrol": session.state == SessionState.SCHEDULED and may_assign(person),
        "missing": _missing(session, person) if not own and not refusal else [],
        "dropped": session.dropped_meetings.exclude(reason=""),
        "file_address": absolute(request.path.rstrip("/") + ".ics"),
        "text_to_copy": text_to_copy(session),
    }


def _clashes(session: Session) -> list[Clash]:
    return judged(session, [part.module for part in session.parts.all()])


def _missing(session: Session, person: Any) -> list[TrainingModule]:
    """Return the modules that had better come first."""
    return missing_prerequisites(session, [person], Policy.WARN).get(person.pk, [])


def text_to_copy(session: Session) -> str:
    """Return the session as text for a chat: WeChat's browser often cannot open calendar files."""
    time, place = _("Time"), _("Training place")
    lines = written_meetings(session) or [f"{place}：{session.place}"]
    return "\n".join([f"【{session.title}】", f"{time}：{written_time(session)}", *lines, describe(session)])

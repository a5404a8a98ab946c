"""Template tags for times, seats and states of sessions."""

from types import SimpleNamespace
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.assignments.permissions import may_see_dues
from courses.enums import EnrolmentState, SessionState
from courses.evaluations.permissions import may_read_summaries
from courses.models import Enrolment, Meeting, Session, TrainingModule
from courses.modules.permissions import may_see_coverage
from courses.nominations.permissions import may_use_requests
from courses.places.permissions import may_see_places
from courses.plans.permissions import may_see_projects
from courses.sessions.wording import written_meetings, written_span, written_time
from portal.templatetags.portal_format import hours

register = template.Library()

# From this number of free seats on nobody needs to hurry.
PLENTY = 4


register.filter("uses_requests", may_use_requests)
register.filter("sees_places", may_see_places)
register.filter("sees_projects", may_see_projects)
register.filter("sees_coverage", may_see_coverage)
register.filter("sees_dues", may_see_dues)
register.filter("reads_evaluations", may_read_summaries)


@register.filter
def session_time(session: Session) -> str:
    """Write when a session is: 2026年3月18日（星期三）08:30–17:30."""
    return written_time(session)


@register.filter
def meeting_lines(session: Session) -> list[str]:
    """Write the meetings of a session, a line each; nothing where there is only one."""
    return written_meetings(session)


@register.filter
def meeting_time(meeting: Meeting) -> str:
    """Write when a meeting is."""
    return written_span(meeting)


def written_hours(module: TrainingModule) -> str:
    """Write a module's time for a list of the editing area."""
    return hours(module.minutes)


@register.simple_tag
def training_trail(*further: Any) -> list[SimpleNamespace]:
    """Return the breadcrumbs of training: the catalogue, then pairs of label and address."""
    crumbs = [SimpleNamespace(label=_("Training"), url=reverse("courses:catalogue"))]
    pairs = zip(further[::2], further[1::2], strict=True)
    return crumbs + [SimpleNamespace(label=label, url=url) for label, url in pairs]


@register.inclusion_tag("components/lamp.html")
def session_lamp(session: Session) -> dict[str, Any]:
    """Show the session's status for the reader: cancelled, over, own place, or seats left."""
    state, label = _lamp_of(session)
    return {"state": state, "label": label}


def _lamp_of(session: Session) -> tuple[str, str]:
    if session.state == SessionState.CANCELLED:
        return "red", str(session.get_state_display())
    own = getattr(session, "own_state", None)
    if own == EnrolmentState.SEATED:
        return "green", _("Booked")
    if own == EnrolmentState.WAITLISTED:
        return "amber", _("On the waitlist")
    if own in (EnrolmentState.PENDING, EnrolmentState.OFFERED):
        return "amber", str(EnrolmentState(own).label)
    if session.state == SessionState.OPEN:
        return "amber", str(session.get_state_display())
    if session.state == SessionState.CLOSED or session.ends_at <= timezone.now():
        return "grey", _("Session over")
    return seats_lamp_of(session)


def seats_lamp_of(session: Session) -> tuple[str, str]:
    """Return lamp and words for the seats that are left."""
    free = session.free_seats
    if free:
        words = ngettext("%(free)s seat free", "%(free)s seats free", free) % {"free": free}
        return ("green" if free >= PLENTY else "amber"), words
    if session.waiting:
        return "red", _("Full, %(waiting)s waiting") % {"waiting": session.waiting}
    return "red", _("Full, waitlist open")


@register.inclusion_tag("components/lamp.html")
def attendance_lamp(enrolment: Enrolment) -> dict[str, Any]:
    """Show how somebody's attendance stands: not there yet, there, left, absent, called off."""
    session, present = enrolment.session, enrolment.present
    if present and present.went:
        return {"state": "green", "label": _attended(enrolment)}
    if present:
        return {"state": "amber", "label": _("Checked in"), "icon": "check"}
    if session.state == SessionState.CANCELLED:
        return {"state": "grey", "label": _("Cancelled")}
    if session.state == SessionState.CLOSED:
        return {"state": "red", "label": _("Absent")}
    return {"state": "grey", "label": _("Not there yet")}


def _attended(enrolment: Enrolment) -> str:
    """Say that somebody attended, of several meetings how many; a row of a roster is about one of them."""
    if enrolment.session.has_several_meetings and enrolment.meeting is None:
        facts = {"came": enrolment.meetings_attended, "all": enrolment.session.meeting_count}
        return _("Attended %(came)s of %(all)s meetings") % facts
    return _("Attended")

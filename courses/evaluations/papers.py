"""Papers of a session beside the sign-in sheet: the training record and the evaluation form with its result."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from courses.evaluations.summaries import Summary, summary_of
from courses.models import Evaluation, ModuleTopic, Nominee, Session
from courses.models.evaluations import ASPECTS
from courses.sessions.queries import roster_of
from courses.sessions.sheets import position_of
from courses.sessions.wording import written_time
from portal.models import PortalSettings


def record_facts(session: Session) -> dict[str, Any]:
    """Return what the training record (培训记录表) shows: what was taught, and who was there for how long."""
    roster = [row for row in roster_of(session) if row.present]
    named = [one for one in Nominee.objects.of_session(session) if one.presence and one.matched_to is None]
    # In the order of the session's parts, and within a module as its page lists them.
    topics = ModuleTopic.objects.select_related("module").order_by("sort_order", "pk")
    parts = session.parts.prefetch_related(Prefetch("module__topics", queryset=topics))
    return {
        "title": _("Training record"),
        "form_number": PortalSettings.load().training_record_form,
        "session": session,
        "when": written_time(session),
        "meetings": list(session.meetings.all()) if session.has_several_meetings else [],
        "topics": [topic for part in parts for topic in part.module.topics.all()],
        "roster": [(number, row, position_of(row)) for number, row in enumerate(roster, start=1)],
        "named": list(enumerate(named, start=len(roster) + 1)),
        "came": len(roster) + len(named),
        "minutes": sum(part.minutes for part in session.parts.all()),
    }


def evaluation_facts(session: Session) -> dict[str, Any]:
    """Return what the evaluation form (效果评估表) shows: boxes to tick, and the result where there is one."""
    summary = summary_of(session)
    return {
        "title": _("Evaluation of the training"),
        "form_number": PortalSettings.load().evaluation_form,
        "session": session,
        "when": written_time(session),
        "aspects": aspects_of(summary),
        "summary": summary,
    }


def aspects_of(summary: Summary) -> list[tuple[Any, float | None]]:
    """Return each aspect as people call it, with its mean."""
    return [(Evaluation._meta.get_field(aspect).verbose_name, summary.mean(aspect)) for aspect in ASPECTS]

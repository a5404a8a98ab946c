"""What waits for a role, on its home page: assessors, managers, auditors."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.countersignatures.queries import waiting_for_countersignature
from certification.duty.log.queries import inquiries_in_sight, narrow_inquiries
from certification.overview.expiring import SPANS, Ending, ending_within
from certification.permissions import files_in_sight, is_assessor
from certification.practicals.waiting import waiting_for
from certification.quizzes.marking import waiting_papers
from portal.enums import Role
from portal.registry.tiles import Line, Tile
from portal.templatetags.portal_format import org_day

# People named on the home page; all of them are one tap away.
SHOWN = 3
TEMPLATE = "certification/overview/tiles/waiting.html"


def assessor_tile(request: HttpRequest) -> Tile | None:
    """Return how many wait for the reader to assess, mark or counter-sign; None where nobody does."""
    reader: Any = request.user
    if not is_assessor(reader):
        return None
    waiting = [
        (_("Practicals to assess"), "practicals", "clipboard", len(waiting_for(reader))),
        (_("Papers to mark"), "marking", "edit", waiting_papers(reader, timezone.localdate()).count()),
        (_("Counter-signatures to give"), "countersignatures", "check", len(waiting_for_countersignature(reader))),
    ]
    items = [
        Line(label, reverse(f"certification:{page}"), icon, _("%(number)s waiting") % {"number": number})
        for label, page, icon, number in waiting
        if number
    ]
    return Tile(TEMPLATE, {"title": _("Waiting for you"), "icon": "clipboard", "lines": items}) if items else None


def manager_tile(request: HttpRequest) -> Tile | None:
    """Return what runs out next among the people of a manager, and the way to the forecast."""
    reader: Any = request.user
    if not reader.is_authenticated or not reader.has_role(Role.MANAGER):
        return None
    soon = ending_within(files_in_sight(reader), SPANS[0])
    expiring, more = reverse("certification:expiring"), len(soon) - SHOWN
    items = [_ending(each, expiring) for each in soon[:SHOWN]]
    if more > 0:
        items.append(
            Line(_("%(number)s more within %(days)s days") % {"number": more, "days": SPANS[0]}, expiring, "list")
        )
    note = _("who may work in the coming months, and which sessions to plan")
    items.append(Line(_("Coverage forecast"), reverse("certification:forecast"), "chart", note))
    return Tile(TEMPLATE, {"title": _("Running out soon"), "icon": "clock", "lines": items})


def _ending(ending: Ending, url: str) -> Line:
    facts = {"scheme": ending.scheme.name, "day": org_day(ending.last_day)}
    return Line(str(ending.person), url, "certificate", _("%(scheme)s until %(day)s") % facts)


def auditor_tile(request: HttpRequest) -> Tile | None:
    """Return what the gate was asked today, and the way to who was qualified on a day."""
    reader: Any = request.user
    if not reader.is_authenticated or not reader.has_role(Role.AUDITOR):
        return None
    today = timezone.localdate()
    asked = narrow_inquiries(inquiries_in_sight(reader), asked_on=today)
    facts = {"asked": asked.count(), "refused": asked.filter(is_allowed=False).count()}
    log = f"{reverse('certification:inquiries')}?asked_on={today.isoformat()}"
    items = [
        Line(_("Questions to the gate"), log, "shield", _("%(asked)s today, %(refused)s refused") % facts),
        Line(_("Who was qualified"), reverse("certification:as_of"), "people", _("on any day, as known then")),
    ]
    return Tile(TEMPLATE, {"title": _("For the audit"), "icon": "search", "lines": items})

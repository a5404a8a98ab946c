"""Start page of the knowledge base."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from kb.bulletins.queries import bulletins_for, in_force
from kb.diagnosis.queries import guides_for
from kb.enums import Severity
from kb.faults.queries import count_by, faults_for, listed
from kb.manuals.queries import listed_manuals, manuals_for
from kb.overview import category_cards
from kb.translations.queries import title_in

LATEST = 6
MANUALS = 8


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Categories with what they hold, the latest articles, the manuals."""
    faults = faults_for(request.user)
    cards = category_cards(request.user)
    by_severity = count_by(faults, "severity")
    latest = list(listed(faults).order_by("-last_published_at", "number")[:LATEST])
    manuals = list(listed_manuals(manuals_for(request.user))[:MANUALS])
    title_in(latest, translation.get_language())
    title_in(manuals, translation.get_language(), "summary")
    return render(
        request,
        "kb/overview/overview.html",
        {
            "cards": cards,
            "fault_total": sum(card.faults for card in cards),
            "manual_total": sum(card.manuals for card in cards),
            "danger_total": by_severity.get(Severity.DANGER, 0),
            "bulletin_total": in_force(bulletins_for(request.user)).count(),
            "guide_total": guides_for(request.user).count(),
            "phone_total": faults.filter(is_phone_doable=True).count(),
            "latest": latest,
            "manuals": manuals,
        },
    )

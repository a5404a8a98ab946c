"""The page “May I do this today?” of an article; the article's page puts it into itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kb.faults.today import today_of
from kb.faults.views import article_or_404
from portal.audiences import can_open, hide


@never_cache
@require_safe
def today(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the gate for the signed-in reader and the article's machines; without a name only what teaches it."""
    article = article_or_404(number)
    if not can_open(request.user, article.audience):
        hide()
    part = request.headers.get("HX-Request") == "true"
    template = "kb/faults/parts/today.html" if part else "kb/faults/today.html"
    return render(request, template, {"article": article, "today": today_of(article, request.user)})

"""How the runs of a guide went, in the Wagtail admin."""

import datetime as dt

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kb.diagnosis.drawing import draw
from kb.diagnosis.queries import run_report
from kb.diagnosis.tree_page import rows_of
from kb.models import DiagnosisGuide

RUNS_VIEW = "kb_guide_runs"
#: Periods one can choose, in days.
PERIODS = (30, 90, 365)


@permission_required("kb.view_diagnosisrun", raise_exception=True)
@require_safe
def runs(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how often each branch was taken and where runs ended without a solution, as picture and table."""
    guide = get_object_or_404(DiagnosisGuide.objects.prefetch_related("steps"), pk=pk)
    chosen = request.GET.get("days", "")
    days = int(chosen) if chosen in map(str, PERIODS) else PERIODS[1]
    report = run_report(guide, timezone.now() - dt.timedelta(days=days))
    context = {
        "guide": guide,
        "report": report,
        "drawing": draw(guide.tree(), report.steps),
        "rows": rows_of(guide, report),
        "days": days,
        "periods": PERIODS,
    }
    return render(request, "kb/diagnosis/admin/runs.html", context)

"""Page of the editing area: the checks of practicals that fail most, as chart, table and Excel."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.models import Checklist
from certification.practicals.analysis import Check, checks
from certification.sections import section_of
from kb.faults.citations import EDIT_VIEW as ARTICLE_EDIT_VIEW
from kb.manuals.outline_views import outline_url
from kb.manuals.queries import readable_chapter
from portal.exchange.exports import Table, export_asked, export_response
from portal.ui.charts import Bar, bar_chart

PERMISSIONS = ("certification.change_checklist", "certification.change_question")
PAGE = 20


def may_analyse(reader: Any) -> bool:
    """Whether ``reader`` writes questions or checklists: who can do something about a section."""
    return any(reader.has_perm(permission) for permission in PERMISSIONS)


@require_safe
def practical_analysis(request: HttpRequest) -> HttpResponse:
    """Show the checks that failed, the largest share first; ``?export=xlsx`` takes all of them."""
    if not may_analyse(request.user):
        raise PermissionDenied
    checklists = list(Checklist.objects.order_by("title"))
    chosen = next((each for each in checklists if each.code == request.GET.get("checklist")), None)
    found = checks(chosen)
    if spreadsheet := export_asked(request.GET):
        return export_response(_table(found), spreadsheet, "practical-analysis")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    title = _("Share of practicals in which the check failed")
    context = {
        "checklists": checklists,
        "chosen": chosen,
        "page_obj": page,
        "rows": [(check, _sections(check, request.user)) for check in page],
        "chart": bar_chart(title, [_bar(each) for each in page], highest=1),
    }
    return render(request, "certification/practicals/admin/analysis.html", context)


def _sections(check: Check, reader: Any) -> list[dict[str, str]]:
    """Return the sections the reader may open, with where they are edited for who may do so."""
    may_edit = reader.has_perm("kb.change_manualedition")
    article = check.own.article if check.own else None
    named = section_of(check.own, reader) if article else None
    edit = (
        reverse(ARTICLE_EDIT_VIEW, args=[article.pk]) if article and reader.has_perm("kb.change_faultarticle") else ""
    )
    first = [{"label": named.label, "url": named.url, "edit": edit}] if named else []
    return first + [
        {
            "label": chapter.citation,
            "url": chapter.get_absolute_url(),
            "edit": outline_url(chapter.edition) if may_edit else "",
        }
        for chapter in check.chapters
        if readable_chapter(chapter, reader)
    ]


def _bar(check: Check) -> Bar:
    tone = "red" if check.share >= 0.3 else "amber" if check.share >= 0.1 else "green"
    return Bar(check.text, check.share, f"{check.fails} / {check.of}", tone)


def _table(found: list[Check]) -> Table:
    headings = [
        _("Checklist"),
        _("To be shown"),
        _("Critical"),
        _("Not done properly"),
        _("Signed checklists"),
        _("Share %"),
        _("Sections to look at"),
    ]
    rows = (
        [
            each.checklist.title,
            each.text,
            _("yes") if each.is_critical else "",
            each.fails,
            each.of,
            round(each.share * 100, 1),
            "\n".join(each.citations),
        ]
        for each in found
    )
    return Table(_("Most failed checks"), headings, rows)

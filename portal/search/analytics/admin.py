"""Wagtail admin of search: synonyms, and the report of what people search for."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from portal.admin.exports import SafeExport
from portal.admin.viewsets import GroundFloorViewSet, IndexView
from portal.models import SearchRecord, SynonymGroup
from portal.search.analytics.reports import TROUBLES, asked
from portal.ui.fields import DayRangeFilter


class SynonymIndexView(SafeExport, IndexView):
    """The list of synonyms."""

    export_filename = "synonyms"


class SynonymViewSet(GroundFloorViewSet):
    """Words that mean the same in this trade."""

    model = SynonymGroup
    index_view_class = SynonymIndexView
    icon = "openquote"
    menu_label = _("Synonyms")
    menu_order = 320
    add_to_admin_menu = True
    panels = [FieldPanel("words"), FieldPanel("kind"), FieldPanel("field"), FieldPanel("note"), FieldPanel("is_active")]
    list_display = [
        "__str__",
        "kind",
        "field",
        # Not Wagtail's tick, whose name for those who hear the page is “True”.
        Column(
            "is_active",
            label=_("in use"),
            accessor=lambda group: _("in use") if group.is_active else "—",
            sort_key="is_active",
        ),
        "updated_at",
    ]
    list_filter = ["field", "kind", "is_active"]
    search_fields = ["words", "note"]
    search_backend_name = None
    list_export = ["words", "kind", "field", "note", "is_active"]


class SearchUseFilterSet(WagtailFilterSet):
    """When, and what went wrong."""

    searched_at = DayRangeFilter(label=_("searched"))
    trouble = django_filters.ChoiceFilter(
        label=_("What went wrong"),
        choices=[(name, label) for name, (label, _condition) in TROUBLES.items()],
        method="keep",
    )

    class Meta:
        model = SearchRecord
        fields = ["searched_at", "channel"]

    def keep(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Leave the narrowing to `SearchUseReportView`, after counting."""
        return queryset


#: The columns of the report, with their headings.
COUNTS = {
    "query": _("Query"),
    "times": _("Times"),
    "without_result": _("Without a result"),
    "without_click": _("Results, none opened"),
    "reformulated": _("Asked again in other words"),
    "fewer_words": _("Answered with fewer words"),
    "solved": _("Solved"),
    "unsolved": _("Said not to have helped"),
    "cases": _("Led to a field case"),
}


class SearchUseReportView(SafeExport, ReportView):
    """Queries counted by what was asked, most frequent first."""

    model = SearchRecord
    page_title = _("What people search for")
    header_icon = "search"
    permission_required = "view"
    filterset_class = SearchUseFilterSet
    index_url_name = "search_use_report"
    index_results_url_name = "search_use_report_results"
    default_ordering = "-times"
    export_filename = "searches"
    list_export = list(COUNTS)
    export_headings = COUNTS
    columns = [
        TitleColumn(
            "query", label=_("Query"), width="22%", get_url=lambda row: reverse("search", query={"q": row["query"]})
        ),
        *(NumberColumn(name, label=label, sort_key=name) for name, label in COUNTS.items() if name != "query"),
        DateColumn("last", label=_("Last"), sort_key="last"),
    ]

    def get_queryset(self) -> QuerySet:
        """Return the single searches, in no order: what is listed is counted from them."""
        return SearchRecord.objects.order_by()

    def get_filtered_queryset(self) -> QuerySet:
        """Filter single searches first, count them, then keep those with the trouble asked for."""
        counted = asked(self.filter_queryset(self.get_queryset()), self.request.GET.get("trouble", ""))
        return counted.order_by(self.ordering, "folded") if self.ordering else counted


class SearchUseMenuItem(MenuItem):
    """Shown to who may read it."""

    def is_shown(self, request: Any) -> bool:
        """Whether the reader holds the permission."""
        return bool(request.user.has_perm("portal.view_searchrecord"))


@hooks.register("register_admin_viewset")
def synonyms() -> SynonymViewSet:
    """Editors → synonyms."""
    return SynonymViewSet("synonyms")


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    """The report and its list alone."""
    view = SearchUseReportView
    return [
        path("reports/searches/", view.as_view(), name="search_use_report"),
        path("reports/searches/results/", view.as_view(results_only=True), name="search_use_report_results"),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    """Reports → what people search for."""
    return SearchUseMenuItem(_("What people search for"), reverse("search_use_report"), icon_name="search", order=500)

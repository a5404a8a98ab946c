"""Search in the Wagtail admin: the synonyms editors maintain, and the report on what people look for in vain."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.model import ModelViewSet

from portal.models import SearchRecord, SynonymGroup

from .answers import Filters
from .links import result_url
from .reports import TROUBLES, asked


class SynonymViewSet(ModelViewSet):
    """Words that mean the same in this trade."""

    model = SynonymGroup
    icon = "openquote"
    menu_label = _("Synonyms")
    menu_order = 320
    add_to_admin_menu = True
    copy_view_enabled = False
    add_to_reference_index = False
    panels = [FieldPanel("words"), FieldPanel("kind"), FieldPanel("field"), FieldPanel("note"), FieldPanel("is_active")]
    list_display = ["__str__", "kind", "field", "is_active", "updated_at"]
    list_filter = ["field", "kind", "is_active"]
    search_fields = ["words", "note"]
    search_backend_name = None
    list_export = ["words", "kind", "field", "note", "is_active"]


class SearchUseFilterSet(WagtailFilterSet):
    """When, and what went wrong."""

    searched_at = django_filters.DateFromToRangeFilter(label=_("searched"), widget=DateRangePickerWidget)
    trouble = django_filters.ChoiceFilter(
        label=_("What went wrong"),
        choices=[(name, label) for name, (label, _condition) in TROUBLES.items()],
        method="keep",
    )

    class Meta:
        model = SearchRecord
        fields = ["searched_at"]

    def keep(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Leave the narrowing to `SearchUseReportView`, after counting."""
        return queryset


class SearchUseReportView(ReportView):
    """Queries counted by what was asked, most frequent first."""

    model = SearchRecord
    page_title = _("What people search for")
    header_icon = "search"
    permission_required = "view"
    filterset_class = SearchUseFilterSet
    index_url_name = "search_use_report"
    index_results_url_name = "search_use_report_results"
    default_ordering = "-times"
    list_export = ["query", "times", "without_result", "without_click", "reformulated", "solved", "unsolved"]
    export_headings = {"query": _("Query"), "times": _("Times")}
    columns = [
        TitleColumn("query", label=_("Query"), get_url=lambda row: result_url(row["query"], Filters())),
        NumberColumn("times", label=_("Times"), sort_key="times"),
        NumberColumn("without_result", label=_("Without a result"), sort_key="without_result"),
        NumberColumn("without_click", label=_("Results, none opened"), sort_key="without_click"),
        NumberColumn("reformulated", label=_("Asked again in other words"), sort_key="reformulated"),
        NumberColumn("fewer_words", label=_("Answered with fewer words"), sort_key="fewer_words"),
        NumberColumn("solved", label=_("Solved"), sort_key="solved"),
        NumberColumn("unsolved", label=_("Said not to have helped"), sort_key="unsolved"),
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

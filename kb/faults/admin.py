"""Fault articles in the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn

from kb.columns import choice_column
from kb.faults.panels import fault_panels
from kb.models import FaultArticle
from portal.admin.snippets import AuditedSnippetViewSet
from portal.templatetags.portal_format import org_day


def _day_published(article: FaultArticle) -> str:
    return org_day(article.last_published_at) or "—"


class FaultArticleViewSet(AuditedSnippetViewSet):
    """Fault articles: draft, preview, publish, history."""

    model = FaultArticle
    icon = "warning"
    menu_label = _("Fault articles")
    menu_order = 100
    edit_handler = fault_panels
    list_display = [
        "__str__",
        Column("category", label=_("category"), sort_key="category__path"),
        choice_column("severity", _("severity"), sort_key="severity"),
        choice_column("verification", _("verification"), sort_key="verification"),
        choice_column("audience", _("audience"), sort_key="audience"),
        Column("last_published_at", label=_("published on"), accessor=_day_published, sort_key="last_published_at"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["category", "severity", "verification", "audience", "live", "is_phone_doable"]
    list_export = ["number", "title", "category", "brand", "family", "severity", "verification", "audience", "live"]
    export_filename = "fault-articles"
    list_per_page = 30
    ordering = ["number"]

    def get_queryset(self, request: Any) -> Any:
        return FaultArticle.objects.select_related("category").order_by("number")

"""The knowledge base in the editing area."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from kb.models import FaultArticle, Manual, ManualEdition
from kb.panels import edition_panels, fault_panels, manual_panels
from kb.views.editions import EditionDeleteView, EditionEditView
from portal.templatetags.portal_format import org_day


def _choice(name: str, label: Any, **kwargs: Any) -> Column:
    """A column that shows the words of a choice."""
    return Column(name, label=label, accessor=f"get_{name}_display", **kwargs)


def _day_published(article: FaultArticle) -> str:
    return org_day(article.last_published_at) or "—"


def _day_of_edition(edition: ManualEdition) -> str:
    return org_day(edition.published_on) if edition.is_published else gettext("draft")


class FaultArticleViewSet(SnippetViewSet):
    """Fault articles: draft, preview, publish, history."""

    model = FaultArticle
    icon = "warning"
    menu_label = _("Fault articles")
    menu_order = 100
    edit_handler = fault_panels
    list_display = [
        "__str__",
        Column("category", label=_("category"), sort_key="category__path"),
        _choice("severity", _("severity"), sort_key="severity"),
        _choice("verification", _("verification"), sort_key="verification"),
        _choice("audience", _("audience"), sort_key="audience"),
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


class ManualViewSet(SnippetViewSet):
    """Manuals; what they say is in their editions."""

    model = Manual
    icon = "doc-full"
    menu_label = _("Manuals")
    menu_order = 200
    edit_handler = manual_panels
    list_display = [
        "__str__",
        _choice("kind", _("kind"), sort_key="kind"),
        Column("category", label=_("category"), sort_key="category__path"),
        _choice("audience", _("audience"), sort_key="audience"),
    ]
    list_filter = ["category", "kind", "audience"]
    list_per_page = 30
    copy_view_enabled = False

    def get_queryset(self, request: Any) -> Any:
        return Manual.objects.select_related("category").order_by("number")


class ManualEditionViewSet(SnippetViewSet):
    """Editions: a draft is edited, a published one only read."""

    model = ManualEdition
    icon = "history"
    menu_label = _("Manual editions")
    menu_order = 300
    edit_handler = edition_panels
    edit_view_class = EditionEditView
    delete_view_class = EditionDeleteView
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("published_on", label=_("published on"), accessor=_day_of_edition, sort_key="published_on"),
        Column("changes", label=_("summary of changes")),
    ]
    list_filter = {"manual": ["exact"], "published_on": ["isnull"]}
    list_per_page = 30
    search_fields = ["manual__title", "manual__number", "edition"]
    search_backend_name = None

    def get_queryset(self, request: Any) -> Any:
        return ManualEdition.objects.select_related("manual").order_by("manual__number", "-pk")


class KnowledgeBaseGroup(SnippetViewSetGroup):
    """One menu for all of it."""

    items = (FaultArticleViewSet, ManualViewSet, ManualEditionViewSet)
    menu_icon = "help"
    menu_label = _("Knowledge base")
    menu_name = "kb"
    menu_order = 110

"""Manuals and editions in the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from kb.columns import choice_column
from kb.manuals.editions import EditionDeleteView, EditionEditView
from kb.manuals.panels import edition_panels, manual_panels
from kb.models import Manual, ManualEdition
from portal.admin.snippets import AuditedSnippetViewSet
from portal.templatetags.portal_format import org_day


def _day_of_edition(edition: ManualEdition) -> str:
    return org_day(edition.published_on) if edition.is_published else gettext("draft")


class ManualViewSet(AuditedSnippetViewSet):
    """Viewset of manuals; their content is in the editions."""

    model = Manual
    icon = "doc-full"
    menu_label = _("Manuals")
    menu_order = 200
    edit_handler = manual_panels
    list_display = [
        "__str__",
        choice_column("kind", _("kind"), sort_key="kind"),
        Column("category", label=_("category"), sort_key="category__path"),
        choice_column("audience", _("audience"), sort_key="audience"),
    ]
    list_filter = ["category", "kind", "audience"]
    list_per_page = 30
    copy_view_enabled = False

    def get_queryset(self, request: Any) -> Any:
        return Manual.objects.select_related("category").order_by("number")


class ManualEditionViewSet(AuditedSnippetViewSet):
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

"""Wagtail hooks of ``portal``; they only register, the logic is in the admin modules."""

from typing import Any

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.admin.api_tokens import narrow_api_tokens
from portal.admin.audit_report import AuditReportView
from portal.admin.dashboard import dashboard_panels
from portal.admin.exports import use_one_writer
from portal.admin.long_choices import long_choices
from portal.admin.policies import register_policies
from portal.admin.recording import register_recording
from portal.admin.records import AccessTokenViewSet
from portal.admin.settings import setting_urls
from portal.admin.site_history import narrow_site_history
from portal.admin.wagtail_forms import wagtail_form_urls
from portal.bar.queries import may_see_changes
from portal.content.files import guard_document, guard_page
from portal.equipment.admin import EquipmentGroup
from portal.equipment.reports import statutory_report_item, statutory_report_urls
from portal.exchange.imports.queries import may_import
from portal.organisations.admin import OrganisationGroup
from portal.people.admin import BULK_ACTIONS
from portal.retention.views import may_see_retention
from portal.search.analytics import admin as search_admin  # noqa: F401  (registers synonyms and the report on searches)

register_policies()
narrow_api_tokens()
narrow_site_history()
use_one_writer()
register_recording()
# Before Wagtail's own, which redirect.
hooks.register("before_serve_document", guard_document, order=-1)
hooks.register("before_serve_page", guard_page, order=-1)
hooks.register("register_admin_urls", statutory_report_urls)
# Before Wagtail's own.
hooks.register("register_admin_urls", setting_urls, order=-1)
hooks.register("register_admin_urls", wagtail_form_urls, order=-1)
hooks.register("register_reports_menu_item", statutory_report_item)
# After Wagtail's own, which they replace.
for action in BULK_ACTIONS:
    hooks.register("register_bulk_action", action, order=100)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """Register the viewsets of organisations, equipment and secret links."""
    return [OrganisationGroup(), EquipmentGroup(), AccessTokenViewSet("access_tokens")]


@hooks.register("register_admin_urls")
def long_choices_urls() -> list[Any]:
    """What forms ask for when something is typed into a long choice."""
    return [path("choices/<str:source>/", long_choices, name="long_choices")]


@hooks.register("insert_global_admin_js")
def long_choices_script() -> str:
    """Make long choices answer to typing."""
    return format_html('<script src="{}" defer></script>', static("js/admin-choices.js"))


@hooks.register("register_admin_urls")
def audit_urls() -> list[Any]:
    """The audit log as a report."""
    return [
        path("reports/audit/", AuditReportView.as_view(), name="audit_report"),
        path("reports/audit/results/", AuditReportView.as_view(results_only=True), name="audit_report_results"),
    ]


class AuditMenuItem(MenuItem):
    """Shown to who may read the audit log."""

    def is_shown(self, request: Any) -> bool:
        """Whether the reader holds the permission."""
        return request.user.has_perm("portal.view_auditevent")


@hooks.register("register_reports_menu_item")
def audit_menu_item() -> MenuItem:
    """Reports → audit log."""
    return AuditMenuItem(_("Audit log"), reverse("audit_report"), icon_name="history", order=600)


class RetentionMenuItem(MenuItem):
    """Shown to who may know what is kept how long."""

    def is_shown(self, request: Any) -> bool:
        """Whether the reader decides it, or audits."""
        return may_see_retention(request.user)


@hooks.register("register_reports_menu_item")
def retention_menu_item() -> MenuItem:
    """Reports → what is kept how long, on the portal's own pages."""
    return RetentionMenuItem(_("What is kept how long"), reverse("retention"), icon_name="lock", order=610)


class BarMenuItem(MenuItem):
    """Shown to who may see the changes of the bar."""

    def is_shown(self, request: Any) -> bool:
        """Whether the page is open to the reader."""
        return may_see_changes(request.user)


@hooks.register("register_reports_menu_item")
def bar_menu_item() -> MenuItem:
    """Reports → changes of the bar, on the portal's own pages."""
    return BarMenuItem(_("Changes of the bar"), reverse("bar_changes"), icon_name="check", order=605)


class ImportsMenuItem(MenuItem):
    """Shown to who may import anything."""

    def is_shown(self, request: Any) -> bool:
        """Whether there is a kind of import for the reader."""
        return may_import(request.user)


@hooks.register("register_admin_menu_item")
def imports_menu_item() -> MenuItem:
    """Imports of tables, on the portal's own pages."""
    return ImportsMenuItem(_("Imports"), reverse("imports"), icon_name="upload", order=480)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """The portal's colours, and the lists of the first page."""
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin.css"))


@hooks.register("construct_homepage_panels")
def dashboard(request: Any, panels: list[Any]) -> None:
    """Show what is broken, due or unfinished first; Wagtail's own panels follow."""
    panels[:0] = dashboard_panels(request)


# Wagtail's own help leads outside, its workflow and ageing reports are about pages only.
HIDDEN_MAIN = {"help"}
HIDDEN_REPORTS = {"locked-pages", "workflows", "workflow-tasks", "aging-pages"}


@hooks.register("construct_main_menu")
def hide_main_items(request: Any, items: list[MenuItem]) -> None:
    """Leave out what has no use here."""
    items[:] = [item for item in items if item.name not in HIDDEN_MAIN]


@hooks.register("construct_reports_menu")
def hide_reports(request: Any, items: list[MenuItem]) -> None:
    """Leave out reports on pages; the audit log and the site history stay."""
    items[:] = [item for item in items if item.name not in HIDDEN_REPORTS]

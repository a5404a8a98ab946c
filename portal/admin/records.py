"""Secret links (list, revoke) and the audit log (read only)."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.model import ModelViewSet

from portal.access import audit
from portal.models import AccessToken, AuditEvent
from portal.ui.fields import DayRangeFilter


class TokenIndexView(generic.IndexView):
    """Secret links that are or were in force; the secret itself is never shown."""

    def get_list_more_buttons(self, instance: AccessToken) -> list[Any]:
        """Offer to revoke a live link, nothing else."""
        if instance.revoked_at or not self.get_delete_url(instance):
            return []
        return [MenuItem(_("Revoke"), url=self.get_delete_url(instance), icon_name="cross", priority=10)]


class RevokeView(generic.DeleteView):
    """Ends a link instead of deleting its record."""

    page_title = _("Revoke")
    success_message = _("The link has been revoked; whoever opens it now finds nothing.")

    @property
    def confirmation_message(self) -> str:
        """What revoking does."""
        return _("Whoever uses this link now will find nothing behind it: printed labels, calendar subscriptions.")

    def delete_action(self) -> None:
        """Revoke and record."""
        self.object.revoke()
        audit.record(
            "portal.link_revoked",
            self.object,
            actor=self.request.user,
            purpose=self.object.purpose,
            about=self.object.subject,
        )


class AccessTokenViewSet(ModelViewSet):
    """Secret links: who holds one, to what; revoke it."""

    model = AccessToken
    icon = "link"
    menu_label = _("Secret links")
    menu_order = 700
    add_to_settings_menu = True
    index_view_class = TokenIndexView
    delete_view_class = RevokeView
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields = ["purpose"]
    ordering = "-created_at"
    list_display = [
        "__str__",
        Column("person", label=_("Person"), accessor=lambda link: link.person or ""),
        DateColumn("created_at", label=_("created at")),
        DateColumn("revoked_at", label=_("revoked at")),
    ]
    list_filter = ["purpose"]
    search_fields = ["subject", "person__name", "person__staff_number"]
    search_backend_name = None


class AuditFilterSet(WagtailFilterSet):
    """Find an act by its name, its subject, who did it, when."""

    action = django_filters.CharFilter(label=_("action"), lookup_expr="icontains")
    subject = django_filters.CharFilter(label=_("subject"), lookup_expr="icontains")
    actor = django_filters.CharFilter(label=_("staff number"), field_name="actor__staff_number", lookup_expr="iexact")
    at = DayRangeFilter(label=_("at"))

    class Meta:
        model = AuditEvent
        fields = ["action", "subject", "actor", "at"]


class AuditReportView(ReportView):
    """Who did what to what, newest first; nobody changes it."""

    model = AuditEvent
    page_title = _("Audit log")
    header_icon = "history"
    permission_required = "view"
    filterset_class = AuditFilterSet
    index_url_name = "audit_report"
    index_results_url_name = "audit_report_results"
    default_ordering = ["-at", "-pk"]
    list_export: list[str] = []
    columns = [
        DateColumn("at", label=_("at")),
        Column("actor", label=_("actor"), accessor=lambda event: event.actor or _("system")),
        Column("action", label=_("action")),
        Column("subject", label=_("subject")),
        Column(
            "detail",
            label=_("detail"),
            accessor=lambda event: "；".join(f"{name}: {value}" for name, value in event.detail.items()),
        ),
    ]

    def get_queryset(self) -> Any:
        """Return the events with who acted."""
        return AuditEvent.objects.select_related("actor").order_by("-at", "-pk")

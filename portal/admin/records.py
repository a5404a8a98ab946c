"""List and revoke secret links in the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn

from portal.access import audit, changes
from portal.admin.viewsets import DeleteView, GroundFloorViewSet, IndexView
from portal.models import AccessToken


class LinkIndexView(IndexView):
    """Secret links that are or were in force; the secret itself is never shown."""

    def get_list_more_buttons(self, instance: AccessToken) -> list[Any]:
        """Offer to revoke a live link, nothing else."""
        if instance.revoked_at or not self.get_delete_url(instance):
            return []
        return [MenuItem(_("Revoke"), url=self.get_delete_url(instance), icon_name="cross", priority=10)]


class RevokeView(DeleteView):
    """Ends a link instead of deleting its record."""

    page_title = _("Revoke")
    success_message = _("The link has been revoked; whoever opens it now finds nothing.")

    @property
    def confirmation_message(self) -> str:
        """What revoking does."""
        return _("Whoever uses this link now will find nothing behind it: printed labels, calendar subscriptions.")

    def delete_action(self) -> None:
        """Revoke and record."""
        before = changes.stored(self.object)
        self.object.revoke()
        audit.record(
            "portal.link_revoked",
            self.object,
            actor=self.request.user,
            purpose=self.object.purpose,
            link_to=self.object.subject,
            changes=changes.stored_since(before, self.object),
        )


class AccessTokenViewSet(GroundFloorViewSet):
    """Secret links: who holds one, to what; revoke it."""

    model = AccessToken
    icon = "link"
    menu_label = _("Secret links")
    menu_order = 700
    add_to_settings_menu = True
    index_view_class = LinkIndexView
    delete_view_class = RevokeView
    list_related = ("person",)
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

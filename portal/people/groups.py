"""Groups in the Wagtail admin; permission changes are recorded with old and new values."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.users.views import groups

from portal.access import audit, changes
from portal.admin.stale import RefusesStaleSaves
from portal.admin.viewsets import AuditedDelete
from portal.admin.wagtail_forms import group_content, permissions_said
from portal.ui.stale import Difference


class GroupCreateView(groups.CreateView):
    """The form of a new group."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the group with its permissions, and record them."""
        answer = super().post(request, *args, **kwargs)
        if getattr(self.object, "pk", None):
            told = changes.stored_since(None, self.object)
            audit.record("portal.group_added", self.object, actor=request.user, changes=told)
        return answer


class GroupEditView(RefusesStaleSaves, groups.EditView):
    """The form of a group."""

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the group with its permissions, and record what changed."""
        group = self.get_object()
        before = changes.stored(group)
        answer = super().answer(request, *args, **kwargs)
        if changed := changes.stored_since(before, group):
            audit.record("portal.group_changed", group, actor=request.user, changes=changed)
        return answer

    def stored_content(self) -> dict[str, Any]:
        """Return the group as it is stored now, with what it may do on pages and in collections."""
        return group_content(self.object)

    def differences(self, form: Any) -> list[Difference]:
        """Return what differs; permissions on pages and in collections stand in forms of their own and are told so."""
        stored = permissions_said(self.object) or "—"
        return super().differences(form) or [Difference(_("Permissions on pages and in collections"), "—", stored)]


class GroupDeleteView(AuditedDelete, groups.DeleteView):
    """The question before a group goes."""


class AuditedGroupViewSet(groups.GroupViewSet):
    """Wagtail's management of groups, recorded."""

    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
    delete_view_class = GroupDeleteView

"""People in the Wagtail admin, edited with staff number, organisation and roles."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views.generic import usage
from wagtail.users.views import users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, SetActiveStateBulkAction

from portal.access.roles import grantable_roles
from portal.admin.answering import InOneTransaction
from portal.admin.policies import InSightPolicy
from portal.admin.stale import RefusesStaleSaves
from portal.admin.viewsets import Audited, AuditedDelete, InSight, OfSeenObject
from portal.enums import Role
from portal.models import Person
from portal.people.forms import PersonForm


def _roles(person: Person) -> str:
    held = {group.name for group in person.groups.all()}
    return "、".join(str(role.label) for role in Role if role.value in held)


class PersonIndexView(InSight, users.IndexView):
    """People in sight, by staff number."""

    page_title = _("People")
    add_item_label = _("Add a person")
    default_ordering = "staff_number"

    @property
    def columns(self) -> list[Column]:
        """Columns in the words of the trade."""
        name = self._get_title_column_class(users.UserColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="user"),
            name("name", accessor="name", label=_("Name"), sort_key="name", get_url=self.get_edit_url),
            Column("staff_number", label=_("Staff number"), sort_key="staff_number"),
            Column("organisation", label=_("Organisation"), sort_key="organisation__path"),
            Column("roles", label=_("Roles"), accessor=_roles),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last sign-in"), sort_key="last_login"),
        ]

    @property
    def search_fields(self) -> list[str]:
        """What the search box of the list looks at."""
        return [
            *("staff_number", "staff_number_key", "name", "name_key", "name_pinyin", "name_initials"),
            *("mobile", "organisation__name"),
        ]

    @search_fields.setter
    def search_fields(self, value: Any) -> None:
        """The viewset passes its own; ours hold."""

    def get_base_queryset(self) -> Any:
        """Return people with what the columns show."""
        people = super().get_base_queryset().filter(pk__in=self.get_queryset_in_sight().values("pk"))
        return people.select_related("organisation").prefetch_related("groups")

    def get_queryset_in_sight(self) -> Any:
        """Return the people the policy grants."""
        return self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ("add", "change", "delete", "view")
        )

    def order_queryset(self, queryset: Any) -> Any:
        """Order by a column; a name is one field here."""
        if self.ordering in ("name", "-name"):
            return queryset.order_by(self.ordering)
        return super().order_queryset(queryset)


class PersonCreateView(InOneTransaction, Audited, users.CreateView):
    """Enter a person."""

    page_title = _("Add a person")
    audit_verb = "added"
    success_message = _("%(object)s has been entered.")


class PersonEditView(RefusesStaleSaves, Audited, InSight, users.EditView):
    """Correct a person's record."""

    audit_verb = "changed"
    success_message = _("%(object)s has been saved.")


class PersonDeleteView(AuditedDelete, InSight, users.DeleteView):
    """The question before a record goes; people with a history stay."""


class PersonHistoryView(OfSeenObject, users.HistoryView):
    """What was changed when."""


class PersonUsageView(OfSeenObject, usage.UsageView):
    """Where the person is mentioned."""


class PersonViewSet(users.UserViewSet):
    """Wagtail's user management, on people."""

    menu_label = _("People")
    icon = "user"
    menu_order = 490
    add_to_settings_menu = False
    add_to_admin_menu = True
    template_prefix = ""
    copy_view_enabled = False
    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    delete_view_class = PersonDeleteView
    history_view_class = PersonHistoryView
    usage_view_class = PersonUsageView

    def get_form_class(self, for_update: bool = False) -> Any:
        """One form for new and known people."""
        return PersonForm


class InSightBulk:
    """Acts on several people at once, each of them in the editor's sight and not the editor."""

    def check_perm(self, obj: Person) -> bool:
        """Whether the policy grants a change of this person."""
        policy = self.permission_policy
        return (
            isinstance(policy, InSightPolicy)
            and obj != self.request.user
            and policy.user_has_permission_for_instance(self.request.user, "change", obj)
        )


class AssignRole(InSightBulk, AssignRoleBulkAction):
    """Give several people a role."""

    audit_action = "portal.role_given"

    def get_execution_context(self) -> dict[str, Any]:
        """Check the role.

        Raises:
            PermissionDenied: a role the editor may not give.
        """
        context = super().get_execution_context()
        if context["role"].name not in grantable_roles(self.request.user):
            raise PermissionDenied
        return context


class SetActiveState(InSightBulk, SetActiveStateBulkAction):
    """Open or close the sign-in of several people."""

    @classmethod
    def execute_action(
        cls, objects: list[Person], mark_as_active: bool = False, user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        """Save them one by one, so that what depends on it follows, as seats in sessions do."""
        people = [person for person in objects if user is None or person.pk != user.pk]
        for person in people:
            person.is_active = mark_as_active
            person.save(update_fields=["is_active"])
        return len(people), 0


BULK_ACTIONS = (AssignRole, SetActiveState)

"""Permission policies of the Wagtail admin that limit each role to the rows in its sight."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model, Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from portal.access.roles import grantable_roles
from portal.access.sight import people_in_sight
from portal.enums import Role
from portal.models import Person, PortalDocument
from portal.registry.sight import in_sight, seen_rows

Narrow = Callable[[QuerySet, Any], QuerySet]


class InSightPolicy(ModelPermissionPolicy):
    """The model's permissions, on the rows ``narrow(queryset, user)`` leaves."""

    def __init__(self, model: type[Model], narrow: Narrow = in_sight) -> None:
        super().__init__(model)
        self.narrow = narrow

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        """Whether ``user`` holds the permission and sees this row."""
        if not self.user_has_permission(user, action):
            return False
        if user.is_superuser:
            return True
        return self.narrow(self.model._default_manager.filter(pk=instance.pk), user).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet:
        """Return the rows ``user`` may act on."""
        rows = super().instances_user_has_any_permission_for(user, actions)
        return rows if user.is_superuser else self.narrow(rows, user)


class SharedDocumentPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's policy of documents, which leaves out those of a person's file: nobody lists, chooses or edits them."""

    def __init__(self) -> None:
        super().__init__(PortalDocument, auth_model="wagtaildocs.Document", owner_field_name="uploaded_by_user")

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        """Whether ``user`` may act on this document."""
        return not instance.is_personal and super().user_has_permission_for_instance(user, action, instance)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Model) -> bool:
        """Whether ``user`` may do any of it to this document."""
        return not instance.is_personal and super().user_has_any_permission_for_instance(user, actions, instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet:
        """Return the documents ``user`` may act on."""
        return super().instances_user_has_any_permission_for(user, actions).filter(is_personal=False)

    def instances_user_has_permission_for(self, user: Any, action: str) -> QuerySet:
        """Return the documents ``user`` may do this to."""
        return self.instances_user_has_any_permission_for(user, [action])


def editable_people(rows: QuerySet, user: Any) -> QuerySet:
    """Leave the people ``user`` may edit.

    Nobody but a superuser edits a superuser, and nobody edits a person with a role they could not give: who sets
    somebody's password could act as them.
    """
    beyond = Group.objects.filter(name__in=Role.values).exclude(name__in=grantable_roles(user))
    kept = rows.filter(pk__in=people_in_sight(user).values("pk"), is_superuser=False)
    return kept.exclude(~Q(pk=user.pk), groups__in=beyond)


def register_policies() -> None:
    """Make Wagtail ask these policies; called when its hooks are loaded, after Wagtail's own registrations."""
    for model in seen_rows:
        register_permission_policy(model, InSightPolicy(model))
    register_permission_policy(Person, InSightPolicy(Person, editable_people))
    # Wagtail registers its own for documents in its turn; the exact class goes before it.
    register_permission_policy(PortalDocument, SharedDocumentPolicy(), exact_class=True)

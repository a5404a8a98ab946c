"""Synchronise the groups of roles with the registered permissions after every ``migrate``."""

from typing import Any

from django.apps import apps as django_apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.management import create_contenttypes
from wagtail.snippets.models import create_extra_permissions

from portal.enums import Role
from portal.registry.roles import granted

# What a regional administrator may give to people of the branch; whoever holds more is kept by administrators.
BRANCH_GRANTABLE = (Role.ENGINEER, Role.DISPATCHER, Role.TRAINER, Role.CUSTOMER_CONTACT)


def grantable_roles(editor: Any) -> tuple[Role, ...]:
    """Return the roles ``editor`` may give and take."""
    if editor.is_superuser or editor.has_role(Role.ADMINISTRATOR):
        return tuple(Role)
    return BRANCH_GRANTABLE if editor.has_role(Role.REGIONAL_ADMINISTRATOR) else ()


def synchronise_roles(**kwargs: object) -> None:
    """Create the groups and give each at least the permissions registered for it (post_migrate of the last app).

    Permissions given by hand stay; one that is no longer registered is taken away by hand.
    """
    for app_config in django_apps.get_app_configs():
        create_contenttypes(app_config, verbosity=0)
        create_permissions(app_config, verbosity=0)
    # Publishing and locking are permissions Wagtail adds in its own turn, on a fresh database after this one.
    create_extra_permissions(django_apps.get_app_config("wagtailsnippets"))
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in Role.values:
        group, _created = Group.objects.get_or_create(name=role)
        wanted = {known[name].pk for name in granted[role] if name in known}
        held = set(group.permissions.values_list("pk", flat=True))
        group.permissions.add(*(wanted - held))
        # Permissions an administrator added by hand stay: only what is missing is given.

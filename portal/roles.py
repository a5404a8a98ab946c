"""Roles as groups with permissions, kept in step after every migrate.

Each app says what its roles may edit in the Wagtail admin with ``grant``; the predicates that decide about rows are in
``permissions.py`` of each app.
"""

from collections import defaultdict

from django.apps import apps as django_apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.management import create_contenttypes

from portal.enums import Role

_grants: dict[str, set[str]] = defaultdict(set)


def grant(role: str, *permissions: str) -> None:
    """Register that ``role`` holds permissions such as ``"kb.change_faultarticle"``; call it from AppConfig.ready."""
    _grants[role].update(permissions)


def grant_editing(role: str, app_label: str, *model_names: str) -> None:
    """Register add, change, delete, view and publish of these models for ``role``."""
    for model_name in model_names:
        grant(
            role,
            *(f"{app_label}.{act}_{model_name}" for act in ("add", "change", "delete", "view", "publish")),
        )


def synchronise_roles(**kwargs: object) -> None:
    """Create the groups and give each exactly the permissions registered for it (post_migrate of the last app)."""
    from wagtail.snippets.models import create_extra_permissions

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
        wanted = {known[name].pk for name in _grants[role] if name in known}
        held = set(group.permissions.values_list("pk", flat=True))
        group.permissions.add(*(wanted - held))
        # Permissions an administrator added by hand stay: only what is missing is given.

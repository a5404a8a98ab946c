"""The ground floor as an app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """People, organisations, equipment, search, and the doors to the outside."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal import checks, registrations  # noqa: F401  (checks register themselves)
        from portal.roles import synchronise_roles

        registrations.register()
        post_migrate.connect(synchronise_roles, sender=self, dispatch_uid="portal.synchronise_roles")

"""App configuration of ``portal``: registrations and signal receivers."""

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate, post_save, pre_migrate
from django.utils.translation import gettext_lazy as _


def create_cache_table(**kwargs: object) -> None:
    """Make the table of the shared cache if it lives in the database (does nothing otherwise, or twice)."""
    call_command("createcachetable", verbosity=0)


def create_settings(**kwargs: object) -> None:
    """Make the one row of settings, so that no reading request has to."""
    from portal.models import PortalSettings
    from portal.web import contact

    contact.keep(PortalSettings.load())


class PortalConfig(AppConfig):
    """People, organisations, equipment, search, sign-in and API."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal import registrations
        from portal.access.content_roles import synchronise_content_rights
        from portal.access.roles import synchronise_roles
        from portal.admin import long_choices
        from portal.operations import immutability
        from portal.operations.jobs import enter_jobs
        from portal.people import accounts  # noqa: F401  (checks and signals register themselves)
        from portal.ui.fields import use_in_admin
        from portal.web import checks, contact  # noqa: F401  (checks and signals register themselves)

        use_in_admin()
        long_choices.register()
        post_save.connect(contact.keep_saved, sender=self.get_model("PortalSettings"), dispatch_uid="portal.contact")
        registrations.register()
        post_migrate.connect(synchronise_roles, sender=self, dispatch_uid="portal.synchronise_roles")
        post_migrate.connect(synchronise_content_rights, sender=self, dispatch_uid="portal.content_rights")
        post_migrate.connect(create_settings, sender=self, dispatch_uid="portal.create_settings")
        post_migrate.connect(enter_jobs, sender=self, dispatch_uid="portal.enter_jobs")
        post_migrate.connect(create_cache_table, sender=self, dispatch_uid="portal.create_cache_table")
        pre_migrate.connect(immutability.release_before_migrate, sender=self, dispatch_uid="portal.release")
        post_migrate.connect(immutability.protect_after_migrate, sender=self, dispatch_uid="portal.protect")

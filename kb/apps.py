"""App configuration of ``kb``."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KbConfig(AppConfig):
    """Manuals and fault articles."""

    name = "kb"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from kb import registrations
        from kb.control.workflow import ensure_workflow

        registrations.register()
        post_migrate.connect(ensure_workflow, sender=self, dispatch_uid="kb.ensure_workflow")

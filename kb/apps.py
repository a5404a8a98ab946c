"""App configuration of ``kb``."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KbConfig(AppConfig):
    """Manuals and fault articles."""

    name = "kb"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        from kb import registrations

        registrations.register()

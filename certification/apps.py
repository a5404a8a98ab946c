"""App configuration of ``certification``."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificationConfig(AppConfig):
    """Quizzes, practicals, schemes, the ledger and the duty gate."""

    name = "certification"
    verbose_name = _("Certification")

    def ready(self) -> None:
        from certification import registrations

        registrations.register()

"""App configuration of ``courses``."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    """Modules, sessions, seats, attendance and calendars."""

    name = "courses"
    verbose_name = _("Training")

    def ready(self) -> None:
        from courses import registrations

        registrations.register()

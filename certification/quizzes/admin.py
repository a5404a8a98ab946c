"""Quizzes in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _

from certification.models import (
    Quiz,
)
from certification.quizzes.panels import quiz_panels
from certification.versions.admin import VersionedViewSet


class QuizViewSet(VersionedViewSet):
    """Quizzes with their draw rules."""

    model = Quiz
    edit_handler = quiz_panels
    icon = "edit"
    menu_label = _("Quizzes")
    list_display = ["title", "code", "bank", "minutes", "pass_mark", "max_attempts"]

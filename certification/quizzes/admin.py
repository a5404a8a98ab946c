"""Quizzes in the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from certification.models import Quiz
from certification.quizzes.breadth import narrow_rules
from certification.quizzes.panels import quiz_panels
from certification.versions.admin import DraftCreateView, DraftEditView, VersionedViewSet


class TellsBreadth:
    """Warns after saving where a re-sit would be nearly the same paper."""

    def save_instance(self) -> Any:
        """Save the draft, then look at its draw rules."""
        quiz = super().save_instance()
        for narrow in narrow_rules(quiz):
            messages.warning(self.request, narrow.message)
        return quiz


class QuizCreateView(TellsBreadth, DraftCreateView):
    """The form of a new quiz."""


class QuizEditView(TellsBreadth, DraftEditView):
    """The form of a quiz."""


class QuizViewSet(VersionedViewSet):
    """Quizzes with their draw rules."""

    model = Quiz
    edit_handler = quiz_panels
    add_view_class = QuizCreateView
    edit_view_class = QuizEditView
    icon = "edit"
    menu_label = _("Quizzes")
    list_display = ["title", "code", "bank", "minutes", "pass_mark", "max_attempts"]

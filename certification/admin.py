"""Certification in the Wagtail admin menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSetGroup

from certification.practicals.admin import AppointmentViewSet, ChecklistViewSet
from certification.questions.admin import QuestionBankViewSet, QuestionViewSet
from certification.questions.review import PERMISSION
from certification.quizzes.admin import QuizViewSet
from certification.schemes.admin import SchemeViewSet
from certification.versions.queries import may_see_drafts


class DraftsMenuItem(MenuItem):
    """Shown to who drafts or approves."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader may open the list."""
        return may_see_drafts(request.user)


class ReviewMenuItem(MenuItem):
    """Shown to keepers of the banks."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader may open the list."""
        return request.user.has_perm(PERMISSION)


class CertificationGroup(ModelViewSetGroup):
    """One menu for all of it."""

    items = (
        QuestionViewSet,
        QuestionBankViewSet,
        QuizViewSet,
        ChecklistViewSet,
        AppointmentViewSet,
        SchemeViewSet,
    )
    menu_icon = "tick-inverse"
    menu_label = _("Certification")
    menu_name = "certification"
    menu_order = 130

    def get_submenu_items(self) -> list[Any]:
        """The lists of the records, and what of them waits for approval."""
        url = reverse_lazy("certification_drafts")
        waiting = DraftsMenuItem(_("Waiting for approval"), url, name="drafts", icon_name="clipboard-list", order=900)
        url = reverse_lazy("certification_questions_review")
        review = ReviewMenuItem(_("Questions to review"), url, name="review", icon_name="warning", order=890)
        return [*super().get_submenu_items(), review, waiting]

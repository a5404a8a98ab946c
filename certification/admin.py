"""Certification in the Wagtail admin menu."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from certification.practicals.admin import AppointmentViewSet, ChecklistViewSet
from certification.questions.admin import QuestionBankViewSet, QuestionViewSet
from certification.quizzes.admin import QuizViewSet
from certification.schemes.admin import SchemeViewSet


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

"""Certification in the editing area. Nothing here is deleted: what is out of use is taken out of use."""

from typing import Any

from django.db.models import Count, Prefetch
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from certification.admin_forms import AppointmentForm, QuestionForm
from certification.models import (
    AssessorAppointment,
    Checklist,
    Question,
    QuestionBank,
    QuestionVersion,
    Quiz,
    Scheme,
    StatutoryKind,
)
from certification.panels import checklist_panels, quiz_panels, scheme_panels
from portal.admin.viewsets import CreateView, EditView


class KeptViewSet(ModelViewSet):
    """What all of them share: each write is in the audit log."""

    add_view_class = CreateView
    edit_view_class = EditView
    copy_view_enabled = False
    list_per_page = 30
    search_backend_name = None


class QuestionIndexView(IndexView):
    """Questions with the words of their current version."""

    def get_base_queryset(self) -> Any:
        """Load bank and current version with the page."""
        current = QuestionVersion.objects.filter(is_current=True)
        return (
            Question.objects.select_related("bank")
            .prefetch_related(Prefetch("versions", queryset=current, to_attr="current"))
            .annotate(shown=Count("versions__shown"))
        )


def _of_current(name: str) -> Any:
    """Return a reader of an attribute of the current version."""

    def read(question: Question) -> Any:
        current = getattr(question, "current", [])
        value = getattr(current[0], name, "") if current else ""
        return value() if callable(value) else value

    return read


class QuestionViewSet(KeptViewSet):
    """The question bank's questions, in versions."""

    model = Question
    form_class = QuestionForm
    index_view_class = QuestionIndexView
    icon = "help"
    menu_label = _("Questions")
    list_display = [
        "ref",
        Column("stem", label=_("question text"), accessor=_of_current("__str__")),
        Column("kind", label=_("question type"), accessor=_of_current("get_kind_display")),
        Column("topic", label=_("topic"), accessor=_of_current("get_topic_display")),
        Column("number", label=_("version"), accessor=_of_current("number")),
        Column("shown", label=_("times shown"), sort_key="shown"),
        BooleanColumn("is_active", label=_("drawn in quizzes")),
    ]
    list_filter = ["bank", "is_active"]
    search_fields = ["ref", "versions__stem"]
    ordering = ["ref"]

    def get_form_class(self, for_update: bool = False) -> type[QuestionForm]:
        """One form for both."""
        return QuestionForm


class QuestionBankViewSet(KeptViewSet):
    """Banks."""

    model = QuestionBank
    form_fields = ["code", "name", "category"]
    icon = "folder-open-1"
    menu_label = _("Question banks")
    list_display = ["name", "code", "category"]


class QuizViewSet(KeptViewSet):
    """Quizzes with their draw rules."""

    model = Quiz
    edit_handler = quiz_panels
    icon = "edit"
    menu_label = _("Quizzes")
    list_display = ["title", "code", "bank", "minutes", "pass_mark", "max_attempts"]


class ChecklistViewSet(KeptViewSet):
    """Practical checklists."""

    model = Checklist
    edit_handler = checklist_panels
    icon = "list-ul"
    menu_label = _("Practical checklists")
    list_display = ["title", "code", "category", "pass_percent"]


class AppointmentViewSet(KeptViewSet):
    """Who may assess what."""

    model = AssessorAppointment
    icon = "user"
    menu_label = _("Assessor appointments")
    list_display = ["person", "category", DateColumn("start", label=_("from")), DateColumn("end", label=_("to"))]

    def get_form_class(self, for_update: bool = False) -> type[AppointmentForm]:
        """One form for both."""
        return AppointmentForm


class SchemeViewSet(KeptViewSet):
    """Schemes with their requirements."""

    model = Scheme
    edit_handler = scheme_panels
    icon = "tick-inverse"
    menu_label = _("Schemes")
    list_display = ["name", "code", "category", "valid_months", BooleanColumn("is_active", label=_("in force"))]


class StatutoryKindViewSet(KeptViewSet):
    """Kinds of card issued outside."""

    model = StatutoryKind
    form_fields = ["code", "name", "issuer", "valid_years", "review_years", "rule"]
    icon = "doc-full"
    menu_label = _("Kinds of statutory certificate")
    list_display = ["name", "code", "issuer", "valid_years", "review_years"]


class CertificationGroup(ModelViewSetGroup):
    """One menu for all of it."""

    items = (
        QuestionViewSet,
        QuestionBankViewSet,
        QuizViewSet,
        ChecklistViewSet,
        AppointmentViewSet,
        SchemeViewSet,
        StatutoryKindViewSet,
    )
    menu_icon = "tick-inverse"
    menu_label = _("Certification")
    menu_name = "certification"
    menu_order = 130

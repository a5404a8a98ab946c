"""Question banks and questions in the Wagtail admin."""

from typing import Any

from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets import Button

from certification.models import (
    Question,
    QuestionBank,
    QuestionVersion,
)
from certification.questions.forms import QuestionForm
from certification.questions.importing.domain import may_import
from certification.questions.reading import note_reading
from certification.viewsets import KeptViewSet
from portal.admin.viewsets import EditView, HistoryView, IndexView


class QuestionIndexView(IndexView):
    """Questions with the words of their current version."""

    def get_base_queryset(self) -> Any:
        """Load bank and current version with the page."""
        current = QuestionVersion.objects.filter(is_current=True).select_related("topic")
        return (
            super()
            .get_base_queryset()
            .select_related("bank")
            .prefetch_related(Prefetch("versions", queryset=current, to_attr="current"))
            .annotate(shown=Count("versions__shown"))
        )

    def get_header_more_buttons(self) -> list[Button]:
        """Offer the import to who may add and change questions."""
        buttons: list[Button] = super().get_header_more_buttons()
        if may_import(self.request.user):
            address = reverse("certification_questions_import")
            buttons.append(Button(_("Import and export"), url=address, icon_name="download", priority=30))
        if self.request.user.has_perm("certification.change_question"):
            address = reverse("certification_analysis")
            buttons.append(Button(_("Item analysis"), url=address, icon_name="help", priority=31))
        return buttons


def _of_current(name: str) -> Any:
    """Return a reader of an attribute of the current version."""

    def read(question: Question) -> Any:
        current = getattr(question, "current", [])
        value = getattr(current[0], name, "") if current else ""
        return value() if callable(value) else value

    return read


class ShowsAnswers:
    """A page of the editing area that shows a question with its key: who opened it knows the answers of the bank."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        """Note the reader before the page is made."""
        note_reading(self.request.user, [self.object.bank])
        return super().render_to_response(context, **kwargs)


class QuestionEditView(ShowsAnswers, EditView):
    """The form of a question, filled with its key."""


class QuestionHistoryView(ShowsAnswers, HistoryView):
    """What was changed when."""


class QuestionViewSet(KeptViewSet):
    """The question bank's questions, in versions."""

    model = Question
    form_class = QuestionForm
    index_view_class = QuestionIndexView
    edit_view_class = QuestionEditView
    history_view_class = QuestionHistoryView
    icon = "help"
    menu_label = _("Questions")
    list_display = [
        "ref",
        Column("stem", label=_("question text"), accessor=_of_current("__str__")),
        Column("kind", label=_("question type"), accessor=_of_current("get_kind_display")),
        Column("topic", label=_("topic"), accessor=_of_current("topic")),
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

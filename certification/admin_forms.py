"""Forms of the editing area."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from certification.domain.questions import WORDS, check_choices, save_question
from certification.enums import QuestionKind
from certification.errors import BadQuestion
from certification.models import AssessorAppointment, Question
from kb.enums import TopicKey
from kb.models import FaultArticle, ManualChapter
from kb.queries import current_chapters
from portal.enums import Role
from portal.models import Person
from portal.ui.fields import AdminDayField

ANSWERS = 6
POINTERS = ("chapter", "article")


class ChapterField(forms.ModelChoiceField):
    """The chapters of the current editions."""

    def label_from_instance(self, obj: ManualChapter) -> str:
        """Manual and chapter."""
        return f"{obj.edition.manual.number} {obj.edition.manual.title} · {obj.number} {obj.title}"


class ArticleField(forms.ModelChoiceField):
    """The published fault articles."""

    def label_from_instance(self, obj: FaultArticle) -> str:
        """Number and title."""
        return f"{obj.number} · {obj.title}"


class QuestionForm(WagtailAdminModelForm):
    """A question with its current words; saving makes a new version where the old one was shown."""

    kind = forms.ChoiceField(label=_("question type"), choices=QuestionKind.choices)
    stem = forms.CharField(label=_("question text"), widget=forms.Textarea(attrs={"rows": 3}))
    explanation = forms.CharField(
        label=_("explanation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown after the quiz was passed."),
    )
    topic = forms.ChoiceField(label=_("topic"), required=False, choices=[("", "—"), *TopicKey.choices])
    difficulty = forms.TypedChoiceField(
        label=_("difficulty"), coerce=int, choices=[(1, _("1 easy")), (2, _("2 medium")), (3, _("3 hard"))]
    )
    is_safety = forms.BooleanField(label=_("about safety"), required=False)
    chapter = ChapterField(
        ManualChapter.objects.none(),
        label=_("manual chapter"),
        required=False,
        help_text=_("What to read again after a wrong answer: a chapter, or a fault article."),
    )
    article = ArticleField(FaultArticle.objects.none(), label=_("fault article"), required=False)

    class Meta:
        model = Question
        fields = ["bank", "ref", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.versions.filter(is_current=True).first() if self.instance.pk else None
        self.fields["chapter"].queryset = current_chapters(keep=version.chapter_id if version else None)
        self.fields["article"].queryset = FaultArticle.objects.filter(live=True).order_by("number")
        for number in range(1, ANSWERS + 1):
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("Answer %(number)s") % {"number": number}, max_length=300, required=False
            )
            self.fields[f"right_{number}"] = forms.BooleanField(
                label=_("Answer %(number)s is right") % {"number": number}, required=False
            )
        if version is not None:
            self._fill(version)

    def _fill(self, version: Any) -> None:
        for name in (*WORDS, *POINTERS):
            self.initial[name] = getattr(version, name)
        for number, choice in enumerate(version.choices.all(), start=1):
            self.initial[f"answer_{number}"] = choice.text
            self.initial[f"right_{number}"] = choice.is_correct

    def choices(self) -> list[tuple[str, bool]]:
        """Return the answers given, in order; empty lines are left out."""
        data = self.cleaned_data
        rows = [
            (data.get(f"answer_{number}", "").strip(), data.get(f"right_{number}", False))
            for number in range(1, ANSWERS + 1)
        ]
        return [(text, right) for text, right in rows if text]

    def clean(self) -> dict[str, Any]:
        """Hold the rules of a fair question."""
        data = super().clean()
        try:
            check_choices(data.get("kind", QuestionKind.SINGLE), self.choices())
        except BadQuestion as error:
            self.add_error(None, str(error))
        return data

    def save(self, commit: bool = True) -> Question:
        """Save through the verb, so that shown versions stay."""
        question = super().save(commit=False)
        fields = {name: self.cleaned_data[name] for name in (*WORDS, *POINTERS)}
        save_question(question, choices=self.choices(), **fields)
        return question


class AppointmentForm(WagtailAdminModelForm):
    """An appointment of somebody who has the assessor's role."""

    class Meta:
        model = AssessorAppointment
        fields = ["person", "category", "start", "end"]
        field_classes = {"start": AdminDayField, "end": AdminDayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assessors = Person.objects.filter(is_active=True, groups__name=Role.ASSESSOR).order_by("staff_number")
        self.fields["person"].queryset = assessors.distinct()

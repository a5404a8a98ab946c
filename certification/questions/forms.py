"""Admin form of a question: text, answers, citation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from certification.kinds import question_kinds
from certification.models import Question, QuestionVersion
from certification.questions.domain import POINTERS, save_question
from certification.questions.errors import BadQuestion
from certification.questions.kinds.base import Draft
from kb.enums import TopicKey
from kb.manuals.forms import ChapterField
from kb.manuals.queries import current_chapters
from kb.models import FaultArticle, ManualChapter
from portal.admin.long_choices import LongSelect

# Of QuestionVersion, edited here whatever the kind; what belongs to a kind, its module adds.
COMMON = ("kind", "stem", "explanation", "topic", "difficulty", "is_safety")


class ArticleField(forms.ModelChoiceField):
    """The published fault articles."""

    def label_from_instance(self, obj: FaultArticle) -> str:
        """Number and title."""
        return f"{obj.number} · {obj.title}"


class QuestionForm(WagtailAdminModelForm):
    """A question with its current words; saving makes a new version where the old one was shown."""

    kind = forms.ChoiceField(label=_("question type"), choices=question_kinds.choices)
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
    article = ArticleField(
        FaultArticle.objects.none(), label=_("fault article"), required=False, widget=LongSelect("kb.faultarticle")
    )

    class Meta:
        model = Question
        fields = ["bank", "ref", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = self.instance.versions.filter(is_current=True).first() if self.instance.pk else None
        version = self.version
        self.fields["chapter"].queryset = current_chapters(keep=version.chapter_id if version else None)
        self.fields["article"].queryset = FaultArticle.objects.filter(live=True).order_by("number")
        for kind in question_kinds:
            # Kinds may share fields, as those with answers to choose do.
            self.fields |= {name: field for name, field in kind.form_fields().items() if name not in self.fields}
        if version is not None:
            self._fill(version)

    def _fill(self, version: QuestionVersion) -> None:
        for name in (*COMMON, *POINTERS):
            self.initial[name] = getattr(version, name)
        self.initial |= question_kinds.get(version.kind).initial(version)

    def clean(self) -> dict[str, Any]:
        """Hold the rules of a fair question, which are those of its kind."""
        data = super().clean()
        if "kind" in data:
            kind = question_kinds.get(data["kind"])
            self.draft: Draft = kind.draft(data, self.version)
            try:
                kind.check(self.draft)
            except BadQuestion as error:
                self.add_error(None, str(error))
        return data

    def save(self, commit: bool = True) -> Question:
        """Save through the verb, so that shown versions stay."""
        question = super().save(commit=False)
        fields = {name: self.cleaned_data[name] for name in (*COMMON, *POINTERS)}
        save_question(
            question, choices=self.draft.options, parameters=self.draft.parameters, by=self.for_user, **fields
        )
        return question

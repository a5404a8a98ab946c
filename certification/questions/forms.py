"""Admin form of a question: text, answers, citation."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images.widgets import AdminImageChooser

from certification.kinds import question_kinds
from certification.models import Question, QuestionVersion
from certification.questions.domain import POINTERS, save_question
from certification.questions.errors import BadQuestion
from certification.questions.kinds.base import Draft
from kb.manuals.forms import ChapterField
from kb.manuals.queries import current_chapters
from kb.models import FaultArticle, ManualChapter, Topic
from kb.topics.queries import offered_topics
from portal.admin.long_choices import LongSelect
from portal.models import EquipmentModel, PortalImage

# Of QuestionVersion, edited here whatever the kind; what belongs to a kind, its module adds.
COMMON = (
    "kind",
    "stem",
    "picture",
    "picture_text",
    "explanation",
    "topic",
    "difficulty",
    "equipment",
    "is_safety",
    "is_knockout",
)


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
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("topic"), required=False, to_field_name="code")
    difficulty = forms.TypedChoiceField(
        label=_("difficulty"), coerce=int, choices=[(1, _("1 easy")), (2, _("2 medium")), (3, _("3 hard"))]
    )
    is_safety = forms.BooleanField(label=_("about safety"), required=False)
    is_knockout = forms.BooleanField(
        label=_("fails the paper"),
        required=False,
        help_text=_("Whoever does not answer it fully has not passed, whatever the score."),
    )
    equipment = forms.ModelChoiceField(
        EquipmentModel.objects.none(),
        label=_("equipment model"),
        required=False,
        help_text=_("Empty when it holds for the whole category of the bank."),
    )
    picture = forms.ModelChoiceField(
        PortalImage.objects.none(),
        label=_("picture"),
        required=False,
        widget=AdminImageChooser,
        help_text=_("Shown with the question; for a place in a picture, the picture to point into."),
    )
    picture_text = forms.CharField(
        label=_("picture in words"),
        max_length=200,
        required=False,
        help_text=_("What it shows, without the answer; read out to those who cannot see it."),
    )
    chapter = ChapterField(
        ManualChapter.objects.none(),
        label=_("manual chapter"),
        required=False,
        help_text=_("What to read again after a wrong answer: a chapter, or a fault article."),
    )
    article = ArticleField(
        FaultArticle.objects.none(), label=_("fault article"), required=False, widget=LongSelect("kb.faultarticle")
    )

    class Media:
        js = ["certification/question-form.js"]

    class Meta:
        model = Question
        fields = ["bank", "ref", "is_active", "is_reserved"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = self.instance.versions.filter(is_current=True).first() if self.instance.pk else None
        version = self.version
        self.fields["chapter"].queryset = current_chapters(keep=version.chapter_id if version else None)
        self.fields["topic"].queryset = offered_topics(keep=version.topic_id if version else None)
        self.fields["article"].queryset = FaultArticle.objects.filter(live=True).order_by("number")
        self.fields["equipment"].queryset = EquipmentModel.objects.order_by("code")
        self.fields["picture"].queryset = PortalImage.objects.all()
        self._add_fields_of_kinds()
        if version is not None:
            self._fill(version)

    def _add_fields_of_kinds(self) -> None:
        """Add the fields of every kind; they may share some, as those with answers to choose do."""
        of_kinds: dict[str, list[str]] = {}
        for kind in question_kinds:
            fields = kind.form_fields()
            self.fields |= {name: field for name, field in fields.items() if name not in self.fields}
            for name in fields:
                of_kinds.setdefault(name, []).append(kind.key)
        # By this the form's script shows the fields of the chosen kind only; without it all of them stand there.
        for name, kinds in of_kinds.items():
            self.fields[name].widget.attrs["data-of-kinds"] = " ".join(kinds)

    def _fill(self, version: QuestionVersion) -> None:
        for name in (*COMMON, *POINTERS):
            self.initial[name] = getattr(version, name)
        self.initial["picture"], self.initial["equipment"] = version.picture_id, version.equipment_id
        self.initial["topic"] = version.topic_id
        self.initial |= question_kinds.get(version.kind).initial(version)

    def clean(self) -> dict[str, Any]:
        """Hold the rules of a fair question, which are those of its kind."""
        data = super().clean()
        if "kind" in data:
            kind = question_kinds.get(data["kind"])
            self.draft: Draft = replace(kind.draft(data, self.version), has_picture=data.get("picture") is not None)
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

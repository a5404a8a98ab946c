"""Admin forms of manuals and editions, and the fields articles share with them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from kb.enums import VerdictKind
from kb.manuals.domain import next_edition_name
from kb.manuals.outline import settle_order
from kb.manuals.verdicts import Verdict
from kb.models import Manual, ManualChapter
from kb.validators import edition_validator
from portal.admin.long_choices import LongCheckboxes
from portal.models import EquipmentModel
from portal.ui.fields import DayField


class VerdictForm(forms.Form):
    """What people who work by the manual must do about the new edition."""

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=VerdictKind.choices, widget=forms.RadioSelect, help_text=_("Recorded for good.")
    )
    grace_until = DayField(
        label=_("To be done by"), required=False, help_text=_("After this day the gate refuses who has not done it.")
    )
    questions = forms.IntegerField(
        label=_("Questions in the short quiz"),
        min_value=1,
        max_value=30,
        required=False,
        help_text=_("For a short quiz only. Twice as many must cite the chapters that changed."),
    )

    def clean(self) -> dict[str, Any]:
        """Hold that a short quiz says how many questions it asks."""
        facts = super().clean() or {}
        is_quiz = facts.get("verdict") == VerdictKind.SHORT_QUIZ
        if is_quiz and not facts.get("questions") and "questions" not in self.errors:
            self.add_error("questions", _("Say how many questions the short quiz asks."))
        return facts

    def given(self) -> Verdict:
        """Return what was chosen in the valid form; an editorial change needs no day, whatever was typed."""
        kind = VerdictKind(self.cleaned_data["verdict"])
        day = None if kind == VerdictKind.EDITORIAL else self.cleaned_data["grace_until"]
        return Verdict(kind, day, self.cleaned_data["questions"] if kind == VerdictKind.SHORT_QUIZ else None)


class EquipmentField(forms.ModelMultipleChoiceField):
    """The machines as boxes to tick, each with its code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = LongCheckboxes("machines", attrs={"class": "kb-machines"})
        super().__init__(EquipmentModel.objects.select_related("category"), **kwargs)

    def label_from_instance(self, obj: EquipmentModel) -> str:
        return f"{obj.name} · {obj.code}"


class ChapterField(forms.ModelChoiceField):
    """The chapters of the current editions; a chapter chosen before stays on offer under its own edition."""

    def label_from_instance(self, obj: ManualChapter) -> str:
        return f"{obj.edition.manual.number} {obj.edition.manual.title} {obj.edition.edition} · {obj}"


class ManualForm(WagtailAdminModelForm):
    """A manual; its text is in its editions."""

    equipment = EquipmentField(required=False, label=_("equipment models"))


class EditionForm(WagtailAdminModelForm):
    """A draft edition; its chapters stand in the order of their numbers."""

    def save(self, commit: bool = True) -> Any:
        edition = super().save(commit=commit)
        if commit:
            settle_order(edition)
        return edition


class NewEditionForm(forms.Form):
    """What the next edition is called and why there is one."""

    name = forms.CharField(
        label=_("edition"), max_length=10, validators=[edition_validator], help_text=_("For example A/1.")
    )
    changes = forms.CharField(
        label=_("summary of changes"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the revision table."),
    )

    def __init__(self, *args: Any, manual: Manual, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = next_edition_name(manual)

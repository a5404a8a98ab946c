"""Forms of the editing area."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from kb.domain import next_edition_name
from kb.models import FaultArticle, Manual, ManualChapter
from kb.models.fault_rows import clashes
from kb.queries import current_chapters
from kb.validators import edition_validator, publication_shortfalls
from portal.models import EquipmentModel


class EquipmentField(forms.ModelMultipleChoiceField):
    """The machines as boxes to tick, each with its code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.CheckboxSelectMultiple(attrs={"class": "kb-machines"})
        super().__init__(EquipmentModel.objects.select_related("category"), **kwargs)

    def label_from_instance(self, obj: EquipmentModel) -> str:
        return f"{obj.name} · {obj.code}"


class ChapterField(forms.ModelChoiceField):
    """The chapters of the current editions."""

    def label_from_instance(self, obj: ManualChapter) -> str:
        return f"{obj.edition.manual.number} {obj.edition.edition} · {obj.number} {obj.title}"


class FaultArticleForm(WagtailAdminModelForm):
    """An article with its rows: a draft may be incomplete, what is published may not."""

    equipment = EquipmentField(required=False, label=_("equipment models"))
    chapter = ChapterField(ManualChapter.objects.none(), required=False, label=_("manual chapter"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "chapter" in self.fields:
            self.fields["chapter"].queryset = current_chapters(keep=self.instance.chapter_id)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return what the valid rows of a part of the form hold, without those taken away."""
        formset = self.formsets.get(name)
        forms_ = formset.forms if formset else []
        return [
            form.cleaned_data
            for form in forms_
            if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a code that another article explains; refuse to publish what is incomplete."""
        cleaned = super().clean()
        found = clashes(self._scope(cleaned), [row["code"].strip() for row in self.rows("codes")], self.instance.pk)
        if not self.is_deferred_validation:
            found += publication_shortfalls(
                severity=cleaned.get("severity", ""),
                warnings=len(self.rows("safety_notes")),
                pairs=len([row for row in self.rows("pairs") if row.get("cause") or row.get("check_text")]),
            )
        for shortfall in found:
            self.add_error(None, forms.ValidationError(shortfall.message, code=shortfall.code))
        return cleaned

    @staticmethod
    def _scope(cleaned: dict[str, Any]) -> str:
        article = FaultArticle(
            category=cleaned.get("category"), brand=cleaned.get("brand") or "", family=cleaned.get("family") or ""
        )
        return article.code_scope


class ManualForm(WagtailAdminModelForm):
    """A manual; its text is in its editions."""

    equipment = EquipmentField(required=False, label=_("equipment models"))


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

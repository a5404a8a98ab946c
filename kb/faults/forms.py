"""Admin form of a fault article."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from kb.control.forms import refuse_alone
from kb.enums import Severity
from kb.manuals.forms import ChapterField, EquipmentField
from kb.manuals.queries import current_chapters
from kb.manuals.verdict_forms import JudgedForm
from kb.models import FaultArticle, ManualChapter
from kb.models.fault_rows import clashes
from kb.subjects import SubjectWords, words_of
from kb.validators import publication_shortfalls
from portal.enums import SubjectKind


class FaultArticleForm(JudgedForm, WagtailAdminModelForm):
    """An article with its rows: a draft may be incomplete, what is published may not."""

    equipment = EquipmentField(required=False, label=_("equipment models"))
    chapter = ChapterField(ManualChapter.objects.none(), required=False, label=_("manual chapter"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin_verdict(self.initial, self.instance)
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
                words=_words(cleaned),
                severity=cleaned.get("severity", ""),
                warnings=len(self.rows("safety_notes")),
                pairs=len([row for row in self.rows("pairs") if row.get("cause") or row.get("check_text")]),
            )
            found += FaultArticle(
                revision_verdict=cleaned.get("revision_verdict", ""), read_until=cleaned.get("read_until")
            ).verdict_shortfalls()
        refuse_alone(self, is_dangerous=cleaned.get("severity") == Severity.DANGER, title=cleaned.get("title", ""))
        for shortfall in found:
            self.add_error(None, forms.ValidationError(shortfall.message, code=shortfall.code))
        return cleaned

    @staticmethod
    def _scope(cleaned: dict[str, Any]) -> str:
        article = FaultArticle(
            category=cleaned.get("category"), brand=cleaned.get("brand") or "", family=cleaned.get("family") or ""
        )
        return article.code_scope


def _words(cleaned: dict[str, Any]) -> SubjectWords:
    category = cleaned.get("category")
    return words_of(category.kind if category else SubjectKind.MACHINE)

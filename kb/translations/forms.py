"""The form of a translation: a field a passage, beside what the source says."""

from collections.abc import Sequence
from typing import Any

from django import forms
from wagtail.admin.rich_text import get_rich_text_editor_widget

from kb.models import ContentTranslation
from kb.translations.passages import LINE, RICH, RICH_FEATURES, Passage
from kb.translations.staleness import changes_of

CONFIRMED = "confirmed-"


class TranslationForm(forms.Form):
    """A field for each passage; where the source changed since, a box that says the words hold all the same."""

    def __init__(self, draft: ContentTranslation, passages: Sequence[Passage], data: Any = None) -> None:
        super().__init__(data)
        self.passages = passages
        changes = {change.key: change for change in changes_of(draft, passages)} if draft.source_words else {}
        for passage in passages:
            self.fields[passage.key] = _field(passage, draft.words.get(passage.key, ""))
            if passage.key in changes and passage.key in draft.words:
                self.fields[CONFIRMED + passage.key] = forms.BooleanField(required=False)
        self.changes = changes

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What stands side by side: the passage, its field, what changed, the box that confirms it."""
        return [
            {
                "passage": passage,
                "field": self[passage.key],
                "change": self.changes.get(passage.key),
                "confirm": self[CONFIRMED + passage.key] if CONFIRMED + passage.key in self.fields else None,
            }
            for passage in self.passages
        ]

    @property
    def words(self) -> dict[str, str]:
        """What was written, by the keys of the passages."""
        return {passage.key: self.cleaned_data.get(passage.key, "") for passage in self.passages}

    @property
    def confirmed(self) -> set[str]:
        """The passages whose words hold although the source changed."""
        return {passage.key for passage in self.passages if self.cleaned_data.get(CONFIRMED + passage.key)}


def _field(passage: Passage, words: str) -> forms.Field:
    if passage.form == RICH:
        widget = get_rich_text_editor_widget(features=list(RICH_FEATURES))
        return forms.CharField(required=False, initial=words, widget=widget, label=passage.label)
    size = {"rows": 2 + (0 if passage.form == LINE else passage.text.count("\n"))}
    widget = forms.Textarea(attrs=size)
    return forms.CharField(required=False, max_length=4000, initial=words, widget=widget, label=passage.label)


class WordForm(forms.Form):
    """What a reviewer says of a translation."""

    comment = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

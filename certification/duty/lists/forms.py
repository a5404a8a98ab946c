"""Form of a list of questions to the gate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.enums import Task
from portal.exchange.imports.reading import MAX_BYTES
from portal.models import Organisation

# Characters of a pasted list; the number of questions is limited besides.
LONGEST_TEXT = 200_000


class ListForm(forms.Form):
    """People × machines × days as pasted, an outlet's people instead of names, or a table with a row a question."""

    people = forms.CharField(
        label=_("People"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Names or staff numbers, pasted as they are: one a line, or between commas or semicolons."),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, to_field_name="code", label=_("or everybody of")
    )
    equipment = forms.CharField(
        label=_("Machines asked about"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names, codes or serial numbers."),
    )
    task = forms.ChoiceField(label=_("Task"), choices=Task.choices, required=False)
    days = forms.CharField(
        label=_("Days asked about"),
        required=False,
        max_length=2_000,
        help_text=_("Several between commas, or a first and a last day joined by 至; empty: today."),
    )
    second = forms.CharField(
        label=_("Second person"),
        required=False,
        max_length=200,
        help_text=_("For work for two: who will be there too, beside each of them."),
    )
    table = forms.CharField(
        label=_("or a table"),
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cells copied with their titles: Person, and where they differ Equipment, Task, Day, Second."),
    )
    file = forms.FileField(
        label=_("or its file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        help_text=_("Excel (.xlsx) or CSV."),
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places
        self.fields["organisation"].empty_label = _("Nobody else")

    def clean(self) -> dict[str, Any]:
        """Take exactly one source of people."""
        data = super().clean() or {}
        given = [name for name in ("people", "organisation", "table", "file") if data.get(name)]
        if not self.errors and len(given) != 1:
            raise forms.ValidationError(_("Name people, choose an organisation or give a table: one of the three."))
        file = data.get("file")
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large. Split it and ask about the parts."))
        return data

"""Forms of imports: the file or pasted cells, and the columns named by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.exchange.imports.columns import HEADER_WITHIN_ROWS, Chosen, places_in, rows_below
from portal.exchange.imports.grid import MAX_BYTES, Sheet
from portal.exchange.imports.reading import UnreadableImport
from portal.registry.imports import Column, ImportKind


class SourceForm(forms.Form):
    """A file, or cells pasted from a spreadsheet."""

    file = forms.FileField(
        required=False,
        label=_("File"),
        help_text=_("Excel (.xlsx), Word (.docx) or CSV; the table may be on any sheet."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.docx,.csv,.txt,.tsv"}),
    )
    pasted = forms.CharField(
        required=False,
        strip=False,
        max_length=2_000_000,
        label=_("Or pasted cells"),
        help_text=_("Copy the cells in Excel or WPS with their titles and paste them here."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        """Take exactly one of the two."""
        data = super().clean() or {}
        file, pasted = data.get("file"), (data.get("pasted") or "").strip()
        if not self.errors and bool(file) == bool(pasted):
            raise forms.ValidationError(_("Choose a file or paste cells, one of the two."))
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large. Split it and import the parts."))
        return data

    def content(self) -> bytes:
        """Return the file as it came, pasted cells in UTF-8."""
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["pasted"].encode()

    def file_name(self) -> str:
        """Return the name of the file, none for pasted cells."""
        file = self.cleaned_data.get("file")
        return file.name if file else ""


class SheetForm(forms.Form):
    """Which sheet and which row holds the titles."""

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int)
    header = forms.IntegerField(label=_("Row of the titles"), min_value=0, help_text=_("0 if the table has no titles."))

    def __init__(self, *args: Any, sheets: list[Sheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(at, sheet.name or _("Table")) for at, sheet in enumerate(sheets)]


class ColumnsForm(SheetForm):
    """Each column of the kind and where it stands in the table."""

    def __init__(self, *args: Any, kind: ImportKind, sheets: list[Sheet], chosen: Chosen, **kwargs: Any) -> None:
        sheet = sheets[chosen.sheet] if chosen.sheet < len(sheets) else sheets[0]
        first = next((line for line in sheet.lines if line.number == chosen.header), None) or sheet.lines[0]
        places = chosen.places or places_in(first, kind.columns)
        initial = {"sheet": chosen.sheet, "header": chosen.header or first.number}
        initial |= {f"column_{key}": place for key, place in places.items()}
        super().__init__(*args, sheets=sheets, initial=initial, **kwargs)
        self.kind, self.sheets = kind, sheets
        titles = _titles(sheet, first.number)
        for column in kind.columns:
            self.fields[f"column_{column.key}"] = _place_field(column, titles)

    def chosen(self) -> Chosen:
        """Return what was chosen; two columns may not stand in the same place."""
        data = self.cleaned_data
        places = {c.key: int(data[f"column_{c.key}"]) for c in self.kind.columns if data[f"column_{c.key}"] != ""}
        return Chosen(data["sheet"], data["header"], places)

    def clean(self) -> dict[str, Any]:
        """Refuse one place for two columns, and a row of titles with nothing below it, which would end the import."""
        data = super().clean() or {}
        places = [value for name, value in data.items() if name.startswith("column_") and value != ""]
        if len(places) != len(set(places)):
            raise forms.ValidationError(_("Two columns are read from the same place of the table."))
        if not self.errors and not rows_below(self.sheets, self.chosen()):
            self.add_error("header", str(UnreadableImport("empty")))
        return data


def _place_field(column: Column, titles: list[tuple[int, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=column.label, required=column.is_required, choices=[("", _("not in the table")), *titles]
    )


def _titles(sheet: Sheet, header: int) -> list[tuple[int, str]]:
    """Return the columns of a sheet by letter, with their title or first value."""
    lines = [line for line in sheet.lines[:HEADER_WITHIN_ROWS] if line.number >= header]
    width = max((len(line.cells) for line in sheet.lines[:200]), default=0)
    found = []
    for at in range(width):
        shown = next((line.cells[at] for line in lines if at < len(line.cells) and line.cells[at]), "")
        found.append((at, f"{_letter(at)} · {shown[:30]}"))
    return found


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else f"{chr(64 + at // 26)}{chr(65 + at % 26)}"

"""Form of a correction of the ledger."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.enums import EntryKind
from certification.forms import OnceForm
from certification.ledger import root_of
from certification.ledger.standing import GRANTING
from certification.models import LedgerEntry
from portal.ui.fields import DayField


class CorrectionForm(OnceForm):
    """What an entry of the ledger should have said."""

    DAYS, VOID = "days", "void"
    WRONG = [(DAYS, _("Its days")), (VOID, _("The entry itself: it should never have been made"))]

    wrong = forms.ChoiceField(label=_("What is wrong?"), choices=WRONG, widget=forms.RadioSelect, initial=DAYS)
    valid_from = DayField(label=_("Right first day"))
    valid_to = DayField(label=_("Right last day"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stays in the ledger; everybody who may open the file reads it."),
    )

    field_order = ["wrong", "valid_from", "valid_to", "reason", "form_key"]

    def __init__(self, *args: Any, entry: LedgerEntry, **kwargs: Any) -> None:
        initial = {"valid_from": entry.valid_from, "valid_to": entry.valid_to}
        super().__init__(*args, initial=initial, **kwargs)
        kind = root_of(entry).kind
        if kind not in (*GRANTING, EntryKind.SUSPENDED):
            del self.fields["valid_to"]
        elif kind == EntryKind.SUSPENDED:
            self.fields["valid_to"].required = False
            self.fields["valid_to"].help_text = _("Empty: until it is reinstated.")
        if entry.is_void:
            # It was taken out of the ledger already: all that can be wrong is that.
            del self.fields["wrong"]
        elif self.is_bound and self.data.get("wrong") == self.VOID:
            for name in self.fields.keys() & {"valid_from", "valid_to"}:
                self.fields[name].required = False

    def right(self) -> dict[str, Any]:
        """Return what is right and why, as ``ledger.correct`` takes it."""
        data = self.cleaned_data
        right: dict[str, Any] = {"reason": data["reason"]}
        if data.get("wrong") == self.VOID:
            return right | {"void": True}
        right["valid_from"] = data["valid_from"]
        if "valid_to" in data:
            right |= {"valid_to": data["valid_to"], "open_ended": data["valid_to"] is None}
        return right

"""Forms of the pages; the admin's forms are in ``admin_forms``."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.domain.ledger import root_of
from certification.domain.practicals import Judgement
from certification.enums import EntryKind
from certification.models import Checklist, ChecklistItem, LedgerEntry, StatutoryCertificate, StatutoryKind
from certification.standing import GRANTING
from portal.ui.fields import DayField, DayInput, MomentField


class OnceForm(forms.Form):
    """A form whose acts happen once: it carries a key made when it was shown."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class TakeAwayForm(OnceForm):
    """Suspend or revoke."""

    valid_from = DayField(label=_("From"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SuspendForm(TakeAwayForm):
    """Suspend, perhaps until a day."""

    valid_to = DayField(label=_("Until"), required=False, help_text=_("Empty: until it is reinstated."))

    field_order = ["valid_from", "valid_to", "reason", "form_key"]

    def clean(self) -> dict[str, Any]:
        """Hold the order of the days."""
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first."))
        return data


class ReinstateForm(OnceForm):
    """End a suspension."""

    valid_from = DayField(label=_("From"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Remark"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


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


class ReleaseForm(OnceForm):
    """Let somebody try a quiz again."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(forms.Form):
    """Record that a card does not count any more."""

    withdrawn_on = DayField(label=_("Withdrawn on"), initial=timezone.localdate)


class StatutoryForm(forms.ModelForm):
    """A card issued outside, as it is printed."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=30)

    class Meta:
        model = StatutoryCertificate
        fields = ["kind", "number", "issuer", "valid_from", "valid_to", "review_due"]
        field_classes = {"valid_from": DayField, "valid_to": DayField, "review_due": DayField}

    field_order = ["staff_number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = StatutoryKind.objects.order_by("name")
        self.fields["review_due"].help_text = _("The day the next re-examination (复审) is due, if the card names one.")

    def clean(self) -> dict[str, Any]:
        """Hold the order of the days."""
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first."))
        return data


class PracticalForm(OnceForm):
    """The checklist on a phone: one judgement an item, a remark where one is needed."""

    SHOWN = [("1", _("Done properly")), ("0", _("Not done properly"))]

    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items: list[ChecklistItem] = list(checklist.items.all())
        for item in self.items:
            self.fields[f"item_{item.pk}"] = forms.ChoiceField(
                label=item.text,
                choices=self.SHOWN,
                widget=forms.RadioSelect,
                error_messages={"required": _("Judge this item.")},
            )
            self.fields[f"remark_{item.pk}"] = forms.CharField(label=_("Remark"), required=False, max_length=300)

    def rows(self) -> list[dict[str, Any]]:
        """Return each item with its fields, in order."""
        return [
            {"item": item, "field": self[f"item_{item.pk}"], "remark": self[f"remark_{item.pk}"]} for item in self.items
        ]

    def judgements(self) -> dict[int, Judgement]:
        """Return what was judged, by item."""
        data = self.cleaned_data
        return {item.pk: Judgement(data[f"item_{item.pk}"] == "1", data[f"remark_{item.pk}"]) for item in self.items}


class SheetForm(forms.Form):
    """Whom to assess with which checklist."""

    person = forms.CharField(label=_("Staff number"), max_length=30)
    checklist = forms.ModelChoiceField(Checklist.objects.none(), label=_("Checklist"), to_field_name="code")

    def __init__(self, *args: Any, checklists: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checklist"].queryset = checklists


class DutyForm(forms.Form):
    """The duty question; what is typed is read by ``portal.queries``, which knows codes, names and aliases."""

    person = forms.CharField(label=_("Staff number"), max_length=30, required=False)
    equipment = forms.CharField(label=_("Equipment"), max_length=120, required=False)
    on = DayField(label=_("Day"), required=False)


class AsOfForm(forms.Form):
    """Who was qualified on a day, as known at a moment."""

    equipment = forms.CharField(label=_("Equipment"), max_length=120)
    on = DayField(label=_("Day of work"), required=False)
    known_at = MomentField(
        label=_("As known at the end of"),
        required=False,
        day_means_end=True,
        widget=DayInput,
        help_text=_("Empty: as known now, with all later corrections."),
    )


class VerifyForm(forms.Form):
    """A full name to be confirmed."""

    name = forms.CharField(label=_("Full name"), max_length=60)

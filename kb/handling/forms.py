"""Forms of handling records, for a phone beside the machine."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.cases.permissions import cases_for
from kb.faults.queries import faults_for
from kb.models import HandlingRecord
from portal.models import EquipmentUnit
from portal.ui.fields import DayField

ROWS = forms.Textarea(attrs={"rows": 3})


class RecordForm(forms.ModelForm):
    """What was found and done."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = HandlingRecord
        fields = ["day", "task", "found", "done", "minutes", "parts", "article", "case"]
        field_classes = {"day": DayField}
        widgets = {"found": ROWS, "done": ROWS}

    def __init__(self, *args: Any, unit: EquipmentUnit, reader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4()
        self.fields["day"].initial = timezone.localdate()
        self.fields["article"].queryset = faults_for(reader).filter(equipment=unit.model).order_by("number")
        cases = cases_for(reader).filter(equipment=unit.model, serial__in=["", unit.serial])
        self.fields["case"].queryset = cases.order_by("-reported_at")


class CorrectionForm(RecordForm):
    """The whole record as it should have been, with the reason."""

    reason = forms.CharField(label=_("why it is corrected"), max_length=200)
    field_order = ["reason"]
    named = ("article", "case")

    def __init__(self, *args: Any, record: HandlingRecord, **kwargs: Any) -> None:
        super().__init__(*args, initial=record.as_fields(), **kwargs)
        # What whoever corrects may not open stays with the record: leaving the field empty does not take it away.
        self.unseen = {
            name: getattr(record, name)
            for name in self.named
            if getattr(record, f"{name}_id")
            and not self.fields[name].queryset.filter(pk=getattr(record, f"{name}_id")).exists()
        }
        for name in self.unseen:
            self.initial[name] = None
            self.fields[name].help_text = _("One that you may not choose is named; it stays unless you choose another.")

    def clean(self) -> dict[str, Any]:
        """Keep what whoever corrects cannot see."""
        cleaned = super().clean() or self.cleaned_data
        for name, kept in self.unseen.items():
            cleaned[name] = cleaned.get(name) or kept
        return cleaned

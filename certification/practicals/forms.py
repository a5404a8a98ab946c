"""Forms of practicals: finding a candidate, the checklist to sign, an assessor's appointment."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.forms import OnceForm
from certification.models import (
    AssessorAppointment,
    Checklist,
    ChecklistItem,
)
from certification.practicals.domain import Judgement
from certification.versions.queries import version_in_effect
from portal.admin.forms import InSightForm
from portal.enums import Role
from portal.models import Person
from portal.ui.fields import AdminDayField


class AppointmentForm(InSightForm):
    """An appointment of somebody who has the assessor's role."""

    class Meta:
        model = AssessorAppointment
        fields = ["person", "category", "start", "end"]
        field_classes = {"start": AdminDayField, "end": AdminDayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assessors = Person.objects.filter(is_active=True, groups__name=Role.ASSESSOR).order_by("staff_number")
        seen = self.fields["person"].queryset.order_by().values("pk")
        self.fields["person"].queryset = assessors.filter(pk__in=seen).distinct()


class PracticalForm(OnceForm):
    """The checklist on a phone: one judgement an item, a remark where one is needed."""

    SHOWN = [("1", _("Done properly")), ("0", _("Not done properly"))]

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, checklist: Checklist, kept: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= kept or {}
        self.initial["version"] = version_in_effect(checklist).number
        self.items: list[ChecklistItem] = list(checklist.items.all())
        for item in self.items:
            self.fields[f"item_{item.pk}"] = forms.ChoiceField(
                label=item.text,
                choices=self.SHOWN,
                widget=forms.RadioSelect,
                error_messages={"required": _("Judge this item.")},
            )
            self.fields[f"remark_{item.pk}"] = forms.CharField(label=_("Remark"), required=False, max_length=300)

    def kept_names(self) -> list[str]:
        """Return the fields a draft keeps: what is judged and written, not keys and versions."""
        return [name for name in self.fields if name not in ("form_key", "version")]

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

    person = forms.CharField(label=_("Staff number or name"), max_length=200)
    checklist = forms.ModelChoiceField(Checklist.objects.none(), label=_("Checklist"), to_field_name="code")

    def __init__(self, *args: Any, checklists: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checklist"].queryset = checklists

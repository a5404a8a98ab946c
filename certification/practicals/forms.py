"""Forms of practicals: finding a candidate, the checklist to sign, an assessor's appointment."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.forms import OnceForm
from certification.models import (
    AssessorAppointment,
    Checklist,
    ChecklistItem,
    PracticalDraftPhoto,
)
from certification.practicals.domain import LONGEST_REMARK, Acknowledgement, Judgement, unsaid_of
from certification.practicals.signatures import Strokes, read_strokes
from certification.sections import section_of
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

    def __init__(
        self,
        *args: Any,
        checklist: Checklist,
        reader: Person | None = None,
        kept: Mapping[str, str] | None = None,
        photos: Mapping[int, Sequence[PracticalDraftPhoto]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= kept or {}
        self.photos, self.reader = photos or {}, reader
        self.initial["version"] = version_in_effect(checklist).number
        self.items: list[ChecklistItem] = list(checklist.items.select_related("chapter__edition__manual", "article"))
        for item in self.items:
            self.fields[f"item_{item.pk}"] = forms.ChoiceField(
                label=item.text,
                choices=self.SHOWN,
                widget=forms.RadioSelect,
                error_messages={"required": _("Judge this item.")},
            )
            self.fields[f"remark_{item.pk}"] = forms.CharField(
                label=_("Remark"), required=False, max_length=LONGEST_REMARK
            )

    def kept_names(self) -> list[str]:
        """Return the fields a draft keeps: what is judged and written, not keys and versions."""
        return [name for name in self.fields if name not in ("form_key", "version")]

    def rows(self) -> list[dict[str, Any]]:
        """Return each item with its fields and the section it cites, where the reader may open it, in order."""
        return [
            {
                "item": item,
                "field": self[f"item_{item.pk}"],
                "remark": self[f"remark_{item.pk}"],
                "photos": self.photos.get(item.pk, []),
                "section": section_of(item, self.reader) if self.reader is not None else None,
            }
            for item in self.items
        ]

    def judgements(self) -> dict[int, Judgement]:
        """Return what was judged, by item."""
        return {item.pk: self._judgement(item) for item in self.items}

    def counts(self) -> dict[str, int]:
        """Return how many items are judged properly, not properly, not yet, and how many there are."""
        judged = [self[f"item_{item.pk}"].value() for item in self.items]
        good, bad = judged.count("1"), judged.count("0")
        return {"good": good, "bad": bad, "open": len(judged) - good - bad, "all": len(judged)}

    def clean(self) -> dict[str, Any]:
        """Ask for a word about each item that was not done properly."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        judged = [item for item in self.items if data.get(f"item_{item.pk}")]
        for item in unsaid_of(judged, {item.pk: self._judgement(item) for item in judged}):
            self.add_error(f"remark_{item.pk}", _("Say what was not done properly."))
        return data

    def _judgement(self, item: ChecklistItem) -> Judgement:
        data, photos = self.cleaned_data, [photo.document for photo in self.photos.get(item.pk, [])]
        return Judgement(data[f"item_{item.pk}"] == "1", data.get(f"remark_{item.pk}", ""), photos)


class AcknowledgementForm(forms.Form):
    """The candidate signs on the screen, or the assessor says why not."""

    signature = forms.CharField(label=_("Signature"), required=False, max_length=60_000, widget=forms.HiddenInput)
    unsigned_because = forms.CharField(label=_("Does not sign because"), required=False, max_length=200)

    def __init__(self, *args: Any, is_asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_asked = is_asked

    def clean_signature(self) -> Strokes:
        """Return the strokes that were drawn."""
        return read_strokes(self.cleaned_data["signature"])

    def clean(self) -> dict[str, Any]:
        """Ask for one of both where the checklist asks for it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_asked and not self.errors and not data["signature"] and not data["unsigned_because"].strip():
            self.add_error("unsigned_because", _("Let the candidate sign above, or say here why not."))
        return data

    def acknowledgement(self) -> Acknowledgement:
        """Return what was drawn or said."""
        return Acknowledgement(self.cleaned_data["signature"], self.cleaned_data["unsigned_because"])


class PhotoForm(forms.Form):
    """One photo of one item, from the camera of the phone or its album."""

    item = forms.ModelChoiceField(ChecklistItem.objects.none())
    photo = forms.FileField(widget=forms.FileInput(attrs={"accept": "image/*"}))

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = checklist.items.all()


class SheetForm(forms.Form):
    """Whom to assess with which checklist."""

    person = forms.CharField(label=_("Staff number or name"), max_length=200)
    checklist = forms.ModelChoiceField(Checklist.objects.none(), label=_("Checklist"), to_field_name="code")

    def __init__(self, *args: Any, checklists: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checklist"].queryset = checklists

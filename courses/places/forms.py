"""Forms of places: the record with its names, and the place that stays."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.enums import PlaceKind
from courses.models import Place
from courses.models.places import tidy_place
from courses.places.errors import NoSuchPlace
from courses.places.permissions import managed_organisations, may_keep_place
from courses.places.queries import place_named
from portal.models import Organisation
from portal.ui.stale import SeenVersionForm


class PlaceForm(SeenVersionForm):
    """A place; what another person has saved meanwhile is not overwritten."""

    name = forms.CharField(label=_("Name of the place"), max_length=160)
    other_names = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line, as people write the place: 培训中心一号教室, 1 号教室. Width, case and spaces do not matter."
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PlaceKind.choices)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Belongs to"),
        required=False,
        help_text=_("The outlet that has the room, or the customer; empty for what everybody uses."),
    )
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    capacity = forms.IntegerField(
        label=_("People it holds"),
        required=False,
        min_value=1,
        max_value=5000,
        help_text=_("Empty if nobody counted."),
    )
    is_active = forms.BooleanField(
        label=_("In use"), required=False, initial=True, help_text=_("What is not in use is not offered any more.")
    )

    def __init__(self, *args: Any, person: Any, place: Place | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"organisation": person.organisation_id}
        if place is not None:
            names = ("name", "kind", "organisation", "address", "capacity", "is_active")
            initial = {name: getattr(place, name) for name in names}
            initial |= {"organisation": place.organisation_id, "other_names": "\n".join(place.other_names)}
        super().__init__(*args, initial=initial, **kwargs)
        field = self.fields["organisation"]
        field.queryset = managed_organisations(person).order_by("path")
        field.required = not may_keep_place(person, None)
        self.stamp()

    def clean_other_names(self) -> str:
        """Refuse a name too long for its column."""
        text = self.cleaned_data["other_names"]
        if any(len(tidy_place(line)) > 160 for line in text.splitlines()):
            raise forms.ValidationError(_("A name has at most 160 characters."))
        return text

    def facts(self) -> dict[str, Any]:
        """Return what ``put_place`` takes."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "seen_version"}
        return facts | {"other_names": [line for line in facts["other_names"].splitlines() if line.strip()]}


class MergeForm(forms.Form):
    """The place that stays, by any of its names."""

    into = forms.CharField(
        label=_("Place that stays"),
        max_length=160,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )

    def clean_into(self) -> Place:
        """Return the place."""
        typed = self.cleaned_data["into"]
        found = place_named(typed)
        if found is None:
            raise forms.ValidationError(str(NoSuchPlace(name=typed)))
        return found

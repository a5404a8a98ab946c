"""Forms of the auditor's question "who was qualified on a day" and of the filter of the list of posts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from certification.enums import PostState
from certification.models import Scheme
from certification.overview.expiring import SPANS
from portal.enums import Task
from portal.models import Organisation
from portal.typed import LONGEST_TYPED
from portal.ui.fields import DayField, DayInput, MomentField

# What the list of posts can be narrowed to; a post may be both.
LISTED_STATES = [PostState.UNQUALIFIED, PostState.OPEN]


class PlaceField(forms.ChoiceField):
    """One of the places the page has read already, by its code; nothing means all of them."""

    def offer(self, places: Iterable[Organisation]) -> None:
        """Take the places that may be chosen."""
        self.places = {place.code: place for place in places}
        self.choices = [("", _("All in my sight")), *((code, str(place)) for code, place in self.places.items())]

    def clean(self, value: Any) -> Organisation | None:
        """Return the place."""
        return self.places.get(super().clean(value))


class AsOfForm(forms.Form):
    """Who was qualified for a task on a day, as known at a moment."""

    equipment = forms.CharField(label=_("Equipment"), max_length=400)
    task = forms.ChoiceField(label=_("Task"), choices=Task.choices, required=False)
    on = DayField(label=_("Day of work"), required=False)
    known_at = MomentField(
        label=_("As known at the end of"),
        required=False,
        day_means="end",
        widget=DayInput,
        help_text=_("Empty: as known now, with all later corrections."),
    )


class PostFilterForm(forms.Form):
    """Posts of a branch on a day."""

    organisation = PlaceField(required=False, label=_("Organisation"))
    on = DayField(label=_("Day"), required=False)
    state = forms.ChoiceField(
        choices=[("", _("All posts")), *((state.value, state.label) for state in LISTED_STATES)],
        required=False,
        label=_("State"),
    )

    def __init__(self, *args: Any, places: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].offer(places)


class ExpiringForm(forms.Form):
    """What runs out within a span, of a branch or of one qualification; wrong values narrow nothing."""

    days = forms.TypedChoiceField(
        choices=[(span, format_lazy(_("{days} days"), days=span)) for span in SPANS],
        coerce=int,
        label=_("Runs out within"),
    )
    organisation = PlaceField(required=False, label=_("Organisation"))
    scheme = forms.ModelChoiceField(
        Scheme.objects.none(), required=False, to_field_name="code", label=_("Qualification")
    )

    def __init__(self, *args: Any, places: Iterable[Organisation], schemes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].offer(places)
        self.fields["scheme"].queryset = schemes
        self.fields["scheme"].empty_label = _("Any qualification")


class WorksForm(forms.Form):
    """People and work of the skills matrix by equipment and task."""

    organisation = PlaceField(required=False, label=_("Organisation"))
    q = forms.CharField(required=False, max_length=LONGEST_TYPED, label=_("Name, staff number or pinyin"))
    equipment = forms.CharField(required=False, max_length=400, label=_("Equipment"))
    task = forms.ChoiceField(choices=[("", _("Any task")), *Task.choices], required=False, label=_("Task"))
    should = forms.BooleanField(required=False, label=_("only who should hold it"))

    def __init__(self, *args: Any, places: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].offer(places)


class ForecastForm(forms.Form):
    """Work and branch of the coverage forecast; every machine and task where none is named."""

    organisation = PlaceField(required=False, label=_("Organisation"))
    equipment = forms.CharField(required=False, max_length=400, label=_("Equipment"))
    task = forms.ChoiceField(choices=[("", _("Any task")), *Task.choices], required=False, label=_("Task"))

    def __init__(self, *args: Any, places: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].offer(places)

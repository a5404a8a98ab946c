"""Forms of the auditor's question "who was qualified on a day" and of the filter of the list of posts."""

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

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, to_field_name="code", label=_("Organisation")
    )
    on = DayField(label=_("Day"), required=False)
    state = forms.ChoiceField(
        choices=[("", _("All posts")), *((state.value, state.label) for state in LISTED_STATES)],
        required=False,
        label=_("State"),
    )

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places
        self.fields["organisation"].empty_label = _("All in my sight")


class ExpiringForm(forms.Form):
    """What runs out within a span, of a branch or of one qualification; wrong values narrow nothing."""

    days = forms.TypedChoiceField(
        choices=[(span, format_lazy(_("{days} days"), days=span)) for span in SPANS],
        coerce=int,
        label=_("Runs out within"),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, to_field_name="code", label=_("Organisation")
    )
    scheme = forms.ModelChoiceField(
        Scheme.objects.none(), required=False, to_field_name="code", label=_("Qualification")
    )

    def __init__(self, *args: Any, places: Any, schemes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places
        self.fields["organisation"].empty_label = _("All in my sight")
        self.fields["scheme"].queryset = schemes
        self.fields["scheme"].empty_label = _("Any qualification")


class WorksForm(forms.Form):
    """People and work of the skills matrix by equipment and task."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, to_field_name="code", label=_("Organisation")
    )
    q = forms.CharField(required=False, max_length=LONGEST_TYPED, label=_("Name, staff number or pinyin"))
    equipment = forms.CharField(required=False, max_length=400, label=_("Equipment"))
    task = forms.ChoiceField(choices=[("", _("Any task")), *Task.choices], required=False, label=_("Task"))
    should = forms.BooleanField(required=False, label=_("only who should hold it"))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places
        self.fields["organisation"].empty_label = _("All in my sight")


class ForecastForm(forms.Form):
    """Work and branch of the coverage forecast; every machine and task where none is named."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, to_field_name="code", label=_("Organisation")
    )
    equipment = forms.CharField(required=False, max_length=400, label=_("Equipment"))
    task = forms.ChoiceField(choices=[("", _("Any task")), *Task.choices], required=False, label=_("Task"))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places
        self.fields["organisation"].empty_label = _("All in my sight")

"""Forms of the auditor's question "who was qualified on a day" and of the filter of the list of posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.enums import PostState
from portal.enums import Task
from portal.models import Organisation
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
        day_means_end=True,
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

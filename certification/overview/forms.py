"""Form of the auditor's question "who was qualified on a day, as known at a moment"."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.enums import Task
from portal.ui.fields import DayField, DayInput, MomentField


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

"""Form of the duty question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.enums import Task
from portal.ui.fields import DayField

# Names offered while typing; more than these are found by typing them out.
OFFERED = 200


class DutyForm(forms.Form):
    """The duty question; what is typed is read by ``portal.access.lookup``, which knows codes, names and aliases."""

    person = forms.CharField(label=_("Person"), max_length=4000, required=False)
    second = forms.CharField(
        label=_("Second person"),
        max_length=200,
        required=False,
        help_text=_("For work for two: who will be there too."),
    )
    task = forms.ChoiceField(label=_("Task"), choices=Task.choices, required=False)
    equipment = forms.CharField(label=_("Equipment"), max_length=400, required=False)
    position = forms.CharField(label=_("Position instead of equipment"), max_length=200, required=False)
    on = DayField(label=_("Day"), required=False)

"""The auditor's question as a form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.forms import DateInput
from portal.enums import Task


class AsOfForm(forms.Form):
    """Who was qualified for a task on a day, as known at a moment."""

    equipment = forms.CharField(label=_("Equipment"), max_length=120)
    task = forms.ChoiceField(label=_("Task"), choices=Task.choices, required=False)
    on = forms.CharField(label=_("Day of work"), required=False, widget=DateInput)
    known_at = forms.CharField(
        label=_("As known at the end of"),
        required=False,
        widget=DateInput,
        help_text=_("Empty: as known now, with all later corrections."),
    )

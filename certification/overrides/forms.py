"""Forms of an override and of its withdrawal."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.forms import OnceForm
from portal.enums import Task
from portal.models import EquipmentCategory, EquipmentModel
from portal.ui.fields import DayField


class OverrideForm(OnceForm):
    """For whom, which work, from when to when, and why."""

    person = forms.CharField(label=_("Staff number or name"), max_length=200)
    category = forms.ModelChoiceField(EquipmentCategory.objects.all(), label=_("Equipment category"), required=False)
    model = forms.ModelChoiceField(EquipmentModel.objects.order_by("code"), label=_("Or one model"), required=False)
    tasks = forms.MultipleChoiceField(label=_("Tasks"), choices=Task.choices, widget=forms.CheckboxSelectMultiple)
    starts_on = DayField(label=_("From"), initial=timezone.localdate)
    ends_on = DayField(label=_("To"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    field_order = ["person", "category", "model", "tasks", "starts_on", "ends_on", "reason", "form_key"]

    def __init__(self, *args: Any, longest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].help_text = _("%(days)s days at most, both ends counted.") % {"days": longest}


class WithdrawForm(forms.Form):
    """Why it does not count any more."""

    reason = forms.CharField(label=_("Why is it withdrawn?"), max_length=300)

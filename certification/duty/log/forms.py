"""Form that narrows the list of what the gate was asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.enums import AskedFrom
from portal.typed import LONGEST_TYPED
from portal.ui.fields import DayField

ANSWERS = [
    ("", _("Every answer")),
    ("allowed", _("Allowed")),
    ("refused", _("Refused")),
    ("overridden", _("Allowed, overridden")),
]


class InquiryFilterForm(forms.Form):
    """Whom, what, when and by whom; names and machines are typed as everywhere."""

    person = forms.CharField(label=_("Person asked about"), max_length=LONGEST_TYPED, required=False)
    equipment = forms.CharField(label=_("Equipment"), max_length=400, required=False)
    on = DayField(label=_("Day of work"), required=False)
    answer = forms.ChoiceField(label=_("Answer of the gate"), choices=ANSWERS, required=False)
    asker = forms.CharField(label=_("Asked by"), max_length=LONGEST_TYPED, required=False)
    asked_on = DayField(label=_("Asked on"), required=False)
    asked_from = forms.ChoiceField(
        label=_("Asked from"), choices=[("", _("Everywhere")), *AskedFrom.choices], required=False
    )

"""Forms of work under guidance."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.forms import OnceForm
from certification.models import Scheme
from portal.ui.fields import DayField


class GuidanceForm(OnceForm):
    """Who learns under whom, for which scheme, from when to when."""

    learner = forms.CharField(label=_("Learner: staff number or name"), max_length=200)
    guide = forms.CharField(label=_("Guide: staff number or name"), max_length=200)
    scheme = forms.ModelChoiceField(Scheme.objects.in_force().openers().order_by("code"), label=_("Scheme"))
    starts_on = DayField(label=_("From"), initial=timezone.localdate)
    ends_on = DayField(label=_("To"))
    limits = forms.CharField(
        label=_("Limits in words"),
        max_length=200,
        required=False,
        help_text=_("What the learner does not do, even together."),
    )
    field_order = ["learner", "guide", "scheme", "starts_on", "ends_on", "limits", "form_key"]


class EndForm(forms.Form):
    """Why it ends."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

"""Form to approve or reject a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """Approve or reject what was looked at."""

    save_number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class RejectionForm(DecisionForm):
    """Reject with a reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("The authors read it.")
    )

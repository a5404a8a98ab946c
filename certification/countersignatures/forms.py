"""Form of a counter-signature."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.forms import OnceForm


class CountersignForm(OnceForm):
    """How the signer made sure, for the evidence that was looked at."""

    remark = forms.CharField(
        label=_("How did you make sure?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: questioned on the spot, practical repeated. Kept with your signature."),
    )
    mark = forms.CharField(widget=forms.HiddenInput, max_length=400)

    field_order = ["remark", "mark", "form_key"]

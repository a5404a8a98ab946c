"""Form to look up a certificate by its number."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    """A full name to be confirmed."""

    name = forms.CharField(label=_("Full name"), max_length=60)

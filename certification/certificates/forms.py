"""Forms of certificates: confirm a name, narrow the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.models import Scheme
from portal.models import Organisation
from portal.ui.fields import DayField


class VerifyForm(forms.Form):
    """A full name to be confirmed."""

    name = forms.CharField(label=_("Full name"), max_length=60)


class CertificateFilterForm(forms.Form):
    """Narrow the list of certificates."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Organisation"),
        empty_label=_("All in my sight"),
    )
    scheme = forms.ModelChoiceField(
        Scheme.objects.order_by("code"), to_field_name="code", required=False, label=_("Scheme")
    )
    start = DayField(label=_("Issued from"), required=False)
    end = DayField(label=_("Issued until"), required=False)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places

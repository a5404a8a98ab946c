"""Forms of statutory cards."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.forms import DateInput
from certification.models import StatutoryCertificate, StatutoryKind


class WithdrawForm(forms.Form):
    """Record that a card does not count any more."""

    withdrawn_on = forms.DateField(label=_("Withdrawn on"), widget=DateInput, initial=timezone.localdate)


class StatutoryForm(forms.ModelForm):
    """A card issued outside, as it is printed."""

    staff_number = forms.CharField(label=_("Staff number"), max_length=30)

    class Meta:
        model = StatutoryCertificate
        fields = ["kind", "number", "issuer", "valid_from", "valid_to", "review_due"]
        widgets = {"valid_from": DateInput, "valid_to": DateInput, "review_due": DateInput}

    field_order = ["staff_number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = StatutoryKind.objects.order_by("name")
        self.fields["review_due"].help_text = _("The day the next re-examination (复审) is due, if the card names one.")

    def clean(self) -> dict[str, Any]:
        """Hold the order of the days."""
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first."))
        return data

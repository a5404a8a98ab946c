"""Forms of seats: a question asked once more, a reason, seats kept for a branch."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from courses.models import Session
from portal.models import Organisation
from portal.ui.fields import DayField


class ConfirmedForm(forms.Form):
    """Says that somebody was asked once more."""

    confirmed = forms.CharField(widget=forms.HiddenInput, initial="1")


class ReasonForm(forms.Form):
    """Why a seat is given back, or not approved."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class ReservationForm(forms.Form):
    """Seats kept for a branch until a day."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("branch"))
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=500)
    until = DayField(label=gettext_lazy("Reserved until"))

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = Organisation.objects.filter(path__startswith=session.organisation.path).order_by("path")
        self.fields["organisation"].queryset = below

"""Forms of acts on a training file: suspend, reinstate, revoke, release."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import PublicReason
from certification.forms import OnceForm
from portal.ui.fields import DayField


class TakeAwayForm(OnceForm):
    """Suspend or revoke."""

    valid_from = DayField(label=_("From"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RevokeForm(TakeAwayForm):
    """Revoke, with words for the public page."""

    public = forms.ChoiceField(
        label=_("Said on the public page"),
        choices=[("", _("Nothing but that it was revoked")), *PublicReason.choices],
        required=False,
        help_text=_("The reason itself stays in the file; whoever verifies the certificate reads this sentence."),
    )

    field_order = ["valid_from", "reason", "public", "form_key"]


class SuspendForm(TakeAwayForm):
    """Suspend, perhaps until a day."""

    valid_to = DayField(label=_("Until"), required=False, help_text=_("Empty: until it is reinstated."))

    field_order = ["valid_from", "valid_to", "reason", "form_key"]

    def clean(self) -> dict[str, Any]:
        """Hold the order of the days."""
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first."))
        return data


class ReinstateForm(OnceForm):
    """End a suspension."""

    valid_from = DayField(label=_("From"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Remark"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class LimitForm(OnceForm):
    """What somebody does not do although a qualification is held."""

    text = forms.CharField(
        label=_("Limits in words"),
        max_length=200,
        required=False,
        help_text=_("Stands on certificate, card, duty check and public page. Empty: the limit is lifted."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReleaseForm(OnceForm):
    """Let somebody try a quiz again."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

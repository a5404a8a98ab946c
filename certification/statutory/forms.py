"""Forms of statutory cards."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import CardState
from certification.models import StatutoryCertificate
from certification.statutory.domain import project_of
from certification.statutory.errors import UnknownProjectCode
from certification.statutory.fields import ScanField
from portal.models import Organisation, StatutoryKind
from portal.ui.fields import DayField

# States the list can be narrowed to; a withdrawn card stands in the file of its holder only.
LISTED_STATES = [CardState.EXPIRED, CardState.EXPIRING, CardState.VALID, CardState.NOT_YET]


class WithdrawForm(forms.Form):
    """Record that a card does not count any more."""

    withdrawn_on = DayField(label=_("Withdrawn on"), initial=timezone.localdate)


class StatutoryForm(forms.ModelForm):
    """A card issued outside, as it is printed, with its scan."""

    staff_number = forms.CharField(label=_("Staff number or name"), max_length=200)
    scan = ScanField(
        label=_("Scan of the card"),
        required=False,
        help_text=_("A photo or a PDF, 10 MB at most. Only the holder and who keeps the file can open it."),
    )

    class Meta:
        model = StatutoryCertificate
        fields = [
            "kind",
            "project_code",
            "number",
            "issuer",
            "first_issued_on",
            "valid_from",
            "valid_to",
            "review_due",
        ]
        field_classes = dict.fromkeys(("first_issued_on", "valid_from", "valid_to", "review_due"), DayField)

    field_order = ["staff_number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = StatutoryKind.objects.order_by("name")
        self.fields["review_due"].help_text = _("The day the next re-examination (复审) is due, if the card names one.")

    def clean(self) -> dict[str, Any]:
        """Hold the order of the days, and the project codes of the kind."""
        data = super().clean()
        issued, first, last = data.get("first_issued_on"), data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day lies before the first."))
        if issued and first and first < issued:
            self.add_error("first_issued_on", _("The card cannot be first issued after it became valid."))
        if data.get("kind"):
            try:
                data["project_code"] = project_of(data["kind"], data.get("project_code", ""))
            except UnknownProjectCode as error:
                self.add_error("project_code", str(error))
        return data


class CardFilterForm(forms.Form):
    """What the list of cards is narrowed to; wrong values narrow nothing."""

    kind = forms.ModelChoiceField(
        StatutoryKind.objects.order_by("name"), required=False, to_field_name="code", label=_("Kind of card")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, to_field_name="code", label=_("Organisation")
    )
    state = forms.ChoiceField(
        choices=[("", _("Every state")), *((state.value, state.label) for state in LISTED_STATES)],
        required=False,
        label=_("State"),
    )
    unverified = forms.BooleanField(required=False, label=_("not yet verified"))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = places
        self.fields["organisation"].empty_label = _("All in my sight")
        self.fields["kind"].empty_label = _("Every kind")

"""Forms of a stop of work and of its lifting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.forms import OnceForm
from portal.access.sight import organisations_in_sight
from portal.enums import Tier
from portal.models import EquipmentCategory, EquipmentModel, Organisation, Person


class StopForm(OnceForm):
    """What is stopped, where, and why; from today."""

    category = forms.ModelChoiceField(EquipmentCategory.objects.all(), label=_("Equipment category"), required=False)
    model = forms.ModelChoiceField(
        EquipmentModel.objects.order_by("code"),
        label=_("Or one model"),
        required=False,
    )
    region = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Region"), required=False, empty_label=_("The whole network")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    field_order = ["category", "model", "region", "reason", "form_key"]

    def __init__(self, *args: Any, asker: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["region"]
        regions.queryset = organisations_in_sight(asker).exclude(tier=Tier.CUSTOMER)


class LiftForm(forms.Form):
    """Why work may go on."""

    reason = forms.CharField(label=_("Why may work go on?"), max_length=300)

"""Admin form of an organisation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.access.sight import organisations_in_sight
from portal.admin.forms import TreeChoiceField, TreeForm, WordsField
from portal.models import (
    Organisation,
    ServiceArea,
)
from portal.organisations.domain import MisplacedOrganisation, check_place
from portal.organisations.tiers import tier_choices


class OrganisationForm(TreeForm):
    """One place of the network."""

    parent = TreeChoiceField(Organisation.objects.all(), required=False, label=_("stands below"))
    areas = WordsField(
        required=False, label=_("areas served"), help_text=_("Prefectures, one a line or separated by commas.")
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "code",
            "tier",
            "parent",
            "address",
            "contact_name",
            "phone",
            "areas",
            "is_emergency_fallback",
            "min_certified",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiers = tier_choices()
        self.fields["tier"].choices = [("", "—"), *tiers]
        self.fields["parent"].help_text = _(
            "“%(hq)s” stands alone; “%(customer)s” hangs below the “%(outlet)s” that serves it."
        ) % dict(tiers)
        if self.instance.pk:
            names = self.instance.areas.values_list("prefecture", flat=True)
            self.fields["areas"].initial = "\n".join(names)

    def clean(self) -> dict[str, Any]:
        """Refuse a place the tier cannot have, and a new network by who only sees one."""
        data = super().clean()
        parent, tier = data.get("parent"), data.get("tier")
        if tier:
            try:
                check_place(tier, parent)
            except MisplacedOrganisation as refusal:
                self.add_error("parent", str(refusal))
        is_new_network = parent is None and (not self.instance.pk or self.instance.depth > 1)
        if is_new_network and self.for_user is not None and not self._sees_everything():
            self.add_error("parent", _("Choose where it stands; a network of its own is set up by the operator."))
        return data

    def _sees_everything(self) -> bool:
        return organisations_in_sight(self.for_user).count() == Organisation.objects.count()

    def save_words(self) -> None:
        """Make the areas those named."""
        wanted = self.cleaned_data["areas"]
        self.instance.areas.exclude(prefecture__in=wanted).delete()
        held = set(self.instance.areas.values_list("prefecture", flat=True))
        ServiceArea.objects.bulk_create(
            ServiceArea(organisation=self.instance, prefecture=area) for area in wanted if area not in held
        )

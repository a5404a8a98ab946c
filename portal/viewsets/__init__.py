"""The ground floor in the Wagtail admin: one viewset a noun, grouped by who works with them."""

from portal.viewsets.equipment import EquipmentGroup
from portal.viewsets.organisations import OrganisationGroup
from portal.viewsets.records import AccessTokenViewSet

__all__ = ["AccessTokenViewSet", "EquipmentGroup", "OrganisationGroup"]

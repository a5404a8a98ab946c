"""A network with an outlet, its region and headquarters, each with somebody who works on cases."""

from types import SimpleNamespace

import pytest

from portal.enums import Role, Tier
from tests.factories.kb import FieldCaseFactory
from tests.factories.portal import OrganisationFactory, PersonFactory


@pytest.fixture
def network(hq):
    """Organisations and people by what they are to a case of the outlet."""
    region = OrganisationFactory(parent=hq, tier=Tier.REGION)
    outlet = OrganisationFactory(parent=region, tier=Tier.OUTLET)
    other = OrganisationFactory(parent=hq, tier=Tier.REGION)
    customer = OrganisationFactory(parent=hq, tier=Tier.CUSTOMER)

    def person(place, role, name):
        return PersonFactory(organisation=place, roles=[role], email=f"{name}@example.com", name=name)

    return SimpleNamespace(
        hq=hq,
        region=region,
        outlet=outlet,
        reporter=person(outlet, Role.ENGINEER, "reporter"),
        colleague=person(outlet, Role.ENGINEER, "colleague"),
        lead=person(outlet, Role.TRAINER, "lead"),
        regional=person(region, Role.MANAGER, "regional"),
        expert=person(hq, Role.TRAINER, "expert"),
        stranger=person(other, Role.ENGINEER, "stranger"),
        neighbour=person(other, Role.MANAGER, "neighbour"),
        contact=person(customer, Role.CUSTOMER_CONTACT, "contact"),
    )


@pytest.fixture
def case(network):
    """A case the engineer of the outlet reported."""
    return FieldCaseFactory(reporter=network.reporter)

"""Readers of the knowledge base."""

import pytest

from portal.access.roles import synchronise_roles
from portal.enums import Role, Tier
from tests.factories.portal import OrganisationFactory, PersonFactory


@pytest.fixture
def hq(db):
    """A headquarters."""
    return OrganisationFactory()


@pytest.fixture
def readers(hq):
    """One reader of each sight: nobody, a customer's contact, an engineer, a trainer (restricted too)."""
    customer = OrganisationFactory(parent=hq, tier=Tier.CUSTOMER)
    return {
        "anonymous": None,
        "customer": PersonFactory(organisation=customer, roles=[Role.CUSTOMER_CONTACT]),
        "engineer": PersonFactory(organisation=hq, roles=[Role.ENGINEER]),
        "trainer": PersonFactory(organisation=hq, roles=[Role.TRAINER]),
    }


@pytest.fixture
def engineer(readers):
    """Somebody of the service network."""
    return readers["engineer"]


@pytest.fixture
def editor(hq):
    """A trainer, who may write."""
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.TRAINER])

"""Who may open what, asked of many people at once, is what is asked of each of them."""

import pytest

from portal.audiences import audiences_of, who_open
from portal.enums import Audience, Role, Tier
from portal.models import Person
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("audience", Audience.values)
def test_many_are_asked_by_the_same_rule_as_one(audience):
    network = OrganisationFactory()
    customer = OrganisationFactory(parent=network, tier=Tier.CUSTOMER)
    PersonFactory(organisation=network, roles=[Role.ENGINEER])
    PersonFactory(organisation=network, roles=[Role.TRAINER, Role.MANAGER])
    PersonFactory(organisation=customer, roles=[Role.TRAINER])
    PersonFactory(organisation=customer, is_superuser=True)
    PersonFactory(organisation=None, roles=[Role.EDITOR])
    everybody = Person.objects.all()
    one_by_one = {person.pk for person in everybody if audience in audiences_of(person)}
    found = list(who_open(everybody, audience).values_list("pk", flat=True))
    assert set(found) == one_by_one
    assert len(found) == len(set(found)), "two roles are one person"

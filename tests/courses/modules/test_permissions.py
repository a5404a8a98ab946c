"""Who may read a module."""

import pytest
from django.contrib.auth.models import AnonymousUser

from courses.modules.permissions import can_see_module, visible_modules
from portal.enums import Audience, Role
from tests.factories.courses import TrainingModuleFactory
from tests.factories.portal import PersonFactory

READERS = {
    "nobody": {Audience.PUBLIC},
    "contact": {Audience.PUBLIC, Audience.CUSTOMERS},
    "technician": {Audience.PUBLIC, Audience.CUSTOMERS, Audience.STAFF},
    "auditor": {Audience.PUBLIC, Audience.CUSTOMERS, Audience.STAFF},
}


@pytest.fixture
def by_audience(db):
    """One module of each audience."""
    return {audience: TrainingModuleFactory(audience=audience) for audience in Audience}


def reader(world, who):
    return AnonymousUser() if who == "nobody" else getattr(world, who)


@pytest.mark.parametrize("who", READERS)
def test_module_is_read_by_its_audience(world, by_audience, who):
    person = reader(world, who)
    seen = {audience for audience, module in by_audience.items() if can_see_module(person, module)}
    assert READERS[who] <= seen
    assert (Audience.STAFF in seen) is (who in ("technician", "auditor"))


@pytest.mark.parametrize("who", READERS)
def test_list_and_question_agree(world, by_audience, who):
    person = reader(world, who)
    listed = set(visible_modules(person).filter(pk__in=[module.pk for module in by_audience.values()]))
    assert listed == {module for module in by_audience.values() if can_see_module(person, module)}


@pytest.mark.parametrize("role", list(Role))
def test_customers_people_read_what_customers_read_whatever_their_role(world, by_audience, role):
    person = PersonFactory(organisation=world.customer, roles=[role])
    seen = {audience for audience, module in by_audience.items() if can_see_module(person, module)}
    assert seen == {Audience.PUBLIC, Audience.CUSTOMERS}


def test_draft_is_in_no_list(world):
    draft = TrainingModuleFactory(live=False, audience=Audience.PUBLIC)
    for who in READERS:
        assert draft not in visible_modules(reader(world, who))

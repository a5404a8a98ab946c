"""Who stands above somebody."""

import pytest

from courses.sessions.superiors import managers_of, superiors_of
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


def test_superior_holds_the_post_reported_to_else_manages_the_nearest_branch(world):
    assert superiors_of(world.technician) == [world.manager]
    chief = PersonFactory(organisation=world.outlet)
    above = PositionFactory(organisation=world.outlet, title="站长")
    post = PositionFactory(organisation=world.outlet, title="技术工程师", reports_to=above)
    AssignmentFactory(person=chief, position=above, organisation=world.outlet)
    AssignmentFactory(person=world.technician, position=post, organisation=world.outlet)
    assert superiors_of(world.technician) == [chief]
    # Nobody is their own superior.
    assert chief not in superiors_of(chief)
    assert managers_of(world.technician) == [world.manager]

"""What the page tests of certification share."""

import datetime as dt

import pytest
import time_machine

from portal.access.roles import synchronise_roles
from portal.enums import Role, Tier
from tests.factories.certification import AssessorAppointmentFactory, category_of, full_scheme
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

NOON = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


@pytest.fixture
def network():
    """Headquarters, two regions with an outlet each, everybody in their role, a scheme for cold rooms; a fixed noon."""
    with time_machine.travel(NOON):
        yield make_network()


def make_network() -> dict:
    hq = OrganisationFactory(name="总公司")
    west = OrganisationFactory(name="西区", parent=hq, tier=Tier.REGION)
    east = OrganisationFactory(name="东区", parent=hq, tier=Tier.REGION)
    outlet = OrganisationFactory(name="西区网点", parent=west, tier=Tier.OUTLET)
    far = OrganisationFactory(name="东区网点", parent=east, tier=Tier.OUTLET)
    scheme = full_scheme(name="冷冻设备维修上岗资格")
    position = PositionFactory(organisation=hq)
    scheme.positions.add(position)
    scheme.save()
    people = {
        "technician": PersonFactory(name="林小川", organisation=outlet, roles=[Role.ENGINEER]),
        "colleague": PersonFactory(name="杨振华", organisation=outlet, roles=[Role.ENGINEER]),
        "stranger": PersonFactory(name="赵明远", organisation=far, roles=[Role.ENGINEER]),
        "dispatcher": PersonFactory(organisation=west, roles=[Role.DISPATCHER]),
        "manager": PersonFactory(organisation=west, roles=[Role.MANAGER]),
        "far_manager": PersonFactory(organisation=east, roles=[Role.MANAGER]),
        "trainer": PersonFactory(organisation=west, roles=[Role.TRAINER]),
        "assessor": PersonFactory(organisation=outlet, roles=[Role.ASSESSOR]),
        "auditor": PersonFactory(organisation=hq, roles=[Role.AUDITOR]),
        "administrator": PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]),
        "customer": PersonFactory(
            organisation=OrganisationFactory(parent=hq, tier=Tier.CUSTOMER), roles=[Role.CUSTOMER_CONTACT]
        ),
    }
    AssignmentFactory(person=people["technician"], position=position, organisation=outlet)
    requirements = {requirement.kind: requirement for requirement in scheme.requirements.all()}
    checklist = requirements["practical"].checklist
    AssessorAppointmentFactory(person=people["assessor"], category=checklist.category)
    return people | {
        "scheme": scheme,
        "equipment": EquipmentModelFactory(code="RF-LK", name="冷库", category=category_of(scheme)),
        "module": requirements["hours"].module,
        "quiz": requirements["quiz"].quiz,
        "checklist": checklist,
        "outlet": outlet,
    }


@pytest.fixture
def trainer_client(client_of, db):
    """A browser in which a trainer is signed in, with the rights a trainer has in the editing area."""
    synchronise_roles()
    return client_of(PersonFactory(roles=[Role.TRAINER]))

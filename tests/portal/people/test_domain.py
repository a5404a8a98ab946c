"""Verbs of the ground floor: organisations, people, machines."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from portal.enums import Role, Tier
from portal.equipment.domain import SerialTaken, add_category, add_model, add_unit, label_token, renew_label
from portal.models import AppendOnlyError, AuditEvent, Organisation
from portal.organisations.domain import MisplacedOrganisation, OrganisationCodeTaken, add_organisation, add_position
from portal.people.domain import (
    AlreadyInPosition,
    EndsBeforeStart,
    StaffNumberTaken,
    add_person,
    assign_position,
    end_assignment,
    set_roles,
)
from portal.people.queries import positions_on
from tests.factories.portal import OrganisationFactory, PersonFactory, PositionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
MARCH, MAY = dt.date(2026, 3, 1), dt.date(2026, 5, 31)


def test_network_grows_from_the_top():
    hq = add_organisation("KT", "总公司", Tier.HQ)
    region = add_organisation("KT-W", "川西大区", Tier.REGION, parent=hq)
    outlet = add_organisation("KT-W1", "服务处", Tier.OUTLET, parent=region, areas=["成都", "雅安", "成都"])
    assert list(outlet.areas.values_list("prefecture", flat=True)) == ["成都", "雅安"]
    assert [place.code for place in Organisation.objects.get(pk=hq.pk).get_descendants()] == ["KT-W", "KT-W1"]


@pytest.mark.parametrize(
    ("tier", "parent_tier", "allowed"),
    [
        (Tier.HQ, None, True),
        (Tier.HQ, Tier.HQ, False),
        (Tier.REGION, None, False),
        (Tier.REGION, Tier.HQ, True),
        (Tier.REGION, Tier.OUTLET, False),
        (Tier.OUTLET, Tier.REGION, True),
        (Tier.OUTLET, Tier.OUTLET, False),
        (Tier.CUSTOMER, Tier.OUTLET, True),
        (Tier.OUTLET, Tier.CUSTOMER, False),
        (Tier.CUSTOMER, Tier.CUSTOMER, False),
    ],
)
def test_tiers_stand_only_where_they_belong(tier, parent_tier, allowed):
    parent = OrganisationFactory(tier=parent_tier) if parent_tier else None
    if allowed:
        assert add_organisation("X", "X", tier, parent=parent).tier == tier
    else:
        with pytest.raises(MisplacedOrganisation):
            add_organisation("X", "X", tier, parent=parent)
        assert not Organisation.objects.filter(code="X").exists()


def test_organisation_code_is_taken_once():
    add_organisation("KT", "总公司", Tier.HQ)
    with pytest.raises(OrganisationCodeTaken):
        add_organisation("KT", "别的公司", Tier.HQ)


def test_person_is_entered_with_roles_and_a_trace():
    boss = PersonFactory()
    person = add_person("T1", "王一", organisation=boss.organisation, roles=[Role.ENGINEER, Role.TRAINER], actor=boss)
    assert person.role_names == {"engineer", "trainer"}
    assert not person.has_usable_password()
    event = AuditEvent.objects.get(action="portal.person_added")
    assert (event.actor, event.subject) == (boss, f"portal.person:{person.pk}")


@pytest.mark.parametrize("number", ["T1", "t1"])
def test_staff_number_is_taken_once_in_any_case(number):
    add_person("T1", "王一")
    with pytest.raises(StaffNumberTaken):
        add_person(number, "李二")


def test_roles_are_set_exactly_and_other_groups_stay():
    person = PersonFactory(roles=[Role.ENGINEER])
    person.groups.add(Group.objects.create(name="choir"))
    changed = set_roles(person, [Role.ASSESSOR])
    assert changed.role_names == {"assessor", "choir"}
    assert AuditEvent.objects.get(action="portal.roles_changed").detail["changes"] == [
        {"field": "groups", "old": ["engineer", "choir"], "new": ["assessor", "choir"]}
    ]
    set_roles(person, [Role.ASSESSOR])
    assert AuditEvent.objects.filter(action="portal.roles_changed").count() == 1


def test_position_is_held_from_day_to_day_both_included():
    person, position = PersonFactory(), PositionFactory()
    assignment = assign_position(person, position, start=MARCH, end=MAY)
    held = [day for day in (MARCH - dt.timedelta(1), MARCH, MAY, MAY + dt.timedelta(1)) if positions_on(person, day)]
    assert held == [MARCH, MAY]
    assert assignment.organisation == person.organisation


@pytest.mark.parametrize(
    ("start", "end", "clashes"),
    [
        (MAY, None, True),
        (MAY + dt.timedelta(1), None, False),
        (dt.date(2026, 1, 1), MARCH - dt.timedelta(1), False),
        (dt.date(2026, 1, 1), MARCH, True),
        (dt.date(2026, 1, 1), None, True),
    ],
)
def test_same_position_twice_at_once_is_refused(start, end, clashes):
    person, position = PersonFactory(), PositionFactory()
    assign_position(person, position, start=MARCH, end=MAY)
    if clashes:
        with pytest.raises(AlreadyInPosition):
            assign_position(person, position, start=start, end=end)
    else:
        assign_position(person, position, start=start, end=end)
    assert person.assignments.count() == (1 if clashes else 2)


def test_two_positions_at_once_are_allowed():
    person = PersonFactory()
    assign_position(person, PositionFactory(), start=MARCH)
    assign_position(person, PositionFactory(), start=MARCH)
    assert positions_on(person, MAY).count() == 2


def test_assignment_ends_on_its_last_day():
    assignment = assign_position(PersonFactory(), PositionFactory(), start=MARCH)
    assert end_assignment(assignment, MAY).end == MAY
    with pytest.raises(EndsBeforeStart):
        end_assignment(assignment, MARCH - dt.timedelta(1))


def test_empty_period_is_refused():
    with pytest.raises(EndsBeforeStart):
        assign_position(PersonFactory(), PositionFactory(), start=MAY, end=MARCH)


def test_position_of_an_organisation_leaves_a_trace():
    position = add_position(OrganisationFactory(), "技术工程师", responsibilities="维修\n保养")
    assert AuditEvent.objects.get().subject == f"portal.position:{position.pk}"


def test_machine_gets_a_label_and_a_new_one():
    category = add_category("RF", "冷冻设备")
    model = add_model("RF-LK", "冷库", category, aliases=["冻库", "冻库", ""])
    unit = add_unit("SC-1", model)
    assert list(model.aliases.values_list("name", flat=True)) == ["冻库"]
    first = label_token(unit)
    assert label_token(unit) == first
    assert renew_label(unit).secret != first.secret
    first.refresh_from_db()
    assert first.revoked_at is not None
    with pytest.raises(SerialTaken):
        add_unit("SC-1", model)


def test_audit_log_cannot_be_rewritten():
    add_organisation("KT", "总公司", Tier.HQ)
    event = AuditEvent.objects.get()
    for act in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(action="x"),
    ):
        with pytest.raises(AppendOnlyError):
            act()

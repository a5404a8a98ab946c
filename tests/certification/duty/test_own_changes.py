"""Nobody moves the bar for oneself: authors of unconfirmed changes are judged by before and after, others by after."""

import datetime as dt

import pytest
import time_machine

from certification import ledger
from certification.certificates.awards import award_if_complete
from certification.duty.work import judge, opened_work
from certification.enums import SchemeEffect
from certification.guidance.domain import approve_guidance
from certification.models import LedgerEntry, SchemeScope
from portal.access.roles import synchronise_roles
from portal.acting import acting
from portal.bar.domain import confirm_change
from portal.enums import Role, Task
from portal.models import BarChange, EquipmentCategory, EquipmentModel, Position, StatutoryRule
from portal.people.domain import end_assignment
from portal.registry import duty
from tests.factories.certification import (
    AttemptFactory,
    PracticalAssessmentFactory,
    SchemeFactory,
    StatutoryCertificateFactory,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
    StatutoryKindFactory,
    StatutoryRuleFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def world():
    """A cold room below refrigeration whose repair a scheme opens, and two who hold it; a fixed noon."""
    with time_machine.travel(NOW, tick=False):
        synchronise_roles()
        category = EquipmentCategoryFactory(name="冷冻设备")
        scheme = SchemeFactory(name="冷库维修", tasks=[Task.REPAIR], scopes=[category])
        hq = OrganisationFactory()
        author = PersonFactory(name="王管理", organisation=hq, roles=[Role.ADMINISTRATOR])
        other = PersonFactory(name="李维修", organisation=hq)
        for person in (author, other):
            ledger.grant(person, scheme, act_key=f"{person.pk}", at=NOW - dt.timedelta(days=10))
        yield {
            "category": category,
            "scheme": scheme,
            "author": author,
            "other": other,
            "second": PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]),
            "cold_room": EquipmentModelFactory(name="冷库", category=category),
        }


def codes(answer):
    return [reason.code for reason in answer.reasons]


def state(person, model, **asked):
    return duty.ask(person, EquipmentModel.objects.get(pk=model.pk), **asked).state


def states(world, model=None, **asked):
    """Return what the gate says to the author and to the other one."""
    return [state(world[who], model or world["cold_room"], **asked) for who in ("author", "other")]


def confirm_all(world):
    for change in BarChange.objects.waiting():
        confirm_change(world["second"], change)


# --- what may be changed -------------------------------------------------------------------------------------------


def deregulate(world):
    EquipmentModel.objects.filter(pk=world["cold_room"].pk).update(is_regulated=False)


def delete_rule(world):
    StatutoryRule.objects.all().delete()


def put_out_of_force(world):
    StatutoryRule.objects.update(is_active=False)


def name_another_task(world):
    StatutoryRule.objects.update(tasks=[Task.INSTALL.value])


def name_another_card(world):
    StatutoryRule.objects.update(kind=world["held"])


def rule_elsewhere(world):
    StatutoryRule.objects.update(category=EquipmentCategoryFactory())


def move_machine(world):
    there = EquipmentCategoryFactory(name="普通设备")
    SchemeScope.objects.create(scheme=world["scheme"], category=there)
    EquipmentModel.objects.filter(pk=world["cold_room"].pk).update(category=there)


RULED = [delete_rule, put_out_of_force, name_another_task, name_another_card, rule_elsewhere, move_machine]


@pytest.mark.parametrize("change", RULED)
def test_who_lowers_the_bar_does_not_profit_and_everybody_else_does_at_once(world, change):
    world["held"] = StatutoryKindFactory(name="旧证")
    for who in ("author", "other"):
        StatutoryCertificateFactory(person=world[who], kind=world["held"], valid_from=dt.date(2025, 1, 1))
    StatutoryRuleFactory(category=world["category"], kind=StatutoryKindFactory(name="操作证"))
    assert states(world) == ["refused", "refused"]

    with acting(world["author"]):
        change(world)

    assert states(world) == ["refused", "allowed"]
    answer = duty.ask(world["author"], EquipmentModel.objects.get(pk=world["cold_room"].pk))
    assert codes(answer) == ["bar_unconfirmed", "statutory_missing"]
    assert "王管理" in answer.reasons[0].message
    assert [way["url"] for way in answer.way_out][0] == "/bar/"
    confirm_all(world)
    assert states(world) == ["allowed", "allowed"]


def test_a_regulated_machine_without_rule_is_opened_by_nobody_for_oneself(world):
    EquipmentModel.objects.update(is_regulated=True)
    assert states(world) == ["refused", "refused"]

    with acting(world["author"]):
        deregulate(world)

    assert states(world) == ["refused", "allowed"]
    confirm_all(world)
    assert states(world) == ["allowed", "allowed"]


def test_a_rule_that_opens_a_regulated_machine_is_added_by_nobody_for_oneself(world):
    EquipmentModel.objects.update(is_regulated=True)

    with acting(world["author"]):
        StatutoryRuleFactory(category=world["category"], tasks=[Task.INSTALL.value])

    assert states(world) == ["refused", "allowed"]


def test_what_is_made_stricter_holds_for_everybody_at_once(world):
    with acting(world["author"]):
        StatutoryRuleFactory(category=world["category"])

    assert states(world) == ["refused", "refused"]
    assert "bar_unconfirmed" not in codes(duty.ask(world["author"], world["cold_room"]))


def test_a_machine_moved_out_of_a_condition_stays_under_it_for_who_moved_it(world):
    condition = EquipmentCategoryFactory(name="高压设备")
    EquipmentModel.objects.update(category=EquipmentCategoryFactory(parent=condition))
    SchemeScope.objects.create(scheme=world["scheme"], category=condition)
    SchemeFactory(name="安全教育", effect=SchemeEffect.CONDITION, scopes=[condition], tasks=[])
    assert states(world) == ["refused", "refused"]

    with acting(world["author"]):
        EquipmentModel.objects.update(category=world["category"])

    assert states(world) == ["refused", "allowed"]
    assert "condition_missing" in codes(duty.ask(world["author"], EquipmentModel.objects.get()))


def test_a_machine_moved_into_a_scheme_is_not_opened_for_who_moved_it(world):
    elsewhere = EquipmentModelFactory(name="蒸柜")

    with acting(world["author"]):
        EquipmentModel.objects.filter(pk=elsewhere.pk).update(category=world["category"])

    assert states(world, elsewhere) == ["refused", "allowed"]
    assert codes(duty.ask(world["author"], EquipmentModel.objects.get(pk=elsewhere.pk)))[:2] == [
        "bar_unconfirmed",
        "no_scheme",
    ]


def move(category, below):
    categories = EquipmentCategory.objects
    categories.get(pk=category.pk).move(categories.get(pk=below.pk), "sorted-child")


def test_a_category_moved_out_of_a_rule_stays_under_it_for_who_moved_it(world):
    above = EquipmentCategoryFactory(name="特种设备")
    EquipmentCategory.objects.get(pk=world["category"].pk).move(
        EquipmentCategory.objects.get(pk=above.pk), "sorted-child"
    )
    StatutoryRuleFactory(category=above)
    assert states(world) == ["refused", "refused"]

    with acting(world["author"]):
        move(world["category"], EquipmentCategoryFactory())

    # The scheme is of the category that was moved: it opens the machine before and after.
    assert states(world) == ["refused", "allowed"]
    assert codes(duty.ask(world["author"], EquipmentModel.objects.get())) == ["bar_unconfirmed", "statutory_missing"]
    confirm_all(world)
    assert states(world) == ["allowed", "allowed"]


def test_a_post_is_not_opened_for_who_opened_it(world):
    post = PositionFactory(organisation=world["author"].organisation, is_duty_gated=True)

    with acting(world["author"]):
        Position.objects.filter(pk=post.pk).update(is_duty_gated=False)
    post.refresh_from_db()

    assert [duty.ask_post(world[who], post).state for who in ("author", "other")] == ["refused", "allowed"]
    assert codes(duty.ask_post(world["author"], post)) == ["bar_unconfirmed", "no_scheme"]
    confirm_all(world)
    assert duty.ask_post(world["author"], post).allowed


def test_who_leaves_a_post_by_their_own_hand_stays_under_its_conditions(world):
    post = PositionFactory(organisation=world["author"].organisation, title="焊工")
    condition = SchemeFactory(name="焊工年审", effect=SchemeEffect.CONDITION, scopes=[], tasks=[])
    condition.positions.add(post)
    condition.save()
    held = [
        AssignmentFactory(person=world[who], position=post, organisation=post.organisation)
        for who in ("author", "other")
    ]
    assert states(world) == ["refused", "refused"]

    for assignment in held:
        end_assignment(assignment, dt.date(2026, 3, 17), actor=world["author"])

    assert states(world) == ["refused", "allowed"]
    assert "condition_missing" in codes(duty.ask(world["author"], EquipmentModel.objects.get()))
    confirm_all(world)
    assert states(world) == ["allowed", "allowed"]


def test_a_post_is_not_opened_where_no_scheme_is_in_force_at_all(world):
    type(world["scheme"]).objects.update(is_active=False)
    post = PositionFactory(organisation=world["author"].organisation, is_duty_gated=True)

    with acting(world["author"]):
        Position.objects.filter(pk=post.pk).update(is_duty_gated=False)
    post.refresh_from_db()

    assert [duty.ask_post(world[who], post).state for who in ("author", "other")] == ["refused", "allowed"]


# --- whom it is about ----------------------------------------------------------------------------------------------


def test_changes_of_other_machines_do_not_concern_this_one(world):
    with acting(world["author"]):
        EquipmentModelFactory(is_regulated=True)
        EquipmentModel.objects.exclude(pk=world["cold_room"].pk).update(is_regulated=False)
        StatutoryRuleFactory(category=EquipmentCategoryFactory()).delete()

    assert states(world) == ["allowed", "allowed"]


def test_a_change_by_somebody_else_counts_for_its_author_too(world):
    EquipmentModel.objects.update(is_regulated=True)
    with acting(world["author"]):
        deregulate(world)
        EquipmentModel.objects.update(is_regulated=True)
    with acting(world["second"]):
        deregulate(world)

    assert states(world) == ["allowed", "allowed"]


def test_what_stood_before_the_first_of_several_own_changes_counts(world):
    first, second = StatutoryKindFactory(name="甲证"), StatutoryKindFactory(name="乙证")
    StatutoryCertificateFactory(person=world["author"], kind=second, valid_from=dt.date(2025, 1, 1))
    rule = StatutoryRuleFactory(category=world["category"], kind=first)

    with acting(world["author"]):
        StatutoryRule.objects.update(kind=second)
        rule.delete()

    message = duty.ask(world["author"], world["cold_room"]).reasons[1].message
    assert "甲证" in message


def test_who_is_guided_is_not_opened_by_what_the_guide_changed(world):
    learner = PersonFactory(organisation=world["author"].organisation)
    today = dt.date(2026, 3, 18)
    EquipmentModel.objects.update(is_regulated=True)
    facts = {"starts_on": today, "ends_on": today, "form_key": "0" * 32}
    approve_guidance(world["second"], learner, world["author"], world["scheme"], **facts)

    with acting(world["author"]):
        deregulate(world)

    assert state(learner, world["cold_room"]) == "refused"
    confirm_all(world)
    assert state(learner, world["cold_room"]) == "under"


def test_machines_alike_now_are_judged_apart_for_who_made_them_alike(world):
    EquipmentModelFactory(name="冷柜", category=world["category"])
    EquipmentModel.objects.filter(name="冷库").update(is_regulated=True)
    with acting(world["author"]):
        deregulate(world)

    work = opened_work(with_posts=False)
    people = [world["author"], world["other"]]
    held = {person.pk: {world["scheme"].pk} for person in people}
    judged = judge(people, held, work, dt.date(2026, 3, 18), NOW)

    said = {who.name: {each.work.models[0].name: each.answer.state for each in judged[who.pk]} for who in people}
    assert said == {
        "王管理": {"冷库": "refused", "冷柜": "allowed"},
        "李维修": {"冷库": "allowed", "冷柜": "allowed"},
    }


# --- as known then -------------------------------------------------------------------------------------------------


def test_a_confirmation_counts_from_when_it_was_recorded(world):
    EquipmentModel.objects.update(is_regulated=True)
    with acting(world["author"]):
        deregulate(world)
    with time_machine.travel(LATER, tick=False):
        confirm_all(world)
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        assert state(world["author"], world["cold_room"]) == "allowed"
        assert state(world["author"], world["cold_room"], known_at=NOW + dt.timedelta(minutes=30)) == "refused"
        assert state(world["author"], world["cold_room"], known_at=LATER) == "allowed"


# --- grants --------------------------------------------------------------------------------------------------------


def test_nothing_is_granted_on_ones_own_unconfirmed_change(world):
    scheme = full_scheme(category=world["category"])
    with acting(world["author"]):
        EquipmentModel.objects.filter(pk=EquipmentModelFactory().pk).update(category=world["category"])
    for who in ("author", "other"):
        _show_everything(world[who], scheme)
        award_if_complete(world[who], scheme)

    granted = LedgerEntry.objects.filter(scheme=scheme)
    assert [entry.person for entry in granted] == [world["other"]]
    answer = duty.ask(world["author"], world["cold_room"])
    assert answer.allowed
    confirm_all(world)
    assert granted.filter(person=world["author"]).exists()


def test_a_grant_waits_no_longer_once_the_change_is_changed_back(world):
    scheme, model = full_scheme(category=world["category"]), EquipmentModelFactory(is_regulated=True)
    EquipmentModel.objects.filter(pk=model.pk).update(category=world["category"])
    with acting(world["author"]):
        EquipmentModel.objects.filter(pk=model.pk).update(is_regulated=False)
    _show_everything(world["author"], scheme)
    assert award_if_complete(world["author"], scheme) is None

    with acting(world["second"]):
        EquipmentModel.objects.filter(pk=model.pk).update(is_regulated=True)

    assert LedgerEntry.objects.filter(scheme=scheme, person=world["author"]).exists()


def _show_everything(person, scheme):
    wanted = {requirement.kind: requirement for requirement in scheme.requirements.all()}
    HourCreditFactory(person=person, module=wanted["hours"].module)
    AttemptFactory(person=person, quiz=wanted["quiz"].quiz)
    PracticalAssessmentFactory(person=person, checklist=wanted["practical"].checklist)


# --- cost ----------------------------------------------------------------------------------------------------------


def test_waiting_changes_of_others_cost_no_query(world, django_assert_num_queries):
    EquipmentModel.objects.update(is_regulated=True)
    with acting(world["author"]):
        deregulate(world)
    model = EquipmentModel.objects.select_related("category").get()
    duty.ask(world["other"], model)

    with django_assert_num_queries(4):
        duty.ask(world["other"], model)
    with django_assert_num_queries(7):
        duty.ask(world["author"], model)

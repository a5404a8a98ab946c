"""What the home page and one's own page say about what one may do today."""

import pytest
from django.urls import reverse

from portal.enums import Task
from tests.factories.certification import (
    ConditionFactory,
    SchemeFactory,
    StatutoryRequirementFactory,
    category_of,
    certificate_for,
)
from tests.factories.portal import EquipmentModelFactory, PositionFactory, StatutoryRuleFactory

pytestmark = pytest.mark.django_db


def home(client_of, person):
    return client_of(person).get("/").content.decode()


def test_home_names_tasks_and_equipment(network, client_of):
    category = category_of(network["scheme"]).name
    certificate_for(network["technician"], SchemeFactory(tasks=[Task.OPERATE], scopes=[category_of(network["scheme"])]))

    page = home(client_of, network["technician"])

    assert f"尚不能上岗 {category}（保养、维修）" in page
    assert f"可以上岗 {category}（操作）" in page


def test_unmet_condition_blocks_what_it_bears_on_and_nothing_else(network, client_of):
    category = category_of(network["scheme"])
    operating = SchemeFactory(tasks=[Task.OPERATE], scopes=[category])
    certificate_for(network["technician"], network["scheme"])
    certificate_for(network["technician"], operating)
    condition = ConditionFactory(name="三级安全教育", tasks=[Task.REPAIR])

    before = home(client_of, network["technician"])
    certificate_for(network["technician"], condition)
    after = home(client_of, network["technician"])

    assert f"可以上岗 {category.name}（保养、维修）" not in before
    assert "附加条件未满足：三级安全教育" in before
    assert f"可以上岗 {category.name}（操作）" in before
    assert f"可以上岗 {category.name}（保养、维修）" in after
    assert "附加条件已满足：三级安全教育" in after


def test_missing_card_blocks_too(network, client_of):
    requirement = StatutoryRequirementFactory(scheme=network["scheme"])
    certificate_for(network["technician"], network["scheme"])

    page = home(client_of, network["technician"])

    assert f"可以上岗 {category_of(network['scheme']).name}" not in page
    assert requirement.statutory_kind.name in page


def test_card_the_rule_asks_for_is_named_and_blocks_its_tasks_only(network, client_of):
    category = category_of(network["scheme"])
    rule = StatutoryRuleFactory(category=category, tasks=[Task.REPAIR, Task.INSTALL])
    EquipmentModelFactory(category=category)
    certificate_for(network["technician"], network["scheme"])

    page = home(client_of, network["technician"])

    assert f"缺少法定证件：{rule.kind.name}" in page
    assert f"可以上岗 {category.name}（保养、维修）" not in page
    assert f"部分作业不予上岗：{category.name}（保养、维修）" in page


def test_condition_of_another_post_or_machine_concerns_nobody_here(network, client_of):
    ConditionFactory(name="别的岗位的条件", positions=[PositionFactory()])
    ConditionFactory(name="别的设备的条件", scopes=[category_of(SchemeFactory())])
    certificate_for(network["technician"], network["scheme"])

    page = home(client_of, network["technician"])

    assert "可以上岗" in page
    assert "的条件" not in page


def test_own_page_says_held_but_blocked(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    ConditionFactory(name="三级安全教育")

    page = client_of(network["technician"]).get(reverse("certification:mine")).content.decode()

    assert "已持证，但目前不予上岗" in page
    assert "三级安全教育" in page

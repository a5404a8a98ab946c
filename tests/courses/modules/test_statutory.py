"""Statutory cards on the page of a module: those the rules demand for its machines."""

import pytest

from courses.modules.queries import module_demands
from portal.enums import Task
from tests.factories.courses import TrainingModuleFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory, StatutoryRuleFactory

pytestmark = pytest.mark.django_db


def test_module_shows_what_its_machines_need_with_the_tasks(client_of):
    module = TrainingModuleFactory()
    machine = EquipmentModelFactory(category=module.category)
    module.equipment.set([machine])
    module.save()
    rule = StatutoryRuleFactory(category=module.category, tasks=[Task.REPAIR, Task.INSTALL])

    response = client_of(PersonFactory()).get(module.get_absolute_url())

    assert [(demand.kind, demand.tasks) for demand in response.context["demands"]] == [
        (rule.kind, ("repair", "install"))
    ]
    assert rule.kind.name in response.content.decode()
    assert "维修、安装" in response.content.decode()


def test_module_without_machines_goes_by_its_category():
    module = TrainingModuleFactory()
    rule = StatutoryRuleFactory(category=module.category)

    assert [demand.kind for demand in module_demands(module)] == [rule.kind]

"""Coverage at topic level: what no module teaches, as a page and for Excel."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from courses.modules.coverage import machine_covers, module_gaps, topics_without_module
from tests.factories.courses import ModuleTopicFactory, TrainingModuleFactory
from tests.factories.kb import TopicFactory
from tests.factories.portal import EquipmentModelFactory

PLAN = Path(__file__).parents[2] / "data" / "training_plan.json"
PAGE = "/courses/coverage/"


@pytest.fixture
def topics(db):
    """Faults, maintenance and something else."""
    return [TopicFactory(code=kind[:4], name=kind, kind=kind) for kind in ("fault", "maintenance", "general")]


def teaching(topics, **facts):
    module = TrainingModuleFactory(**facts)
    for topic in topics:
        ModuleTopicFactory(module=module, topic=topic)
    return module


def test_machine_without_module_comes_first_and_lacks_every_topic(topics):
    taught, alone = EquipmentModelFactory(code="A-1"), EquipmentModelFactory(code="B-1")
    module = teaching(topics)
    module.equipment.set([taught])
    module.save()
    first, second = machine_covers()
    assert (first.machine, first.modules, first.missing) == (alone, [], topics)
    assert (second.machine, second.modules, second.missing) == (taught, [module], [])


def test_module_that_names_no_machine_teaches_its_category(topics):
    machine = EquipmentModelFactory()
    module = teaching(topics[:1], category=machine.category)
    (cover,) = machine_covers()
    assert (cover.modules, cover.missing) == ([module], topics[1:])


def test_drafts_and_withdrawn_topics_do_not_count(topics):
    teaching(topics, live=False)
    topics[2].is_active = False
    topics[2].save()
    assert list(topics_without_module()) == topics[:2]
    assert module_gaps() == []


def test_topic_of_a_module_alone_is_no_topic_of_the_list(topics):
    module = teaching([None])
    (gap,) = module_gaps()
    assert (gap.module, [str(kind) for kind in gap.missing]) == (module, ["fault", "maintenance"])


def test_modules_of_the_tender_without_faults_or_maintenance_are_those_of_its_rows(db):
    """Rows 3, 4, 5, 6 and 8 of the tender's plan say nothing about faults."""
    for name, kind in (("T07", "maintenance"), ("T08", "fault")):
        TopicFactory(code=name, name=name, kind=kind)
    for row in json.loads(PLAN.read_text(encoding="utf-8"))["rows"]:
        codes = {content["topic"] for content in row["contents"]}
        teaching([TopicFactory(code=code, name=code) for code in sorted(codes)], code=f"row-{row['no']}")
    assert {gap.module.code for gap in module_gaps()} == {f"row-{number}" for number in (3, 4, 5, 6, 8)}


@pytest.mark.parametrize(
    ("view", "heading", "cells"),
    [
        ("machines", "型号", ["设备甲"]),
        ("modules", "模块编码", ["TM-GAP"]),
        ("topics", "代码", ["MAIN"]),
    ],
)
def test_each_list_is_shown_and_exported(client_of, world, view, heading, cells):
    EquipmentModelFactory(name="设备甲")
    TopicFactory(code="MAIN", name="保养", kind="maintenance")
    teaching([None], code="TM-GAP", title="缺口模块")
    client = client_of(world.manager)
    page = client.get(PAGE, {"view": view})
    assert page.status_code == 200
    book = load_workbook(io.BytesIO(client.get(PAGE, {"view": view, "export": "xlsx"}).content))
    written = [cell.value for row in book.active.iter_rows() for cell in row]
    assert all(any(cell == str(value) or cell in str(value) for value in written) for cell in cells), heading


def test_odd_choice_shows_machines(client_of, world):
    machine = EquipmentModelFactory(name="设备乙")
    assert machine.name in client_of(world.trainer).get(PAGE, {"view": "x", "page": "99"}).text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("view", "queries"), [("machines", 13), ("modules", 11), ("topics", 10)])
def test_coverage_takes_the_same_queries_at_any_length(
    client_of, world, django_assert_num_queries, view, queries, count
):
    for _ in range(count):
        TopicFactory()
        module = teaching([TopicFactory(), None])
        module.equipment.set([EquipmentModelFactory()])
        module.save()
        EquipmentModelFactory()
    client = client_of(world.trainer)
    client.get(PAGE, {"view": view})
    with django_assert_num_queries(queries):
        assert client.get(PAGE, {"view": view}).status_code == 200


def test_catalogue_leads_to_coverage_only_who_may_see_it(client_of, world):
    link = f'href="{reverse("courses:coverage")}"'
    assert link in client_of(world.manager).get("/courses/").text
    assert link not in client_of(world.technician).get("/courses/").text


def test_demo_names_the_gaps_of_the_tender(db):
    call_command("load_demo", "--no-index", verbosity=0)
    assert {gap.module.code for gap in module_gaps()} == {f"TM-0{number}" for number in (3, 4, 5, 6, 8)}

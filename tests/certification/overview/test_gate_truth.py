"""Cover counts heads the gate allows; the matrix is marked where the gate refuses what the ledger says is held."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.enums import Task
from tests.factories.certification import (
    ConditionFactory,
    SchemeFactory,
    StatutoryCertificateFactory,
    StatutoryRequirementFactory,
    category_of,
    certificate_for,
)
from tests.factories.portal import EquipmentModelFactory, PersonFactory, StatutoryRuleFactory

pytestmark = pytest.mark.django_db

COVER, MATRIX = "/certification/coverage/", "/certification/matrix/"


def counted(client_of, network, **params):
    (cover,) = client_of(network["manager"]).get(COVER, params).context["covers"]
    return len(cover.certified), len(cover.expiring)


def cell_of(client_of, network, scheme):
    rows = client_of(network["manager"]).get(MATRIX, {"q": network["technician"].staff_number}).context["rows"]
    return next(cell for row in rows for cell in row.cells if cell.scheme == scheme)


@pytest.fixture
def certified(network):
    """The technician, who holds the scheme for cold rooms."""
    certificate_for(network["technician"], network["scheme"])
    return network["technician"]


@pytest.fixture
def rule(network):
    """Repairing cold rooms needs a card, though the scheme asks for none."""
    return StatutoryRuleFactory(category=category_of(network["scheme"]), tasks=[Task.REPAIR])


@pytest.mark.parametrize(
    ("params", "before", "after"),
    [
        ({}, 1, 1),
        ({"task": "repair"}, 0, 1),
        ({"task": "maintain"}, 1, 1),
        ({"task": "install"}, 0, 0),
        ({"task": "repair", "equipment": "冷库"}, 0, 1),
        ({"equipment": "冷库"}, 1, 1),
        ({"equipment": "灶"}, 0, 0),
    ],
)
def test_cover_counts_whom_the_gate_allows_for_task_and_equipment(
    network, certified, rule, client_of, params, before, after
):
    EquipmentModelFactory(name="灶")
    assert counted(client_of, network, **params)[0] == before
    StatutoryCertificateFactory(person=certified, kind=rule.kind)
    assert counted(client_of, network, **params)[0] == after


def test_cover_of_a_scheme_counts_who_is_allowed_by_holding_it(network, certified, rule, client_of):
    operating = SchemeFactory(tasks=[Task.OPERATE], scopes=[category_of(network["scheme"])])
    certificate_for(certified, operating)
    ConditionFactory(tasks=[Task.MAINTAIN])

    assert counted(client_of, network, scheme=network["scheme"].code)[0] == 0
    assert counted(client_of, network, scheme=operating.code)[0] == 1


def test_cover_of_a_condition_counts_who_meets_it(network, certified, client_of):
    condition = ConditionFactory()
    requirement = StatutoryRequirementFactory(scheme=condition)
    certificate_for(certified, condition)
    before = counted(client_of, network, scheme=condition.code)[0]
    StatutoryCertificateFactory(person=certified, kind=requirement.statutory_kind)
    assert (before, counted(client_of, network, scheme=condition.code)[0]) == (0, 1)


def test_cover_is_of_the_day(network, certified, client_of):
    today = timezone.localdate()
    assert counted(client_of, network, on=today.isoformat())[0] == 1
    assert counted(client_of, network, on=(today - dt.timedelta(days=1)).isoformat())[0] == 0
    assert counted(client_of, network, on=(today + dt.timedelta(days=900)).isoformat())[0] == 0


def test_who_loses_a_card_soon_is_expiring(network, certified, rule, client_of):
    soon = timezone.localdate() + dt.timedelta(days=20)
    StatutoryCertificateFactory(person=certified, kind=rule.kind, valid_to=soon)
    assert counted(client_of, network, task="repair") == (1, 1)
    assert counted(client_of, network, task="maintain") == (1, 0)


@pytest.mark.parametrize("params", [{"equipment": "没有这种"}, {"on": "2026-02-30"}])
def test_what_cannot_be_read_is_said(network, client_of, params):
    page = client_of(network["manager"]).get(COVER, params)
    assert page.status_code in (404, 422)
    assert next(iter(params.values())) in page.content.decode()


@pytest.mark.parametrize("params", [{}, {"task": "repair", "equipment": "冷库"}])
@pytest.mark.parametrize("more", [0, 4])
def test_cover_takes_as_many_queries_for_many_people(
    network, certified, rule, client_of, more, params, django_assert_max_num_queries
):
    for _number in range(more):
        certificate_for(PersonFactory(organisation=network["outlet"]), network["scheme"])
        EquipmentModelFactory(category=category_of(network["scheme"]))
    client = client_of(network["manager"])
    client.get(COVER)
    with django_assert_max_num_queries(48):
        client.get(COVER, params)


def test_matrix_keeps_the_ledger_and_marks_what_the_gate_refuses(network, certified, client_of):
    before = cell_of(client_of, network, network["scheme"])
    condition = ConditionFactory(name="三级安全教育")
    refused = cell_of(client_of, network, network["scheme"])
    page = client_of(network["manager"]).get(MATRIX).content.decode()
    certificate_for(certified, condition)
    after = cell_of(client_of, network, network["scheme"])

    assert [cell.lamp for cell in (before, refused, after)] == ["green"] * 3
    assert [cell.is_refused for cell in (before, refused, after)] == [False, True, False]
    assert refused.refusals[0] == "附加条件未满足：另须三级安全教育在有效期内"
    assert "不予上岗" in page


def test_matrix_marks_what_is_refused_in_part(network, certified, rule, client_of):
    cell = cell_of(client_of, network, network["scheme"])
    assert (cell.is_refused, cell.is_restricted) == (False, True)
    assert cell.refusals == [f"维修：缺少法定证件：{rule.kind.name}"]


def test_the_workbook_marks_what_is_refused_as_the_page_does(network, certified, rule, client_of):
    partly = _exported(client_of, network, certified)
    assert (partly.fill.fgColor.rgb[2:], "部分" in partly.value) == ("FDF0CF", True)
    assert f"维修：缺少法定证件：{rule.kind.name}" in partly.value
    ConditionFactory(name="三级安全教育")
    refused = _exported(client_of, network, certified)
    assert (refused.fill.fgColor.rgb[2:], "不予上岗" in refused.value) == ("FDE9E6", True)


def _exported(client_of, network, person):
    """Return the cell of the person and the network's scheme in the workbook, which has a legend beside."""
    answer = client_of(network["manager"]).get(MATRIX, {"export": "xlsx"})
    sheet, legend = load_workbook(io.BytesIO(answer.content)).worksheets
    assert {row[0].fill.fgColor.rgb[2:] for row in legend.iter_rows(min_row=2)} >= {"E2F3E8", "FDF0CF", "FDE9E6"}
    (column,) = (cell.column for cell in sheet[1] if cell.value == network["scheme"].name)
    (line,) = (row for row in sheet.iter_rows(min_row=2) if row[0].value == person.staff_number)
    return line[column - 1]


def test_matrix_marks_a_condition_that_lacks_its_card(network, certified, client_of):
    condition = ConditionFactory()
    requirement = StatutoryRequirementFactory(scheme=condition)
    certificate_for(certified, condition)
    assert cell_of(client_of, network, condition).refusals == [f"缺少法定证件：{requirement.statutory_kind.name}"]


def test_matrix_marks_nothing_that_is_not_held(network, rule, client_of):
    cell = cell_of(client_of, network, network["scheme"])
    assert (cell.is_empty, cell.is_refused, cell.is_restricted) == (True, False, False)


def test_home_says_what_a_rule_asks_for_though_the_scheme_does_not(network, certified, rule, client_of):
    page = client_of(certified).get("/").content.decode()
    assert "部分作业不予上岗" in page
    assert f"维修：缺少法定证件：{rule.kind.name}" in page
    assert "可以上岗" not in page
    StatutoryCertificateFactory(person=certified, kind=rule.kind)
    assert "可以上岗" in client_of(certified).get("/").content.decode()


def test_who_was_qualified_asks_the_gate(network, certified, rule, client_of):
    page = client_of(network["auditor"]).get(reverse("certification:as_of"), {"equipment": "冷库"})
    assert list(page.context["page_obj"]) == []

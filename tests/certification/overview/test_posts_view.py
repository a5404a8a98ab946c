"""The page of posts: who opens it, what it narrows to, what leaves it for Excel, how many queries it takes."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.models import Position
from tests.factories.certification import certificate_for
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/certification/posts/"


@pytest.fixture
def position(network):
    """The gated post of headquarters, planned for three, held by the technician at the outlet."""
    post = Position.objects.get(assignments__person=network["technician"])
    post.title, post.headcount, post.is_duty_gated = "技术工程师", 3, True
    post.save()
    return post


def posts(response):
    return [post.position for post in response.context["page_obj"]]


def test_address_stands_among_the_surveys(network, client_of):
    assert reverse("certification:posts") == ADDRESS
    page = client_of(network["manager"]).get(reverse("certification:matrix")).content.decode()
    assert f'href="{ADDRESS}"' in page


@pytest.mark.parametrize("reader", ["dispatcher", "manager", "auditor", "administrator"])
def test_open_to_who_surveys(network, position, client_of, reader):
    page = client_of(network[reader]).get(ADDRESS)
    assert page.status_code == 200
    assert "技术工程师" in page.content.decode()
    assert "林小川" in page.content.decode()


@pytest.mark.parametrize("reader", ["technician", "trainer", "assessor", "customer"])
@pytest.mark.parametrize("params", [{}, {"export": "xlsx"}])
def test_closed_to_everybody_else(network, position, client_of, reader, params):
    assert client_of(network[reader]).get(ADDRESS, params).status_code == 403


def test_nobody_is_asked_to_sign_in(client_of):
    assert client_of(None).get(ADDRESS).status_code == 302


@pytest.mark.parametrize("export", [{}, {"export": "xlsx"}])
def test_manager_learns_nothing_of_another_branch(network, position, client_of, export):
    far = network["stranger"].organisation
    secret = PositionFactory(organisation=far, title="东区专岗", is_duty_gated=True)
    AssignmentFactory(person=network["stranger"], position=secret)
    client = client_of(network["manager"])

    everything = client.get(ADDRESS, export)
    asked = client.get(ADDRESS, {"organisation": far.code} | export)

    text = sheet_text(everything) if export else everything.content.decode()
    assert "东区专岗" not in text
    assert network["stranger"].name not in text
    assert asked.status_code == 422
    assert "东区专岗" not in asked.content.decode()


def test_narrows_to_a_branch_a_day_and_a_state(network, position, client_of):
    client = client_of(network["administrator"])
    outlet = network["outlet"]
    own = PositionFactory(organisation=outlet, title="甲", headcount=1)
    PositionFactory(organisation=network["stranger"].organisation, title="乙")

    assert set(posts(client.get(ADDRESS, {"organisation": outlet.code}))) == {position, own}
    assert posts(client.get(ADDRESS, {"state": "unqualified"})) == [position]
    assert set(posts(client.get(ADDRESS, {"state": "open"}))) == {position, own}
    early = client.get(ADDRESS, {"state": "unqualified", "on": "1960-1-1"})
    assert early.context["on"] == dt.date(1960, 1, 1)
    assert "没有符合条件的岗位" in early.content.decode()


def test_a_day_that_does_not_exist_is_said_and_nothing_is_exported(network, position, client_of):
    client = client_of(network["administrator"])
    for params in ({"on": "2026-02-30"}, {"on": "2026-02-30", "export": "xlsx"}):
        page = client.get(ADDRESS, params)
        assert page.status_code == 422
        assert "2026-02-30" in page.content.decode()


def test_no_post_in_sight_says_who_enters_them(network, client_of):
    Position.objects.get(assignments__person=network["technician"]).assignments.all().delete()
    assert "您的可见范围内没有岗位" in client_of(network["manager"]).get(ADDRESS).content.decode()


def test_sums_are_of_all_pages(network, position, client_of):
    for number in range(20):
        PositionFactory(organisation=network["outlet"], title=f"岗{number:02}", headcount=2)
    page = client_of(network["administrator"]).get(ADDRESS, {"page": "2"})
    assert len(page.context["page_obj"]) == 1
    assert (page.context["totals"].planned, page.context["totals"].open_seats) == (43, 42)


def sheet_text(response):
    rows = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)


def test_export_has_a_line_a_post_and_the_sums(network, position, client_of):
    position.title = "=1+1"
    position.save()
    AssignmentFactory(person=network["colleague"], position=position, organisation=network["outlet"])
    certificate_for(network["colleague"], network["scheme"])

    response = client_of(network["administrator"]).get(ADDRESS, {"export": "xlsx"})

    sheet = load_workbook(io.BytesIO(response.content)).active
    columns, line, last = sheet.iter_rows(values_only=True)
    assert sheet.title == "2026年3月18日岗位情况"
    assert columns == ("单位", "岗位", "须持证", "编制", "在岗", "可上岗", "缺编", "状态", "不可上岗")
    assert line[:8] == ("总公司", "=1+1", "是", 3, 2, 1, 1, "无资格任职")
    assert sheet["B2"].data_type == "s"
    assert line[8].startswith(f"{network['technician']}: ")
    assert last[:7] == ("合计", None, None, 3, 2, 1, 1)
    assert "2026-03-18" in response["Content-Disposition"]


@pytest.mark.parametrize("more", [0, 3])
def test_takes_as_many_queries_for_one_post_as_for_many(network, position, client_of, more, django_assert_num_queries):
    for number in range(more):
        post = PositionFactory(organisation=network["outlet"], is_duty_gated=True, title=f"岗{number}")
        network["scheme"].positions.add(post)
        AssignmentFactory(person=PersonFactory(organisation=network["outlet"]), position=post)
    network["scheme"].save()
    client = client_of(network["administrator"])
    client.get(ADDRESS)
    with django_assert_num_queries(QUERIES):
        client.get(ADDRESS)


# Session, reader, roles, places, settings; positions and assignments; what the gate loads.
QUERIES = 11

"""Skills by equipment and task, what runs out, the forecast, and a move to another post."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from certification import ledger
from certification.overview import survey_views
from certification.overview.forecast import coming_months
from courses.enums import EnrolmentState
from portal.enums import Audience, Task
from portal.models import Organisation
from tests.certification.overrides.test_overrides import approve
from tests.factories.certification import ConditionFactory, certificate_for
from tests.factories.courses import EnrolmentFactory, SessionFactory
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db

PAGES = ["works", "expiring", "forecast"]


def get(client, name, **params):
    return client.get(reverse(f"certification:{name}"), params)


def expires(person, scheme, days):
    """A qualification of 24 months that ends in so many days."""
    after = timezone.localdate() + dt.timedelta(days=days + 1)
    return ledger.grant(person, scheme, act_key=f"e{person.pk}", valid_from=after.replace(year=after.year - 2))


def states(response, person):
    row = next(row for row in response.context["rows"] if row.person == person)
    return {cell.work.task.value: cell.state for cell in row.cells}


# --- skills by equipment and task -------------------------------------------------------------------------------------


def test_cells_are_the_answers_of_the_gate(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    page = get(client_of(network["manager"]), "works")

    assert states(page, network["technician"])["repair"] == "allowed"
    assert states(page, network["colleague"])["repair"] == "none"
    assert "heat__cell--allowed" in page.content.decode()


def test_who_should_hold_it_and_does_not_is_red_and_can_be_listed_alone(network, client_of):
    client = client_of(network["manager"])
    page = get(client, "works", should="on")

    assert [row.person for row in page.context["rows"]] == [network["technician"]]
    assert states(page, network["technician"])["repair"] == "refused"


def test_what_is_held_and_allowed_by_an_override_only_is_marked_in_the_matrix_of_schemes(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    ConditionFactory(tasks=[Task.REPAIR])
    approve({key: type(value).objects.get(pk=value.pk) for key, value in network.items()})
    page = client_of(network["manager"]).get(reverse("certification:matrix"))
    cells = next(row.cells for row in page.context["rows"] if row.person == network["technician"])

    assert [cell.is_overridden for cell in cells if cell.scheme == network["scheme"]] == [True]
    assert "已放行" in page.content.decode()


def test_who_is_allowed_by_an_override_only_is_shown_as_such(network, client_of):
    approve({key: type(value).objects.get(pk=value.pk) for key, value in network.items()})
    page = get(client_of(network["manager"]), "works")

    assert states(page, network["technician"])["repair"] == "override"
    assert "heat__cell--override" in page.content.decode()
    forecast = get(client_of(network["manager"]), "forecast").context["forecast"]
    assert [len(site.heads[0]) for site in forecast.sites] == [0]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"equipment": "冷库"}, 200),
        ({"task": "repair"}, 200),
        ({"equipment": "没有"}, 422),
        ({"task": "demolish"}, 422),
        ({"organisation": "nobody"}, 422),
        ({"q": "林小川"}, 200),
        ({"page": "99"}, 200),
    ],
)
def test_filters_of_the_skills(network, client_of, params, status):
    assert get(client_of(network["manager"]), "works", **params).status_code == status


# --- what runs out ----------------------------------------------------------------------------------------------------


@pytest.fixture
def ending(network):
    expires(network["technician"], network["scheme"], 20)
    expires(network["colleague"], network["scheme"], 70)
    expires(network["stranger"], network["scheme"], 10)
    return network


@pytest.mark.parametrize(
    ("days", "who"), [(30, ["technician"]), (60, ["technician"]), (90, ["technician", "colleague"])]
)
def test_what_runs_out_is_listed_first_to_last(ending, client_of, days, who):
    page = get(client_of(ending["manager"]), "expiring", days=days)

    assert [each.person for each in page.context["page_obj"]] == [ending[name] for name in who]
    assert page.context["counts"] == [1, 1, 2]
    assert [(place.name, place.within) for place in page.context["places"]] == [("西区网点", (1, 1, 2))]


def test_what_was_renewed_or_revoked_does_not_run_out(ending, client_of):
    ledger.renew(ending["technician"], ending["scheme"], act_key="renewed")
    ledger.revoke(ending["colleague"], ending["scheme"], reason="违章", act_key="r", by=ending["manager"])

    assert list(get(client_of(ending["manager"]), "expiring", days=90).context["page_obj"]) == []


def test_what_runs_out_is_exported(ending, client_of):
    response = get(client_of(ending["manager"]), "expiring", days=90, export="xlsx")
    rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [ending["technician"].name, ending["colleague"].name]


def test_a_span_that_is_none_is_said(ending, client_of):
    assert get(client_of(ending["manager"]), "expiring", days="45").status_code == 422


# --- the forecast -----------------------------------------------------------------------------------------------------


def test_months_follow_today():
    months = coming_months(dt.date(2026, 11, 27), 4)
    assert months == [dt.date(2026, 11, 27), dt.date(2026, 12, 1), dt.date(2027, 1, 1), dt.date(2027, 2, 1)]


@pytest.mark.parametrize("state", ["scheduled", "open"])
def test_heads_fall_with_expiries_and_booked_seats_make_up_for_them(network, client_of, state):
    """A course of several meetings stays open from the first to the last one."""
    outlet = network["outlet"]
    Organisation.objects.filter(pk=outlet.pk).update(min_certified=2)
    expires(network["technician"], network["scheme"], 20)
    start = timezone.now() + dt.timedelta(days=30)
    session = SessionFactory(
        modules=[network["module"]],
        starts_at=start,
        ends_at=start + dt.timedelta(hours=8),
        organisation=outlet.get_root(),
        audience=Audience.STAFF,
        state=state,
    )
    EnrolmentFactory(session=session, person=network["colleague"], state=EnrolmentState.SEATED)

    page = get(client_of(network["manager"]), "forecast")
    (site,) = page.context["forecast"].sites

    # 18 March: valid until 7 April; the session is on 17 April.
    assert [month.heads for month in site.months] == [1, 1, 0, 0, 0, 0]
    assert [month.booked for month in site.months] == [0, 0, 1, 1, 1, 1]
    assert [month.gap for month in site.months] == [1, 1, 1, 1, 1, 1]
    (proposal,) = page.context["forecast"].proposals
    assert (proposal.module, proposal.people, proposal.before) == (network["module"], 1, dt.date(2026, 3, 18))
    html = page.content.decode()
    assert "<svg" in html
    assert "style=" not in html[html.index('<svg class="bar-chart"') :][:3000]
    assert network["module"].title in html


def test_a_site_that_is_covered_asks_for_no_session(network, client_of):
    outlet = network["outlet"]
    Organisation.objects.filter(pk=outlet.pk).update(min_certified=1)
    expires(network["technician"], network["scheme"], 600)
    assert get(client_of(network["manager"]), "forecast").context["forecast"].proposals == []


def test_the_forecast_is_exported(network, client_of):
    response = get(client_of(network["manager"]), "forecast", export="xlsx")
    rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert len(rows) == 1 + 6


# --- a move -----------------------------------------------------------------------------------------------------------


def moves(client, person, **params):
    return client.get(reverse("certification:moves", args=[person.staff_number]), params)


def test_a_move_shows_gaps_and_what_it_leaves_open(network, client_of):
    gated = PositionFactory(organisation=network["outlet"], title="库房主管", is_duty_gated=True)
    network["scheme"].positions.add(gated)
    network["scheme"].save()
    held = network["technician"].assignments.get().position
    held.headcount = 2
    held.save()
    AssignmentFactory(person=network["colleague"], position=held, organisation=network["outlet"])

    page = moves(client_of(network["manager"]), network["technician"], q="库房")

    (move,) = page.context["moves"]
    assert (move.position, move.gaps > 0) == (gated, True)
    (left,) = page.context["left"]
    assert (left.position, left.others, left.open_seats) == (held, 1, 1)
    assert network["module"].title in page.content.decode()


def test_nobody_out_of_sight_is_moved(network, client_of):
    assert moves(client_of(network["manager"]), network["stranger"]).status_code == 404
    assert moves(client_of(network["technician"]), network["technician"]).status_code == 403


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["technician", "trainer", "customer", "assessor"])
def test_pages_are_closed_to_others(network, client_of, name, who):
    assert get(client_of(network[who]), name).status_code == 403


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(("name", "most"), [("works", 20), ("expiring", 12), ("forecast", 32)])
def test_pages_take_as_many_queries_for_many_people(
    network, client_of, django_assert_max_num_queries, name, most, number
):
    for person in PersonFactory.create_batch(number, organisation=network["outlet"]):
        expires(person, network["scheme"], 25)
    client = client_of(network["manager"])
    get(client, name)
    with django_assert_max_num_queries(most):
        get(client, name)


def test_a_move_takes_as_many_queries_for_many_posts(network, client_of, django_assert_max_num_queries):
    for number in range(25):
        network["scheme"].positions.add(PositionFactory(organisation=network["outlet"], title=f"岗位{number}"))
    network["scheme"].save()
    client = client_of(network["manager"])
    moves(client, network["technician"])
    with django_assert_max_num_queries(26):
        moves(client, network["technician"])


def test_the_file_has_every_column_and_the_outlets_page(network, client_of, monkeypatch):
    monkeypatch.setattr(survey_views, "WIDEST", 1)
    client = client_of(network["manager"])
    page = get(client, "works")
    assert len(page.context["works"]) == 1
    total = 1 + page.context["more"]
    book = load_workbook(io.BytesIO(get(client, "works", export="xlsx").content))
    header = next(book.active.iter_rows(values_only=True))
    assert total > 1
    assert len([cell for cell in header if cell]) == 3 + total


def test_outlets_of_what_runs_out_are_paged(network, client_of, monkeypatch):
    monkeypatch.setattr(survey_views, "PAGE", 1)
    for who in ("technician", "manager"):
        expires(network[who], network["scheme"], 10)
    client = client_of(network["manager"])
    first = get(client, "expiring")
    assert "?places=2" in first.content.decode()
    names = {get(client, "expiring", places=number).context["places"][0].name for number in (1, 2)}
    assert names == {"西区", "西区网点"}

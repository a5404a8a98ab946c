"""The road of a scheme: drawn, beside a table, on one's own page and on the page of the scheme."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from certification import ledger
from certification.enums import Level
from certification.models import Scheme
from certification.training_file.queries import file_of
from portal.models import Person
from tests.factories.certification import AttemptFactory, SchemeFactory
from tests.factories.courses import HourCreditFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(network):
    return Person.objects.get(pk=network["technician"].pk)


def states(person, scheme):
    return [(stop.title, stop.state) for stop in file_of(person, Scheme.objects.get(pk=scheme.pk)).road]


def test_the_road_goes_from_where_somebody_stands_to_the_renewal(network, person):
    assert [state for _title, state in states(person, network["scheme"])] == ["next", *["missing"] * 4]
    HourCreditFactory(person=person, module=network["module"], minutes=480)
    AttemptFactory(person=person, quiz=network["quiz"])
    assert [state for _title, state in states(person, network["scheme"])] == [
        "done",
        "done",
        "next",
        "missing",
        "missing",
    ]


def test_who_holds_it_sees_when_the_renewal_opens_and_until_when_it_counts(network, person):
    Scheme.objects.filter(pk=network["scheme"].pk).update(renewal_days=90, grace_days=30)
    entry = ledger.grant(person, network["scheme"], act_key="g")
    road = file_of(person, Scheme.objects.get(pk=network["scheme"].pk)).road
    assert road[0].state == "done"
    opens = entry.valid_to - dt.timedelta(days=89)
    assert f"{opens.year}年{opens.month}月{opens.day}日" in road[1].note
    until = entry.valid_to + dt.timedelta(days=30)
    assert f"{until.year}年{until.month}月{until.day}日" in road[-1].note


def test_it_is_drawn_beside_a_table_without_inline_style(network, person, client_of):
    html = client_of(person).get(reverse("certification:mine")).content.decode()
    assert '<svg class="road"' in html
    assert "style=" not in html[html.index('<svg class="road"') : html.index("</svg>", html.index('<svg class="road"'))]
    assert reverse("certification:scheme", args=[network["scheme"].code]) in html


def test_the_page_of_a_scheme_shows_the_levels_and_the_readers_road(network, person, client_of):
    Scheme.objects.filter(pk=network["scheme"].pk).update(track="冷冻设备", level=Level.BASIC, grace_days=15)
    higher = SchemeFactory(track="冷冻设备", level=Level.ADVANCED)
    page = reverse("certification:scheme", args=[network["scheme"].code])
    html = client_of(person).get(page).content.decode()
    assert '<svg class="road"' in html
    assert higher.name in html
    assert "15" in html
    assert client_of(network["customer"]).get(page).status_code == 404
    Scheme.objects.filter(pk=network["scheme"].pk).update(is_active=False)
    assert client_of(person).get(page).status_code == 404


@pytest.mark.parametrize("schemes", [1, 3])
def test_one_more_scheme_on_the_page_asks_no_more(network, person, client_of, django_assert_max_num_queries, schemes):
    for _number in range(schemes):
        ledger.grant(person, SchemeFactory(), act_key=str(_number), at=timezone.now())
    client = client_of(person)
    client.get("/")
    with django_assert_max_num_queries(45):
        client.get(reverse("certification:mine"))

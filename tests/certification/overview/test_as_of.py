"""Who was qualified on a day, as known then."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from tests.certification.requesting import get
from tests.factories.certification import (
    certificate_for,
)

pytestmark = pytest.mark.django_db


def test_auditor_sees_who_was_qualified_as_known_then(network, client_of):
    today = timezone.localdate()
    certificate_for(network["colleague"], network["scheme"], days_ago=10)
    on = (today - dt.timedelta(days=5)).isoformat()
    before = (today - dt.timedelta(days=11)).isoformat()

    now = get(client_of, network["auditor"], "as_of", equipment="冷库", on=on).content.decode()
    then = get(client_of, network["auditor"], "as_of", equipment="冷库", on=on, known_at=before).content.decode()

    assert "杨振华" in now
    assert "杨振华" not in then


@pytest.mark.parametrize(
    "known_at", ["2026-03-18", "2026/3/18", "２０２６年３月１８日", "2026-03-18 13:01", "2026-03-18T05:01:00Z"]
)
def test_a_grant_of_one_minute_past_one_is_known_at_the_end_of_that_day(network, client_of, known_at):
    with time_machine.travel("2026-03-18 05:01:00Z", tick=False):
        certificate_for(network["colleague"], network["scheme"])
    with time_machine.travel("2026-03-20 04:00:00Z", tick=False):
        asked = {"equipment": "冷库", "on": "2026-3-18", "known_at": known_at}
        page = get(client_of, network["auditor"], "as_of", **asked).content.decode()
        before = get(client_of, network["auditor"], "as_of", **asked | {"known_at": "2026-03-17"}).content.decode()

    assert "杨振华" in page
    assert "杨振华" not in before


def test_as_of_shows_people_who_have_left(network, client_of):
    certificate_for(network["colleague"], network["scheme"], days_ago=10)
    network["colleague"].is_active = False
    network["colleague"].save()
    on = (timezone.localdate() - dt.timedelta(days=5)).isoformat()

    assert "杨振华" in get(client_of, network["auditor"], "as_of", equipment="冷库", on=on).content.decode()


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"equipment": "?"}, 404),
        ({"equipment": "冷库", "known_at": "x"}, 422),
        ({"equipment": "冷库", "on": "2026-02-30"}, 422),
    ],
)
def test_as_of_with_wrong_input_says_so(network, client_of, params, status):
    assert get(client_of, network["auditor"], "as_of", **params).status_code == status


@pytest.mark.parametrize("reader", ["technician", "dispatcher", "trainer", "customer"])
def test_as_of_is_for_auditors(network, client_of, reader):
    assert get(client_of, network[reader], "as_of").status_code == 403

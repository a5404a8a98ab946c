"""What waits for assessors, managers and auditors on their home pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from certification import ledger

pytestmark = pytest.mark.django_db


def home(client_of, person):
    return client_of(person).get("/").content.decode()


def expires_soon(network, who):
    after = timezone.localdate() + dt.timedelta(days=11)
    ledger.grant(network[who], network["scheme"], act_key=who, valid_from=after.replace(year=after.year - 2))


def test_managers_see_what_runs_out_in_their_branch(network, client_of):
    expires_soon(network, "technician")
    expires_soon(network, "stranger")
    page = home(client_of, network["manager"])

    assert "即将到期" in page
    assert network["technician"].name in page
    assert network["stranger"].name not in page
    assert reverse("certification:forecast") in page


def test_auditors_see_what_was_asked_today(network, client_of):
    client_of(network["dispatcher"]).get(
        reverse("certification:duty"), {"person": network["technician"].staff_number, "equipment": "冷库"}
    )
    assert "今天 1 次，其中不允许 1 次" in home(client_of, network["auditor"])


def test_assessors_see_who_waits_and_nothing_where_nobody_does(network, client_of, monkeypatch):
    assert "等您处理" not in home(client_of, network["assessor"])
    monkeypatch.setattr("certification.overview.role_tiles.waiting_for", lambda reader: [network["technician"]])
    page = home(client_of, network["assessor"])
    assert "等您处理" in page
    assert "1 人等候" in page


@pytest.mark.parametrize("who", ["technician", "dispatcher", "customer"])
def test_homes_of_others_show_none_of_it(network, client_of, who):
    page = home(client_of, network[who])
    assert not any(title in page for title in ("即将到期", "等您处理", "今天 0 次"))

"""Suspending, reinstating and revoking from the file of a person."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.models import LedgerEntry
from tests.factories.certification import (
    certificate_for,
)

pytestmark = pytest.mark.django_db


def act_url(network, verb, about="technician"):
    return reverse("certification:act", args=[network[about].staff_number, network["scheme"].code, verb])


def test_manager_suspends_once_reinstates_and_revokes(network, client_of):
    certificate_for(network["technician"], network["scheme"], days_ago=5)
    client = client_of(network["manager"])
    today = timezone.localdate().isoformat()
    key = str(uuid.uuid4())

    for _press in range(2):
        client.post(act_url(network, "suspend"), {"valid_from": today, "reason": "违章作业", "form_key": key})
    client.post(act_url(network, "reinstate"), {"valid_from": today, "form_key": str(uuid.uuid4())})
    done = client.post(
        act_url(network, "revoke"), {"valid_from": today, "reason": "伪造", "form_key": str(uuid.uuid4())}
    )

    assert done.status_code == 302
    assert [entry.kind for entry in LedgerEntry.objects.all()] == [
        "granted",
        "suspended",
        "reinstated",
        "revoked",
    ]
    assert LedgerEntry.objects.last().recorded_by == network["manager"]


def test_acts_that_cannot_be_say_why_and_write_nothing(network, client_of):
    client = client_of(network["manager"])
    today = timezone.localdate()
    data = {"valid_from": today.isoformat(), "reason": "违章", "form_key": str(uuid.uuid4())}

    illegal = client.post(act_url(network, "revoke"), data)
    no_reason = client.post(act_url(network, "suspend"), data | {"reason": ""})
    backwards = client.post(
        act_url(network, "suspend"), data | {"valid_to": (today - dt.timedelta(days=1)).isoformat()}
    )

    assert [r.status_code for r in (illegal, no_reason, backwards)] == [422, 422, 422]
    assert "台账" in illegal.content.decode()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("reader", "status"),
    [("trainer", 403), ("auditor", 403), ("technician", 403), ("dispatcher", 403), ("colleague", 403)],
)
def test_who_may_not_take_away(network, client_of, reader, status):
    certificate_for(network["technician"], network["scheme"])
    data = {"valid_from": timezone.localdate(), "reason": "x", "form_key": str(uuid.uuid4())}

    response = client_of(network[reader]).post(act_url(network, "revoke"), data)

    assert response.status_code == status
    assert LedgerEntry.objects.count() == 1


def test_manager_does_not_keep_their_own_file(network, client_of):
    certificate_for(network["manager"], network["scheme"])

    assert client_of(network["manager"]).get(act_url(network, "suspend", "manager")).status_code == 403

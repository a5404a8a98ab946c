"""Recording and withdrawing statutory cards."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.models import StatutoryCertificate
from tests.factories.certification import (
    StatutoryCertificateFactory,
)
from tests.factories.portal import StatutoryKindFactory

pytestmark = pytest.mark.django_db


def card_form(network, who="technician", **changes):
    today = timezone.localdate()
    return {
        "staff_number": network[who].staff_number,
        "kind": StatutoryKindFactory(issuer="市场监督管理部门").pk,
        "number": "T-2026-001",
        "valid_from": today.isoformat(),
        "valid_to": (today + dt.timedelta(days=1460)).isoformat(),
        **changes,
    }


def test_manager_records_a_card_and_withdraws_it(network, client_of):
    client = client_of(network["manager"])
    client.post(reverse("certification:statutory_new"), card_form(network))
    card = StatutoryCertificate.objects.get()
    client.post(reverse("certification:statutory_withdraw", args=[card.pk]), {"withdrawn_on": timezone.localdate()})

    card.refresh_from_db()
    assert (card.person, card.recorded_by, card.issuer) == (
        network["technician"],
        network["manager"],
        "市场监督管理部门",
    )
    assert card.withdrawn_recorded_at is not None


def test_card_twice_backwards_or_for_somebody_unseen_is_refused(network, client_of):
    client, url = client_of(network["manager"]), reverse("certification:statutory_new")
    good = card_form(network)
    client.post(url, good)

    twice = client.post(url, good)
    backwards = client.post(url, good | {"valid_to": "2020-01-01"})
    unseen = client.post(url, card_form(network, "stranger"))
    own = client.post(url, card_form(network, "manager"))

    assert [r.status_code for r in (twice, backwards, unseen, own)] == [422] * 4
    assert network["stranger"].name not in unseen.content.decode()
    assert StatutoryCertificate.objects.count() == 1


@pytest.mark.parametrize("reader", ["technician", "trainer", "dispatcher", "auditor"])
def test_cards_are_recorded_by_managers(network, client_of, reader):
    card = StatutoryCertificateFactory(person=network["technician"])
    client = client_of(network[reader])

    assert client.get(reverse("certification:statutory_new")).status_code == 403
    assert client.post(reverse("certification:statutory_withdraw", args=[card.pk])).status_code == 403

"""Overview pages ask the database as often for a few people as for many, and no more often than pinned."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certification.guidance.domain import approve_guidance
from portal.access.once import is_reading_once, once, reading_once
from portal.models import Person
from tests.factories.certification import certificate_for
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db

# Three of them are of every page: session, person, and what is asked about the reader.
PINNED = {"matrix": 12, "works": 12, "coverage": 12, "forecast": 12, "posts": 12, "expiring": 12}


def asked(client, name):
    client.get(reverse(f"certification:{name}"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(f"certification:{name}")).status_code == 200
    return len(queries)


def staff(network, number):
    for person in PersonFactory.create_batch(number, organisation=network["outlet"]):
        certificate_for(person, network["scheme"])


@pytest.mark.parametrize("name", PINNED)
def test_as_many_queries_for_fifty_people_as_for_three(network, client_of, name):
    client = client_of(network["manager"])
    staff(network, 3)
    few = asked(client, name)
    staff(network, 47)
    assert asked(client, name) == few
    assert few <= PINNED[name]


@pytest.mark.parametrize("name", ["matrix", "works", "coverage", "forecast"])
def test_somebody_under_a_guide_from_elsewhere_adds_one(network, client_of, name):
    guide = PersonFactory()
    certificate_for(guide, network["scheme"])
    learner = PersonFactory(organisation=network["outlet"])
    certificate_for(learner, network["scheme"])
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + dt.timedelta(days=9)}
    by = Person.objects.get(pk=network["manager"].pk)
    approve_guidance(by, learner, guide, network["scheme"], form_key=uuid.uuid4(), **days)
    client = client_of(network["manager"])
    staff(network, 3)
    assert asked(client, name) <= 13


def test_what_is_read_once_is_forgotten_with_the_page():
    read = []

    def count():
        read.append(1)
        return len(read)

    assert (once("x", count), once("x", count)) == (1, 2)
    with reading_once():
        assert is_reading_once()
        with reading_once():
            assert once("x", count) == 3
        assert (once("x", count), once("y", count)) == (3, 4)
    assert not is_reading_once()
    with reading_once():
        assert once("x", count) == 5

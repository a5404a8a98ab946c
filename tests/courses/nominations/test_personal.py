"""Links of named people: made once each, printed on slips, ended with the place on the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.nominations.domain import Named, name_people
from courses.nominations.errors import NotYourRequest
from courses.nominations.links import address_of
from courses.nominations.personal import personal_links, renew_personal_links
from courses.nominations.views import invitations
from portal.exchange.pdf import Printed
from portal.models import AccessToken
from tests.factories.courses import NomineeFactory, SessionFactory, TrainingRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(world):
    """A planned request of the customer with one person on its list."""
    session = SessionFactory(trainer=world.trainer, organisation=world.customer, modules=[world.module])
    found = TrainingRequestFactory(
        organisation=world.customer, modules=[world.module], asked_by=world.contact, session=session, state="planned"
    )
    NomineeFactory(request=found, name="田小军", mobile="13800000151")
    return found


@pytest.fixture
def printed(monkeypatch):
    """The contexts of what was printed."""
    contexts = []
    monkeypatch.setattr(
        invitations, "render_pdf", lambda template, context: (contexts.append(context), Printed(b"%PDF-1.7"))[1]
    )
    return contexts


def test_links_are_made_once_and_stay(wanted):
    first, again = personal_links(wanted), personal_links(wanted)
    assert [one.address for one in first] == [one.address for one in again]
    assert AccessToken.objects.count() == 1


def test_links_of_many_cost_no_more_queries(wanted):
    NomineeFactory.create_batch(4, request=wanted)
    personal_links(wanted)
    with CaptureQueriesContext(
        connection,
    ) as few:
        personal_links(wanted)
    assert len(few) <= 6


def test_taken_off_the_list_is_the_end_of_the_link(wanted):
    personal_links(wanted)
    name_people(wanted, [Named(1, "新人", mobile="13800000199")], version=wanted.version)
    assert not AccessToken.objects.filter(revoked_at__isnull=True).exists()


def test_slips_are_for_who_arranges_and_for_the_firm(wanted, world, client_of, printed):
    address = reverse("courses:invitations", args=[wanted.pk])
    answers = {
        name: client_of(getattr(world, name)).get(address).status_code
        for name in ("administrator", "contact", "technician", "auditor")
    }
    assert answers == {"administrator": 200, "contact": 200, "technician": 404, "auditor": 403}
    assert [link.nominee.name for link, _qr in printed[0]["slips"]] == ["田小军"]


def test_contact_with_the_link_prints_them_and_a_wrong_one_does_not(wanted, client, printed):
    token = AccessToken.objects.mint("nomination", f"request:{wanted.pk}")
    naming = "/" + address_of(token).split("/", 3)[3]
    assert f"{naming}invitations/" in client.get(naming).content.decode()
    answer = client.get(f"{naming}invitations/")
    assert (answer.status_code, answer["Referrer-Policy"]) == (200, "same-origin")
    assert client.get(reverse("courses:invitations_by_link", args=["0" * 32])).status_code == 404


def test_without_a_session_there_is_nothing_to_invite_to(world, client_of, printed):
    found = TrainingRequestFactory(organisation=world.customer, asked_by=world.contact)
    NomineeFactory(request=found)
    page = client_of(world.administrator).get(reverse("courses:request", args=[found.pk])).content.decode()
    address = reverse("courses:invitations", args=[found.pk])
    assert address not in page
    assert client_of(world.administrator).get(address).status_code == 404


def test_only_who_arranges_takes_the_links_back(wanted, world, client_of):
    personal_links(wanted)
    with pytest.raises(NotYourRequest):
        renew_personal_links(wanted, by=world.contact)
    answer = client_of(world.administrator).post(reverse("courses:renew_personal_links", args=[wanted.pk]))
    assert answer.status_code == 302
    assert AccessToken.objects.get().revoked_at is not None

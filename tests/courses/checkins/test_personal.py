"""Named people at the door by their own link: recognised, and nothing else; forged, revoked and relayed refused."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.checkins.domain import confirm
from courses.models import Arrival, NomineeTimes
from courses.nominations.personal import personal_links, renew_personal_links, revoke_links_of
from portal.models import AccessToken
from tests.courses.checkins.test_views import scanned
from tests.factories.courses import NomineeFactory

pytestmark = pytest.mark.django_db


def address_of(nominee):
    link = next(one for one in personal_links(nominee.request) if one.nominee == nominee)
    return "/" + link.address.split("/", 3)[3]


@pytest.fixture
def telephone(named):
    """The browser of a named person who opened their link and pressed the button."""
    client = Client()
    assert client.post(address_of(named)).status_code == 302
    return client


def test_telephone_is_recognised_and_nothing_is_typed(named, telephone, world):
    session = named.request.session
    page = telephone.get(scanned(session), follow=True)
    assert "田小军" in page.content.decode()
    telephone.post(reverse("courses:arrive", args=[session.pk]))
    arrival = Arrival.objects.get()
    assert (arrival.nominee, arrival.is_recognised, arrival.is_waiting) == (named, True, True)
    assert not NomineeTimes.objects.exists()
    assert confirm(arrival, by=world.trainer).is_confirmed


def test_opening_the_link_records_nothing_and_shows_nobody_else(named):
    NomineeFactory(request=named.request, name="别人", mobile="13800000152")
    client, address = Client(), address_of(named)
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
    text = page.content.decode()
    assert "田小军" in text
    assert not [word for word in ("别人", "13800000151", named.request.contact_name) if word in text]
    client.get(scanned(named.request.session), follow=True)
    client.post(reverse("courses:arrive", args=[named.request.session.pk]))
    assert not Arrival.objects.exists()


def test_scanned_first_and_opened_then_goes_on(named):
    client, session = Client(), named.request.session
    client.get(scanned(session))
    answer = client.post(address_of(named))
    assert answer["Location"] == reverse("courses:arrive", args=[session.pk])


@pytest.mark.parametrize("secret", ["0" * 32, "x", "％", "a" * 300])
def test_forged_link_opens_nothing(named, secret):
    personal_links(named.request)
    assert Client().get(f"/courses/in-person/{secret}/").status_code == 404


def test_link_of_another_purpose_opens_nothing(named):
    token = AccessToken.objects.mint("nomination", f"nominee:{named.pk}")
    assert Client().get(reverse("courses:personal_link", args=[token.secret])).status_code == 404


def test_database_keeps_no_secret(named):
    address = address_of(named)
    token = AccessToken.objects.get()
    assert token.digest not in address
    assert token.secret in address


def test_revoked_link_is_dead_and_the_telephone_forgotten(named, telephone, world):
    address, session = address_of(named), named.request.session
    renew_personal_links(named.request, by=world.administrator)
    assert telephone.get(address).status_code == 404
    telephone.get(scanned(session), follow=True)
    telephone.post(reverse("courses:arrive", args=[session.pk]))
    assert not Arrival.objects.exists()
    assert address_of(named) != address


def test_who_was_taken_off_the_list_is_not_recognised(named, telephone):
    session = named.request.session
    type(named).objects.filter(pk=named.pk).update(withdrawn_at=session.starts_at)
    telephone.get(scanned(session), follow=True)
    telephone.post(reverse("courses:arrive", args=[session.pk]))
    assert not Arrival.objects.exists()


def test_replayed_code_is_refused_for_a_recognised_telephone(named, telephone, time_machine):
    address = scanned(named.request.session)
    time_machine.shift(31)
    assert telephone.get(address).status_code == 410
    assert telephone.post(reverse("courses:arrive", args=[named.request.session.pk])).status_code == 410


def test_link_of_one_training_checks_nobody_in_to_another(seat, named, telephone):
    telephone.get(scanned(seat.session), follow=True)
    telephone.post(reverse("courses:arrive", args=[seat.session.pk]))
    assert not Arrival.objects.exists()


def test_scanned_twice_is_one_arrival(named, telephone):
    arrive = reverse("courses:arrive", args=[named.request.session.pk])
    for _turn in range(2):
        telephone.get(scanned(named.request.session))
        telephone.post(arrive)
    assert Arrival.objects.count() == 1


def test_trainer_sees_who_only_typed_a_name_and_decides_one_by_one(named, world, client_of):
    session, client = named.request.session, Client()
    client.get(scanned(session))
    arrive = reverse("courses:arrive", args=[session.pk])
    client.post(arrive, {"name": "田小军", "tail": "0151"})
    trainer = client_of(world.trainer)
    assert "仅凭姓名" in trainer.get(reverse("courses:attendance", args=[session.pk])).content.decode()
    trainer.post(reverse("courses:decide_arrivals", args=[session.pk]), {"act": "confirm"})
    assert Arrival.objects.get().is_waiting
    # With the link shown after all, the telephone is known.
    client.post(address_of(named))
    client.post(arrive)
    assert Arrival.objects.get().is_recognised


def test_link_says_when_the_training_is_over(named, telephone, time_machine):
    address = address_of(named)
    time_machine.move_to(named.request.session.ends_at, tick=False)
    assert telephone.get(address).status_code == 410
    assert Client().post(address).status_code == 410


def test_tries_are_limited_by_address(named):
    client = Client()
    answers = {client.get(f"/courses/in-person/{number:032x}/").status_code for number in range(125)}
    assert answers == {404, 429}


def test_revoking_twice_ends_nothing_more(named):
    personal_links(named.request)
    assert [revoke_links_of([named]) for _turn in range(2)] == [1, 0]

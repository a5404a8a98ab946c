"""Guessing slows down the guesser: not the person on a device of theirs, not everybody behind one address."""

import datetime as dt

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.people.devices import COOKIE
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


@pytest.fixture
def person():
    return PersonFactory(staff_number="T100", password=PASSWORD)


def sign_in(client, login="T100", password=PASSWORD, address="10.0.0.1"):
    data = {"login": login, "password": password}
    return client.post(reverse("account_login"), data, REMOTE_ADDR=address).status_code


def known(address="10.0.0.1", **facts):
    """A browser somebody has signed in from, and out again."""
    client = Client()
    assert sign_in(client, address=address, **facts) == 302
    client.post(reverse("account_logout"))
    return client


def test_guesses_elsewhere_do_not_lock_out_the_person(person):
    own = known()
    for _n in range(6):
        sign_in(Client(), password="wrong", address="10.9.9.9")
    assert sign_in(Client(), address="10.9.9.9") == 429
    assert sign_in(own) == 302


def test_guesses_at_the_same_address_do_not_lock_out_a_known_device(person):
    own = known()
    for _n in range(6):
        sign_in(Client(), password="wrong")
    assert sign_in(Client()) == 429
    assert sign_in(own) == 302


def test_spray_over_many_accounts_leaves_the_others_behind_the_address_in(person):
    own = known()
    statuses = {sign_in(Client(), login=f"X{number}", password="wrong") for number in range(40)}
    assert statuses == {200, 429}
    assert sign_in(own) == 302


def test_an_account_is_not_guessed_from_many_addresses_either(person):
    own = known()
    statuses = [sign_in(Client(), password="wrong", address=f"10.1.{number}.1") for number in range(60)]
    assert statuses[-1] == 429
    assert sign_in(Client(), address="10.200.0.1") == 429
    assert sign_in(own) == 302


def test_guesses_on_a_known_device_pause_it_too(person):
    own = known()
    assert [sign_in(own, password="wrong") for _n in range(5)] == [200] * 4 + [429]
    assert sign_in(own) == 429


def test_a_shared_device_is_known_to_all_who_signed_in_from_it(person):
    tablet = known()
    for number in range(3):
        PersonFactory(staff_number=f"T20{number}", password=PASSWORD)
        assert sign_in(tablet, login=f"T20{number}") == 302
        tablet.post(reverse("account_logout"))
    for number in range(34):
        sign_in(Client(), login=f"X{number}", password="wrong")
    assert sign_in(Client(), login="T201") == 429
    assert sign_in(tablet, login="T201") == 302
    tablet.post(reverse("account_logout"))
    assert sign_in(tablet) == 302


def test_a_device_forgets_who_has_not_come_for_long(person, monkeypatch):
    monkeypatch.setattr("portal.people.devices.OWNERS", 2)
    tablet = known()
    for number in range(2):
        PersonFactory(staff_number=f"T20{number}", password=PASSWORD)
        assert sign_in(tablet, login=f"T20{number}") == 302
        tablet.post(reverse("account_logout"))
    for number in range(34):
        sign_in(Client(), login=f"X{number}", password="wrong")
    assert [sign_in(tablet, login=login) for login in ("T100", "T200")] == [429, 302]


def test_a_right_password_is_no_failure(person):
    for _n in range(8):
        assert sign_in(Client()) == 302


@pytest.mark.parametrize("forged", ["", "x", "bm90:a:signature"])
def test_made_up_cookie_makes_no_known_device(person, forged):
    for _n in range(6):
        sign_in(Client(), password="wrong")
    client = Client()
    client.cookies[COOKIE] = forged
    assert sign_in(client) == 429


def test_cookie_of_another_person_or_of_an_older_password_is_worth_nothing(person):
    PersonFactory(staff_number="T200", password=PASSWORD)
    others, own = known(login="T200"), known()
    for _n in range(6):
        sign_in(Client(), password="wrong")
    assert sign_in(others) == 429
    person.set_password("another-long-password")
    person.save()
    assert sign_in(own, password="another-long-password") == 429


def test_cookie_tells_no_script_and_names_nobody(person):
    client = Client()
    sign_in(client)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/accounts/")
    assert person.name not in cookie.value


def confirm_password(client):
    """Open the page that sets up the second factor, giving the password it asks for; return what it answers."""
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert "密码" in client.get(asked["Location"]).content.decode()
    again = client.post(asked["Location"], {"password": PASSWORD})
    return client.get(again["Location"])


def test_second_factor_is_changed_with_the_password_only(client, person, time_machine):
    sign_in(client)
    assert confirm_password(client).status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1), tick=False)
    assert confirm_password(client).status_code == 200


def test_code_that_set_up_the_second_factor_lets_nobody_in(client, person):
    sign_in(client)
    confirm_password(client)
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    thief = Client()
    sign_in(thief)
    thief.post(reverse("mfa_authenticate"), {"code": code})
    assert thief.get(reverse("me")).status_code == 302


def test_password_change_ends_the_other_sessions(client_of, person):
    here, there = client_of(person), client_of(person)
    data = {"oldpassword": PASSWORD, "password1": "another-long-password", "password2": "another-long-password"}
    assert here.post(reverse("account_change_password"), data).status_code == 302
    assert here.get(reverse("me")).status_code == 200
    assert there.get(reverse("me")).status_code == 302


def test_session_ends_with_the_browser_unless_one_asks_to_be_remembered(client, person):
    sign_in(client)
    assert client.session.get_expire_at_browser_close() is True

"""Signing in: staff number in any case, five wrong passwords, a second factor, and a trace of each."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.urls import reverse

from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


@pytest.fixture
def person():
    """An engineer who can sign in."""
    return PersonFactory(staff_number="T100", roles=[Role.ENGINEER], password=PASSWORD)


def sign_in(client, login="T100", password=PASSWORD, **data):
    """Post the sign-in form."""
    return client.post(reverse("account_login"), {"login": login, "password": password, **data})


def actions():
    """Names of the acts on record, oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("written", ["T100", "t100", " T100 "])
def test_sign_in_knows_the_staff_number_in_any_case(client, person, written):
    response = sign_in(client, written)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert actions() == ["portal.signed_in"]


def test_sign_in_rotates_the_session(client, person):
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client)
    assert client.session.session_key != before


def test_wrong_password_is_recorded_without_it(client, person):
    response = sign_in(client, password="wrong-secret")
    assert response.status_code == 200
    event = AuditEvent.objects.get()
    assert (event.action, event.subject) == ("portal.sign_in_failed", f"portal.person:{person.pk}")
    assert "wrong-secret" not in str(event.detail)


def test_unknown_name_is_answered_alike_and_not_written_down(client, person):
    known = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, "my-Passw0rd", "wrong").content.decode()
    assert known.count("alert") == unknown.count("alert")
    assert AuditEvent.objects.order_by("pk").last().subject == "portal.person:unknown"
    assert "my-Passw0rd" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_fifth_wrong_password_is_answered_429_and_pauses_the_account(client, person):
    assert [sign_in(client, password="wrong").status_code for _ in range(4)] == [200] * 4
    fifth = sign_in(client, password="wrong")
    assert fifth.status_code == 429
    assert fifth["Retry-After"] == "300"
    assert "五分钟" in fifth.content.decode()
    assert actions() == ["portal.sign_in_failed"] * 4 + ["portal.sign_in_blocked"]
    assert sign_in(client).status_code == 429
    assert "_auth_user_id" not in client.session


def test_pause_of_one_account_leaves_others_alone(client, person):
    PersonFactory(staff_number="T200", password=PASSWORD)
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client, "T200").status_code == 302


def test_letter_case_gives_no_further_guesses(client, person):
    for written in ("T100", "t100", "T100", "t100"):
        sign_in(client, written, "wrong")
    assert sign_in(client, "t100", "wrong").status_code == 429


def test_person_without_password_cannot_sign_in(client):
    PersonFactory(staff_number="N1")
    assert sign_in(client, "N1", "").status_code == 200
    assert sign_in(client, "N1", "anything").status_code == 200
    assert "_auth_user_id" not in client.session


def test_person_who_left_cannot_sign_in(client, person):
    person.is_active = False
    person.save()
    sign_in(client)
    assert client.get(reverse("me")).status_code == 302


def test_sign_out_needs_a_post_and_is_recorded(client, person):
    sign_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
    assert actions() == ["portal.signed_in", "portal.signed_out"]


def test_nobody_signs_up(client):
    response = client.get(reverse("account_signup"))
    assert "password1" not in response.content.decode()
    client.post(reverse("account_signup"), {"username": "X1", "password1": PASSWORD, "password2": PASSWORD})
    assert not PersonFactory._meta.model.objects.exists()


def test_wagtail_admin_signs_in_through_the_one_door(client):
    response = client.get("/cms/", follow=True)
    assert response.redirect_chain[-1] == ("/accounts/login/?next=/cms/", 302)
    response = client.get("/cms/login/?next=/cms/users/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/cms/users/")


@pytest.mark.parametrize("address", ["/_util/login/", "/cms/login/"])
def test_no_other_form_takes_a_password(client, person, address):
    answer = client.post(address, {"username": "T100", "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_admin_login_leads_nowhere_else(client):
    response = client.get("/cms/login/", {"next": "https://evil.example/&x=1"})
    assert response["Location"].startswith("/accounts/login/?next=")
    assert "&x=1" not in response["Location"]


def test_next_leads_nowhere_else(client, person):
    assert sign_in(client, next="https://evil.example/")["Location"] == "/"


def test_second_factor_is_asked_and_lets_in(client, person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    response = sign_in(client)
    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("me")).status_code == 302
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get(reverse("me")).status_code == 200
    assert Authenticator.objects.get(user=person).last_used_at is not None


def test_wrong_second_factor_stays_outside(client, person):
    TOTP.activate(person, generate_totp_secret())
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.get(reverse("me")).status_code == 302


def test_password_change_needs_the_old_one_and_the_rules(client_of, person):
    client = client_of(person)
    address = reverse("account_change_password")
    new = {"password1": "a-new-long-secret", "password2": "a-new-long-secret"}
    assert client.post(address, {"oldpassword": "wrong", **new}).status_code == 200
    short = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert client.post(address, short).status_code == 200
    own = {"oldpassword": PASSWORD, "password1": "13800000001", "password2": "13800000001"}
    assert client.post(address, own).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert client.post(address, {"oldpassword": PASSWORD, **new}).status_code == 302
    person.refresh_from_db()
    assert person.check_password("a-new-long-secret")
    assert actions()[-1] == "portal.password_changed"


@pytest.mark.parametrize(
    "written",
    [
        "Ｔ１００",
        "T 100",
        "T\u200b100",
        "T-100",
        "工号：T100",
        "tl0O",
        "\u3000T100",
        "https://portal.example.org/certification/people/T100/",
    ],
)
def test_sign_in_understands_what_an_input_method_writes(client, person, written):
    assert sign_in(client, written).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_another_spelling_is_no_further_attempt(client, person):
    answers = [sign_in(client, login, "wrong").status_code for login in ("T100", "Ｔ１００", "t 100", "T-100", "TlO0")]

    assert answers == [200, 200, 200, 200, 429]
    assert sign_in(client).status_code == 429

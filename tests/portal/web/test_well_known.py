"""robots.txt, favicon.ico, security.txt, Permissions-Policy, and landmarks that can be told apart."""

import datetime as dt
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from portal.enums import Role
from portal.equipment.domain import label_token
from tests.factories.portal import EquipmentUnitFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_robots_leave_private_pages_alone(client):
    answer = client.get("/robots.txt")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {f"Disallow: /{path}/" for path in ("cms", "accounts", "api", "e", "verify", "calendar")} <= set(lines)


def test_icon_is_at_its_old_address(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")


@override_settings(SECURITY_CONTACT="https://example.com/weakness", PUBLIC_URL="https://portal.example")
def test_security_contact_is_published_for_less_than_a_year(client):
    answer = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "https://example.com/weakness"
    assert fields["Canonical"] == "https://portal.example/.well-known/security.txt"
    expires = dt.datetime.fromisoformat(fields["Expires"])
    assert dt.timedelta(days=90) < expires - timezone.now() < dt.timedelta(days=365)


@override_settings(SECURITY_CONTACT="", DEFAULT_FROM_EMAIL="it@example.com")
def test_without_a_contact_the_sender_of_letters_is_told(client):
    assert "Contact: mailto:it@example.com" in client.get("/security.txt").text


@pytest.mark.parametrize("path", ["/", "/kb/faults/", "/api/v1/search", "/no-such", "/robots.txt", "/accounts/login/"])
def test_every_answer_names_the_devices_pages_may_ask_for(client, path):
    policy = client.get(path)["Permissions-Policy"]

    assert "geolocation=()" in policy
    assert "microphone=()" in policy


class Landmarks(HTMLParser):
    """Counts landmarks by role and accessible name."""

    ROLES = {"nav": "navigation", "search": "search", "aside": "complementary", "main": "main"}

    def __init__(self):
        super().__init__()
        self.found = Counter()

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        role = facts.get("role") if facts.get("role") in self.ROLES.values() else self.ROLES.get(tag)
        if role:
            self.found[role, facts.get("aria-label") or facts.get("aria-labelledby") or ""] += 1


@pytest.mark.parametrize("person", ["nobody", "staff"])
def test_landmarks_of_a_page_have_names_of_their_own(client_of, person):
    unit = EquipmentUnitFactory()
    reader = None if person == "nobody" else PersonFactory(roles=[Role.ADMINISTRATOR])
    paths = ["/", "/search/?q=E6", reverse("unit", args=[label_token(unit).secret]), "/kb/faults/", "/kb/manuals/"]
    paths += ["/courses/", "/verify/", "/no-such/"]
    if reader:
        paths += [
            reverse("unit_file", args=[unit.pk]),
            reverse("unit_list"),
            "/courses/sessions/",
            "/courses/calendar/",
        ]
        paths += [reverse(f"certification:{name}") for name in ("duty", "matrix", "coverage", "as_of", "mine")]
    client = client_of(reader)
    for path in paths:
        landmarks = Landmarks()
        landmarks.feed(client.get(path).text)
        assert landmarks.found["main", ""] == 1, path
        assert [mark for mark, count in landmarks.found.items() if count > 1] == [], path
        searches = [name for role, name in landmarks.found if role == "search"]
        assert all(searches), path

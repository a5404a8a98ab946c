"""Correcting the ledger: the pages where an administrator does it, and who sees what of it."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from certification import ledger
from certification.enums import EntryKind, Standing
from certification.ledger.standing import standing
from certification.models import LedgerEntry
from certification.permissions import can_correct_ledger
from portal.models import AuditEvent
from tests.factories.certification import certificate_for, full_scheme

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def today(entry):
    entries = LedgerEntry.objects.filter(person=entry.person, scheme=entry.scheme)
    return standing(entries, timezone.localdate()).standing


def grant_to(network, who="technician", days_ago=20):
    return certificate_for(network[who], network["scheme"], days_ago=days_ago).entry


def url_of(entry, person=None):
    return reverse("certification:correct", args=[(person or entry.person).staff_number, entry.pk])


def filled(entry, **changes):
    """What the form sends when nothing but a reason was filled in."""
    data = {
        "wrong": "days",
        "valid_from": entry.valid_from.isoformat(),
        "valid_to": entry.valid_to.isoformat() if entry.valid_to else "",
        "reason": "证书日期抄错",
        "form_key": str(uuid.uuid4()),
    }
    return data | changes


def test_administrator_corrects_after_a_second_look_and_twice_counts_once(network, client_of):
    granted = grant_to(network)
    client, url = client_of(network["administrator"]), url_of(granted)
    right = (timezone.localdate() - DAY).isoformat()
    data = filled(granted, valid_to=right)

    looked = client.post(url, data)
    assert looked.status_code == 200
    for text in ("有效", "过期", "证书日期抄错", data["form_key"]):
        assert text in looked.content.decode()
    assert LedgerEntry.objects.count() == 1

    for _press in range(2):
        done = client.post(url, data | {"step": "write"})
        assert done["Location"] == reverse("certification:person", args=[granted.person.staff_number])
    made = LedgerEntry.objects.get(kind=EntryKind.CORRECTED)
    assert (made.corrects, made.valid_to.isoformat(), made.recorded_by) == (granted, right, network["administrator"])
    assert AuditEvent.objects.get(action="certification.corrected").actor == network["administrator"]


def test_what_was_typed_comes_back_to_be_changed(network, client_of):
    granted = grant_to(network)
    data = filled(granted, reason="另有原因", step="edit")

    page = client_of(network["administrator"]).post(url_of(granted), data)

    assert page.status_code == 200
    for text in ("另有原因", data["form_key"], "核对更正内容"):
        assert text in page.content.decode()
    assert LedgerEntry.objects.count() == 1


def test_history_shows_both_entries_with_who_when_and_why(network, client_of):
    granted = grant_to(network)
    ledger.correct(granted, reason="发错人", act_key="c", by=network["administrator"], void=True)
    url = reverse("certification:person", args=[granted.person.staff_number])

    page = client_of(network["technician"]).get(url).content.decode()

    assert f"<s>授予 · {network['scheme'].name}</s>" in page
    assert "已更正" in page
    assert f"{network['administrator'].name}于2026年3月18日" in page
    assert "更正：发错人" in page
    assert "）作废" in page


def test_an_entry_that_stands_leads_to_its_correction_for_who_may(network, client_of):
    granted = grant_to(network)
    made = ledger.correct(granted, reason="录错", act_key="c", by=None, void=True)
    file_url = reverse("certification:person", args=[granted.person.staff_number])

    seen = {
        who: [url_of(entry) in client_of(network[who]).get(file_url).content.decode() for entry in (granted, made)]
        for who in ("administrator", "manager", "technician")
    }

    assert seen == {"administrator": [False, True], "manager": [False, False], "technician": [False, False]}


def test_void_needs_no_days(network, client_of):
    granted = grant_to(network)
    data = filled(granted, wrong="void", valid_from="", valid_to="", step="write")

    assert client_of(network["administrator"]).post(url_of(granted), data).status_code == 302
    assert today(granted) == Standing.NONE


def test_what_was_declared_void_can_hold_after_all(network, client_of):
    granted = grant_to(network)
    void = ledger.correct(granted, reason="发错人", act_key="c", by=None, void=True)
    client, data = client_of(network["administrator"]), filled(void, step="write")
    del data["wrong"]

    assert 'name="wrong"' not in client.get(url_of(void)).content.decode()
    assert client.post(url_of(void), data).status_code == 302
    assert today(granted) == Standing.VALID


def test_form_asks_for_the_days_the_act_has(network, client_of):
    granted = grant_to(network)
    by, person, scheme = network["administrator"], granted.person, granted.scheme
    client = client_of(by)
    suspended = ledger.suspend(person, scheme, reason="违章", act_key="s", by=by, valid_to=timezone.localdate() + DAY)
    revoked = ledger.revoke(person, scheme, reason="伪造", act_key="r", by=by)

    assert client.post(url_of(granted), filled(granted, valid_to="")).status_code == 422
    assert 'name="valid_to"' not in client.get(url_of(revoked)).content.decode()
    assert client.post(url_of(suspended), filled(suspended, valid_to="", step="write")).status_code == 302
    assert LedgerEntry.objects.get(corrects=suspended).valid_to is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "必需字段"),
        ({"reason": "  "}, "必需字段"),
        ({"valid_to": "2020-01-01"}, "截止日期早于起始日期"),
        ({}, "更正内容与原记录相同"),
        ({"wrong": "void"}, "请先更正后面那一条"),
    ],
)
@pytest.mark.parametrize("step", [{}, {"step": "write"}])
def test_refusals_are_said_on_the_page_and_keep_what_was_typed(network, client_of, changes, said, step):
    granted = grant_to(network)
    ledger.suspend(granted.person, granted.scheme, reason="违章", act_key="s", by=network["manager"])
    data = filled(granted, **changes)

    page = client_of(network["administrator"]).post(url_of(granted), data | step)

    assert page.status_code == 422
    assert said in page.content.decode()
    assert data["form_key"] in page.content.decode()
    assert not LedgerEntry.objects.filter(kind=EntryKind.CORRECTED).exists()


def test_somebody_else_was_faster(network, client_of):
    granted = grant_to(network)
    client = client_of(network["administrator"])
    ledger.correct(granted, reason="录错", act_key="c", by=None, void=True)

    asked = client.get(url_of(granted))
    written = client.post(url_of(granted), filled(granted, wrong="void", step="write"))

    assert (asked.status_code, written.status_code) == (409, 422)
    for page in (asked, written):
        assert "请更正最近一次的更正" in page.content.decode()


@pytest.mark.parametrize(
    ("reader", "status"),
    [
        ("manager", 403),
        ("trainer", 403),
        ("auditor", 403),
        ("technician", 403),
        ("dispatcher", 403),
        ("colleague", 403),
        ("customer", 404),
    ],
)
@pytest.mark.parametrize("step", ["", "write"])
def test_the_ledger_is_corrected_by_administrators_only(network, client_of, reader, status, step):
    granted = grant_to(network)
    client = client_of(network[reader])

    assert client.get(url_of(granted)).status_code == status
    assert client.post(url_of(granted), filled(granted, wrong="void", step=step)).status_code == status
    assert LedgerEntry.objects.count() == 1


def test_nobody_corrects_their_own_file(network, client_of):
    granted = grant_to(network, "administrator")

    assert client_of(network["administrator"]).get(url_of(granted)).status_code == 403
    assert not can_correct_ledger(network["administrator"], network["administrator"])


def test_an_entry_of_another_file_is_not_found_in_this_one(network, client_of):
    granted, other = grant_to(network), grant_to(network, "stranger")
    client = client_of(network["administrator"])

    url = url_of(other, person=granted.person)

    assert client.get(url).status_code == 404
    assert client.post(url, filled(other, wrong="void", step="write")).status_code == 404
    assert LedgerEntry.objects.count() == 2


def test_stranger_is_asked_to_sign_in(network, client_of):
    assert "/login/" in client_of(None).get(url_of(grant_to(network)))["Location"]


@pytest.mark.parametrize("corrections", [1, 3])
def test_the_history_takes_as_many_queries_for_many_corrections(
    network, client_of, django_assert_num_queries, corrections
):
    person, client = network["technician"], client_of(network["administrator"])
    for number in range(3):
        granted = ledger.grant(person, full_scheme(), act_key=f"g{number}")
        if number < corrections:
            ledger.correct(
                granted, reason="录错", act_key=f"c{number}", by=network["manager"], valid_to=granted.valid_to - DAY
            )
    url = reverse("certification:person", args=[person.staff_number])
    client.get(url)

    with django_assert_num_queries(37):
        client.get(url)


def test_the_pages_of_a_correction_pin_their_queries(network, client_of, django_assert_num_queries):
    granted = grant_to(network)
    client, url = client_of(network["administrator"]), url_of(granted)
    data = filled(granted, wrong="void")
    client.get(url)

    with django_assert_num_queries(10):
        client.get(url)
    with django_assert_num_queries(14):
        client.post(url, data)
    with django_assert_num_queries(17):
        client.post(url, data | {"step": "write"})

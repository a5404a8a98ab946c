"""How long records are kept: one administrator proposes, another approves, a job clears and keeps evidence."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.access import audit
from portal.enums import Role
from portal.models import AuditEvent, PortalNotice, Reminder, RetentionRun, RetentionTerm, SearchRecord
from portal.operations.immutability import missing_triggers
from portal.registry import retention as registry
from portal.registry.retention import KindOfRecord, kinds_of_record
from portal.retention import clearing
from portal.retention.clearing import clear_what_is_over
from portal.retention.errors import (
    KeptForEver,
    NoSuchKind,
    NotYourTerms,
    OwnTerm,
    SameTerm,
    TermDecided,
    TermWaits,
    TooShort,
)
from portal.retention.queries import term_words, what_is_kept
from portal.retention.terms import decide_term, leaving_days, propose_term, terms_in_force
from tests.factories.portal import AssignmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
PAGE = "/retention/"


@pytest.fixture
def admins():
    return [PersonFactory(roles=[Role.ADMINISTRATOR]) for _each in range(2)]


def propose(by, kind="notices", months=12, after=None, **given):
    usual = {"reason": "制度第 4 条", "form_key": uuid.uuid4()}
    return propose_term(by, kind, months=months, months_after_leaving=after, **(usual | given))


def in_force(admins, **given):
    term = propose(admins[0], **given)
    return decide_term(admins[1], term.pk, approve=True)


def notice(person, age):
    made = PortalNotice.objects.create(key=uuid.uuid4(), person=person, kind="sessions", title="t", body="b")
    PortalNotice.objects.filter(pk=made.pk).update(created_at=timezone.now() - age)
    return made


# --- terms ------------------------------------------------------------------------------------------------------------


def test_what_keeps_letters_from_going_out_twice_is_kept_long_enough(admins):
    with pytest.raises(TooShort):
        propose(admins[0], "reminders", months=12)
    assert propose(admins[0], "reminders", months=14).months == 14


def test_a_term_counts_once_another_administrator_approves_it(admins):
    one, other = admins
    term = propose(one, months=6)
    assert terms_in_force()["notices"].months is None
    with pytest.raises(OwnTerm):
        decide_term(one, term.pk, approve=True)
    decide_term(other, term.pk, approve=True)
    assert terms_in_force()["notices"].months == 6
    with pytest.raises(TermDecided):
        decide_term(other, term.pk, approve=False)
    acts = AuditEvent.objects.filter(action__startswith="portal.term_").order_by("pk")
    assert [(each.action, each.actor) for each in acts] == [
        ("portal.term_proposed", one),
        ("portal.term_approved", other),
    ]


def test_who_proposed_takes_it_back_and_the_earlier_term_stays(admins):
    in_force(admins, months=6)
    term = propose(admins[0], months=3)
    with pytest.raises(TermWaits):
        propose(admins[1], months=4)
    decide_term(admins[0], term.pk, approve=False)
    assert terms_in_force()["notices"].months == 6
    with pytest.raises(SameTerm):
        propose(admins[0], months=6)


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.MANAGER, Role.AUDITOR, Role.REGIONAL_ADMINISTRATOR])
def test_nobody_else_proposes_or_decides(admins, role):
    stranger = PersonFactory(roles=[role])
    with pytest.raises(NotYourTerms):
        propose(stranger)
    term = propose(admins[0])
    with pytest.raises(NotYourTerms):
        decide_term(stranger, term.pk, approve=True)


@pytest.mark.parametrize("kind", ["audit", "ledger", "certificates", "practicals", "handling", "credits", "terms"])
def test_evidence_is_kept_without_expiry_whatever_anybody_says(admins, kind):
    assert kinds_of_record()[kind].is_fixed
    with pytest.raises(KeptForEver):
        propose(admins[0], kind=kind)
    RetentionTerm.objects.create(
        kind=kind, months=1, reason="r", proposed_by=admins[0], form_key=uuid.uuid4(),
        decided_by=admins[1], decided_at=timezone.now(), is_approved=True,
    )  # fmt: skip
    assert terms_in_force()[kind].is_endless


def test_unknown_kinds_and_impossible_months_are_refused(admins):
    with pytest.raises(NoSuchKind):
        propose(admins[0], kind="passwords")
    with pytest.raises(NoSuchKind):
        decide_term(admins[0], 0, approve=True)
    for months in (0, 601):
        with pytest.raises(ValidationError):
            propose(admins[0], months=months)


def test_one_post_proposes_once(admins):
    key = uuid.uuid4()
    assert propose(admins[0], form_key=key) == propose(admins[0], form_key=key)


def test_the_database_holds_decided_terms_and_refuses_ones_own_approval(admins):
    term = in_force(admins, months=6)
    for change in ({"months": 1}, {"is_approved": False}, {"decided_by": admins[0]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RetentionTerm.objects.filter(pk=term.pk).update(**change)
    waiting = propose(admins[0], months=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionTerm.objects.filter(pk=waiting.pk).update(
            decided_by=admins[0], decided_at=timezone.now(), is_approved=True
        )


@pytest.mark.parametrize(
    ("months", "span", "words"),
    [(None, None, "永久"), (24, None, "2 年"), (18, None, "18 个月"), (None, dt.timedelta(days=90), "90 天")],
)
def test_a_term_is_written_as_people_say_it(months, span, words):
    assert term_words(months, span) == words


# --- clearing ---------------------------------------------------------------------------------------------------------


def test_what_is_over_is_deleted_and_counted_once(admins):
    in_force(admins, months=6)
    person = PersonFactory()
    old, young = notice(person, dt.timedelta(days=190)), notice(person, dt.timedelta(days=170))
    kept = {each.kind.key: each for each in what_is_kept()}
    assert (kept["notices"].due, kept["notices"].words) == (1, "6 个月")
    assert clear_what_is_over() == 1
    assert list(PortalNotice.objects.all()) == [young]
    assert old.pk != young.pk
    run = RetentionRun.objects.get()
    assert (run.kind, run.removed) == ("notices", 1)
    event = AuditEvent.objects.get(action="portal.records_cleared")
    assert (event.actor, event.detail) == (None, {"kind": "notices", "removed": 1})
    assert clear_what_is_over() == 0
    assert {each.kind.key: each.removed for each in what_is_kept()}["notices"] == 1


def test_what_is_kept_for_ever_is_never_looked_at(admins, django_assert_max_num_queries):
    in_force(admins, months=None)
    notice(PersonFactory(), dt.timedelta(days=4000))
    clear_what_is_over()
    assert PortalNotice.objects.count() == 1


def test_it_goes_in_pieces_and_a_run_cut_short_goes_on_the_next_night(monkeypatch):
    monkeypatch.setattr(clearing, "PIECE", 2)
    monkeypatch.setattr(clearing, "MOST_PIECES", 2)
    for _number in range(5):
        SearchRecord.objects.create(token=str(uuid.uuid4()), query="a", folded="a", total=0)
    SearchRecord.objects.update(searched_at=timezone.now() - dt.timedelta(days=1000))
    assert clear_what_is_over() == 4
    assert clear_what_is_over() == 1
    assert [run.removed for run in RetentionRun.objects.order_by("pk")] == [2, 2, 1]


def test_a_kind_that_fails_keeps_no_other_from_it(monkeypatch, caplog):
    def fail(keys):
        raise OSError("disk")

    broken = KindOfRecord("a_broken", "broken", SearchRecord, "searched_at", lambda: dt.timedelta(0), remove=fail)
    monkeypatch.setitem(registry._kinds, "a_broken", broken)
    SearchRecord.objects.create(token=str(uuid.uuid4()), query="a", folded="a", total=0)
    SearchRecord.objects.update(searched_at=timezone.now() - dt.timedelta(days=5))
    Reminder.objects.create(key=uuid.uuid4())
    Reminder.objects.update(created_at=timezone.now() - dt.timedelta(days=500))
    with pytest.raises(RuntimeError, match="a_broken"):
        clear_what_is_over()
    assert not Reminder.objects.exists()
    assert SearchRecord.objects.exists()


def test_a_kind_kept_for_ever_cannot_be_registered_with_a_term():
    with pytest.raises(ValueError, match="for ever"):
        registry.register_kind_of_record(
            KindOfRecord("x", "x", SearchRecord, "searched_at", lambda: dt.timedelta(1), is_fixed=True)
        )


# --- who left ---------------------------------------------------------------------------------------------------------


def leave(person, ago):
    person.is_active = False
    person.save(update_fields=["is_active"])
    event = audit.record("portal.person_changed", person, changes=[{"field": "is_active", "old": True, "new": False}])
    moment = timezone.now() - ago
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS kept_portal_auditevent_update")
        cursor.execute("UPDATE portal_auditevent SET at = %s WHERE id = %s", [moment, event.pk])


def test_records_of_who_left_are_kept_by_their_own_term_from_the_leaving_day(admins):
    in_force(admins, months=24, after=6)
    stays, gone, going = (PersonFactory() for _each in range(3))
    leave(gone, dt.timedelta(days=200))
    leave(going, dt.timedelta(days=100))
    kept = [notice(stays, dt.timedelta(days=300)), notice(going, dt.timedelta(days=1000))]
    notice(gone, dt.timedelta(days=1))
    notice(stays, dt.timedelta(days=1000))
    assert clear_what_is_over() == 2
    assert set(PortalNotice.objects.all()) == set(kept)


def test_who_left_before_the_audit_log_knew_left_with_the_last_post():
    person, unknown = PersonFactory(is_active=False), PersonFactory(is_active=False)
    AssignmentFactory(person=person, start=dt.date(2024, 1, 1), end=dt.date(2024, 6, 30))
    assert leaving_days([person.pk, unknown.pk]) == {person.pk: dt.date(2024, 6, 30)}


# --- page -------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_kept_and_takes_terms(admins, client_of):
    one, other = admins
    client = client_of(one)
    page = client.get(PAGE)
    assert "台账" in page.content.decode()
    data = {"kind": "notices", "months": "24", "reason": "制度", "form_key": uuid.uuid4()}
    assert client.post(PAGE, data).status_code == 302
    again = client.post(PAGE, data | {"form_key": uuid.uuid4()})
    assert (again.status_code, RetentionTerm.objects.count()) == (422, 1)
    term = RetentionTerm.objects.get()
    assert "批准" not in client.get(PAGE).content.decode().split("<table")[0]
    page = client_of(other).get(PAGE).content.decode()
    assert one.name in page
    client_of(other).post(reverse("decide_retention", args=[term.pk]), {"answer": "approve"})
    assert terms_in_force()["notices"].months == 24


def test_auditors_read_it_and_others_do_not(admins, client_of, client):
    term = propose(admins[0])
    auditor = client_of(PersonFactory(roles=[Role.AUDITOR]))
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert 'id="term"' not in page.content.decode()
    assert auditor.post(PAGE, {"kind": "letters", "reason": "x", "form_key": uuid.uuid4()}).status_code == 422
    assert auditor.post(reverse("decide_retention", args=[term.pk]), {"answer": "approve"}).status_code == 403
    for role in (Role.ENGINEER, Role.MANAGER, Role.REGIONAL_ADMINISTRATOR, Role.CUSTOMER_CONTACT):
        assert client_of(PersonFactory(roles=[role])).get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302
    assert RetentionTerm.objects.get().decided_at is None


def test_the_triggers_stand_again_after_a_run(admins):
    assert not missing_triggers(connection)
    clear_what_is_over()
    assert not missing_triggers(connection)

"""The ledger's verbs: legal order, idempotence, append-only down to the database."""

import datetime as dt
from itertools import product

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from certification import ledger
from certification.enums import EntryKind, Standing
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.ledger.errors import ActBeforeGrant, AlreadyCorrected, IllegalOrder, RecordedBackwards
from certification.ledger.standing import standing
from certification.models import LedgerEntry
from portal.access.audit import record
from portal.models.audit import AppendOnlyError
from tests.factories.certification import SchemeFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 18)


@pytest.fixture
def file():
    """A person, a scheme, and whoever keeps the file."""
    with time_machine.travel(NOW, tick=False):
        yield PersonFactory(), SchemeFactory(), PersonFactory()


def entries(person, scheme):
    return list(LedgerEntry.objects.filter(person=person, scheme=scheme))


def test_grant_holds_from_today_for_the_months_of_the_scheme(file):
    person, scheme, _keeper = file

    entry = ledger.grant(person, scheme, act_key="a")

    assert (entry.valid_from, entry.valid_to) == (TODAY, dt.date(2028, 3, 17))
    assert entry.recorded_at == NOW


def test_the_same_act_twice_is_one_entry(file):
    person, scheme, _keeper = file

    assert ledger.grant(person, scheme, act_key="a") == ledger.grant(person, scheme, act_key="a")
    assert len(entries(person, scheme)) == 1


def test_one_key_for_two_acts_is_refused(file):
    person, scheme, keeper = file
    ledger.grant(person, scheme, act_key="a")

    with pytest.raises(ActKeyTaken):
        ledger.revoke(person, scheme, reason="违规", act_key="a", by=keeper)


LEGAL = {
    (None, "granted"),
    *product(("granted", "renewed", "reinstated"), ("renewed", "suspended", "revoked", "lapsed")),
    ("suspended", "reinstated"),
    ("suspended", "revoked"),
    ("suspended", "lapsed"),
    ("lapsed", "granted"),
    ("revoked", "granted"),
}
ACTS = ["granted", "renewed", "suspended", "reinstated", "revoked", "lapsed"]


def act(kind, person, scheme, keeper, key):
    """Do one act on the day time stands at."""
    match kind:
        case "granted":
            return ledger.grant(person, scheme, act_key=key)
        case "renewed":
            return ledger.renew(person, scheme, act_key=key)
        case "suspended":
            return ledger.suspend(person, scheme, reason="违规", act_key=key, by=keeper)
        case "reinstated":
            return ledger.reinstate(person, scheme, act_key=key, by=keeper)
        case "revoked":
            return ledger.revoke(person, scheme, reason="违规", act_key=key, by=keeper)
        case _:
            return ledger.lapse(person, scheme)


def lead_to(previous, person, scheme, keeper):
    """Bring a file to the state in which ``previous`` was the last act."""
    before = {
        None: [],
        "granted": ["granted"],
        "renewed": ["granted", "renewed"],
        "suspended": ["granted", "suspended"],
        "reinstated": ["granted", "suspended", "reinstated"],
        "revoked": ["granted", "revoked"],
        "lapsed": ["granted"],
    }
    for number, kind in enumerate(before[previous]):
        act(kind, person, scheme, keeper, f"before-{number}")


@pytest.mark.parametrize(("previous", "kind"), list(product([None, *ACTS], ACTS)))
def test_legal_order_table(file, previous, kind):
    person, scheme, keeper = file
    lead_to(previous, person, scheme, keeper)
    # Far enough that a grant can lapse; the table does not look at days.
    with time_machine.travel(NOW + dt.timedelta(days=1500), tick=False):
        if previous == "lapsed":
            ledger.lapse(person, scheme)
        if (previous, kind) in LEGAL:
            assert act(kind, person, scheme, keeper, "now").kind == kind
        elif kind == "lapsed":
            assert act(kind, person, scheme, keeper, "now") is None
        else:
            with pytest.raises(IllegalOrder):
                act(kind, person, scheme, keeper, "now")


def test_the_table_in_the_code_is_the_table_in_the_test():
    table = {(before, after) for before, allowed in ledger.FOLLOWS.items() for after in allowed}

    assert table == LEGAL


def test_renewal_in_the_last_days_loses_none_of_them(file):
    person, scheme, _keeper = file
    ledger.grant(person, scheme, act_key="a")

    with time_machine.travel(dt.datetime(2028, 3, 1, 4, tzinfo=dt.UTC), tick=False):
        renewed = ledger.renew(person, scheme, act_key="b")

    assert (renewed.valid_from, renewed.valid_to) == (dt.date(2028, 3, 1), dt.date(2030, 3, 17))


def test_suspension_that_ran_out_may_be_followed_by_another(file):
    person, scheme, keeper = file
    ledger.grant(person, scheme, act_key="a")
    ledger.suspend(person, scheme, reason="违规", act_key="b", by=keeper, valid_to=TODAY + dt.timedelta(days=5))

    with time_machine.travel(NOW + dt.timedelta(days=6), tick=False):
        again = ledger.suspend(person, scheme, reason="再次违规", act_key="c", by=keeper)

    assert again.kind == EntryKind.SUSPENDED


def test_taking_away_needs_a_reason(file):
    person, scheme, keeper = file
    ledger.grant(person, scheme, act_key="a")

    with pytest.raises(ReasonNeeded):
        ledger.revoke(person, scheme, reason="  ", act_key="b", by=keeper)


def test_nothing_is_taken_away_before_it_was_given(file):
    person, scheme, keeper = file
    ledger.grant(person, scheme, act_key="a")

    with pytest.raises(ActBeforeGrant):
        ledger.suspend(person, scheme, reason="违规", act_key="b", by=keeper, valid_from=TODAY - dt.timedelta(days=1))


def test_the_ledger_only_grows_forward(file):
    person, scheme, keeper = file
    ledger.grant(person, scheme, act_key="a")

    with pytest.raises(RecordedBackwards):
        ledger.revoke(person, scheme, reason="违规", act_key="b", by=keeper, at=NOW - dt.timedelta(hours=1))


def test_lapse_is_recorded_once_and_not_too_early(file):
    person, scheme, _keeper = file
    ledger.grant(person, scheme, act_key="a")

    assert ledger.lapse(person, scheme) is None
    with time_machine.travel(dt.datetime(2028, 3, 18, 4, tzinfo=dt.UTC), tick=False):
        assert ledger.lapse(person, scheme).valid_from == dt.date(2028, 3, 18)
        assert ledger.lapse(person, scheme) is None


def test_correction_changes_past_days_only_for_who_asks_later(file):
    person, scheme, keeper = file
    granted = ledger.grant(person, scheme, act_key="a")
    tomorrow = NOW + dt.timedelta(days=1)

    ledger.correct(
        granted, reason="日期录错", act_key="b", by=keeper, valid_from=TODAY + dt.timedelta(days=30), at=tomorrow
    )

    kept = entries(person, scheme)
    assert standing(kept, TODAY, NOW).standing == Standing.VALID
    assert standing(kept, TODAY, tomorrow).standing == Standing.NOT_YET


def test_an_entry_is_corrected_once_and_then_the_correction_is(file):
    person, scheme, keeper = file
    granted = ledger.grant(person, scheme, act_key="a")
    first = ledger.correct(granted, reason="录错", act_key="b", by=keeper, void=True)

    with pytest.raises(AlreadyCorrected):
        ledger.correct(granted, reason="录错", act_key="c", by=keeper)
    second = ledger.correct(first, reason="没有录错", act_key="d", by=keeper)

    assert second.corrects == first
    assert standing(entries(person, scheme), TODAY).standing == Standing.VALID


def test_after_a_void_grant_it_may_be_granted_again(file):
    person, scheme, keeper = file
    granted = ledger.grant(person, scheme, act_key="a")
    ledger.correct(granted, reason="发错人", act_key="b", by=keeper, void=True)

    assert ledger.grant(person, scheme, act_key="c").kind == EntryKind.GRANTED


def test_each_act_is_in_the_audit_log(file):
    from portal.models import AuditEvent

    person, scheme, keeper = file
    ledger.grant(person, scheme, act_key="a")
    ledger.revoke(person, scheme, reason="违规", act_key="b", by=keeper)

    assert list(AuditEvent.objects.values_list("action", "actor").order_by("pk")) == [
        ("certification.granted", None),
        ("certification.revoked", keeper.pk),
    ]


def test_model_refuses_to_change_an_entry(file):
    person, scheme, _keeper = file
    entry = ledger.grant(person, scheme, act_key="a")

    for change in (entry.save, entry.delete, LedgerEntry.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certification_ledgerentry SET reason = 'x'",
        "DELETE FROM certification_ledgerentry",
        "UPDATE portal_auditevent SET action = 'x'",
        "DELETE FROM portal_auditevent",
    ],
)
def test_database_refuses_to_change_evidence(file, statement):
    person, scheme, _keeper = file
    ledger.grant(person, scheme, act_key="a")
    record("certification.test", person)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert LedgerEntry.objects.get().reason == ""


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 27)),
        (dt.date(2028, 2, 29), 24, dt.date(2030, 2, 27)),
        (dt.date(2026, 12, 1), 1, dt.date(2026, 12, 31)),
        (dt.date(2026, 3, 18), 24, dt.date(2028, 3, 17)),
    ],
)
def test_validity_is_counted_in_months_of_the_calendar(first, months, last):
    entry = ledger.grant(PersonFactory(), SchemeFactory(valid_months=months), act_key="a", valid_from=first)

    assert entry.valid_to == last


def test_day_of_a_grant_is_the_day_in_shanghai():
    late = dt.datetime(2026, 3, 18, 17, tzinfo=dt.UTC)
    with time_machine.travel(late, tick=False):
        entry = ledger.grant(PersonFactory(), SchemeFactory(), act_key="a")

        assert entry.valid_from == timezone.localdate() == dt.date(2026, 3, 19)

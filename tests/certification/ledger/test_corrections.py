"""Correcting the ledger: what the verb takes and refuses."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from certification import ledger
from certification.enums import EntryKind, Standing
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.ledger.errors import LastDayWrong, LaterEntryRests, NothingCorrected
from certification.ledger.standing import standing
from certification.models import LedgerEntry
from portal.models import AuditEvent
from tests.factories.certification import SchemeFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 18)
DAY = dt.timedelta(days=1)


@pytest.fixture
def file():
    """A person, a scheme granted today for two years, and whoever corrects."""
    with time_machine.travel(NOW, tick=False):
        person, scheme = PersonFactory(), SchemeFactory()
        yield ledger.grant(person, scheme, act_key="grant"), PersonFactory()


def on(entry, day=TODAY):
    return standing(LedgerEntry.objects.filter(person=entry.person, scheme=entry.scheme), day).standing


def test_the_same_correction_twice_is_one_entry(file):
    granted, by = file
    facts = {"reason": "录错", "act_key": "c", "by": by, "void": True}

    assert ledger.correct(granted, **facts) == ledger.correct(granted, **facts)
    assert LedgerEntry.objects.filter(kind=EntryKind.CORRECTED).count() == 1


def test_the_key_of_one_entrys_correction_is_not_for_another(file):
    granted, by = file
    suspended = ledger.suspend(granted.person, granted.scheme, reason="违章", act_key="s", by=by)
    ledger.correct(suspended, reason="录错", act_key="c", by=by, void=True)

    with pytest.raises(ActKeyTaken):
        ledger.correct(granted, reason="录错", act_key="c", by=by, void=True)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"reason": " ", "void": True}, ReasonNeeded),
        ({"valid_to": TODAY - DAY}, LastDayWrong),
        ({"open_ended": True}, LastDayWrong),
        ({}, NothingCorrected),
        ({"valid_from": TODAY}, NothingCorrected),
    ],
)
def test_what_is_no_correction_is_refused_and_nothing_written(file, facts, refusal):
    granted, by = file

    with pytest.raises(refusal):
        ledger.correct(granted, **{"reason": "录错", "act_key": "c", "by": by} | facts)

    assert LedgerEntry.objects.get() == granted


def test_a_correction_of_a_grant_keeps_having_a_last_day(file):
    granted, by = file
    first = ledger.correct(granted, reason="录错", act_key="c", by=by, valid_from=TODAY + DAY)

    with pytest.raises(LastDayWrong, match="须填写截止日期"):
        ledger.correct(first, reason="录错", act_key="d", by=by, open_ended=True)


def test_a_suspension_may_turn_out_to_have_no_last_day(file):
    granted, by = file
    suspended = ledger.suspend(
        granted.person, granted.scheme, reason="违章", act_key="s", by=by, valid_to=TODAY + 5 * DAY
    )

    made = ledger.correct(suspended, reason="未定期限", act_key="c", by=by, open_ended=True)

    assert made.valid_to is None
    assert on(granted, TODAY + 30 * DAY) == Standing.SUSPENDED


@pytest.mark.parametrize("facts", [{"void": True}, {"valid_from": TODAY + 10 * DAY}])
def test_what_later_entries_rest_on_waits_for_their_correction(file, facts):
    granted, by = file
    suspended = ledger.suspend(granted.person, granted.scheme, reason="违章", act_key="s", by=by)
    facts |= {"reason": "录错", "by": by}

    with pytest.raises(LaterEntryRests) as refused:
        ledger.correct(granted, act_key="c", **facts)
    ledger.correct(suspended, reason="录错", act_key="d", by=by, void=True)
    ledger.correct(granted, act_key="c", **facts)

    assert refused.value.params["kind"] == EntryKind.SUSPENDED.label
    assert on(granted) in (Standing.NONE, Standing.NOT_YET)


@pytest.fixture
def lapsed(file):
    """The grant of ``file`` and its lapse, the day after its last day."""
    granted, by = file
    with time_machine.travel(NOW + 731 * DAY, tick=False):
        yield granted, ledger.lapse(granted.person, granted.scheme), by


def test_a_grant_that_lapsed_is_prolonged_once_the_lapse_is_void(lapsed):
    granted, lapse, by = lapsed
    person, scheme, later = granted.person, granted.scheme, timezone.localdate() + 100 * DAY

    with pytest.raises(LaterEntryRests) as refused:
        ledger.correct(granted, reason="日期抄错", act_key="c", by=by, valid_to=later)
    ledger.correct(lapse, reason="并未过期", act_key="d", by=by, void=True)
    ledger.correct(granted, reason="日期抄错", act_key="c", by=by, valid_to=later)
    suspended = ledger.suspend(person, scheme, reason="违章", act_key="s", by=by)

    assert refused.value.params["kind"] == EntryKind.LAPSED.label
    assert on(granted, suspended.valid_from) == Standing.SUSPENDED


@pytest.mark.parametrize("is_renewed", [False, True])
def test_a_prolonged_grant_lapses_again(file, is_renewed):
    granted, by = file
    person, scheme, last = granted.person, granted.scheme, granted.valid_to
    if is_renewed:
        last = ledger.renew(person, scheme, act_key="r").valid_to
    lapse = ledger.lapse(person, scheme, at=NOW + (last - TODAY + DAY))
    with time_machine.travel(NOW + (last - TODAY + 2 * DAY), tick=False):
        ledger.correct(lapse, reason="并未过期", act_key="d", by=by, void=True)
        ledger.correct(granted, reason="日期抄错", act_key="c", by=by, valid_to=last + 100 * DAY)

    again = ledger.lapse(person, scheme, at=NOW + (last - TODAY + 101 * DAY))

    assert again.valid_from == last + 101 * DAY
    assert ledger.lapse(person, scheme, at=NOW + (last - TODAY + 102 * DAY)) is None


def test_a_lapse_stays_when_the_grant_turns_out_to_have_ended_sooner(lapsed):
    granted, lapse, by = lapsed

    ledger.correct(granted, reason="日期抄错", act_key="c", by=by, valid_to=granted.valid_to - 30 * DAY)
    anew = ledger.grant(granted.person, granted.scheme, act_key="anew")

    assert anew.valid_from >= lapse.valid_from
    assert on(granted, anew.valid_from) == Standing.VALID


def test_a_void_lapse_does_not_hold_again_while_the_grant_does(lapsed):
    granted, lapse, by = lapsed
    void = ledger.correct(lapse, reason="并未过期", act_key="d", by=by, void=True)
    ledger.correct(granted, reason="日期抄错", act_key="c", by=by, valid_to=timezone.localdate() + DAY)

    with pytest.raises(LaterEntryRests):
        ledger.correct(void, reason="仍算过期", act_key="e", by=by)


def test_a_draft_says_what_would_stand_and_writes_nothing(file):
    granted, by = file

    draft = ledger.draft_correction(granted, reason=" 录错 ", by=by, valid_to=TODAY + DAY)

    assert (draft.pk, draft.valid_from, draft.valid_to, draft.reason) == (None, TODAY, TODAY + DAY, "录错")
    assert standing([granted, draft], TODAY + 2 * DAY).standing == Standing.EXPIRED
    assert (LedgerEntry.objects.count(), AuditEvent.objects.filter(action="certification.corrected").count()) == (1, 0)


def test_the_audit_log_has_the_correction(file):
    granted, by = file
    made = ledger.correct(granted, reason="录错", act_key="c", by=by, void=True)

    event = AuditEvent.objects.get(action="certification.corrected")

    assert (event.actor, event.subject) == (by, f"certification.ledgerentry:{made.pk}")
    assert event.detail == {
        "entry": granted.pk,
        "void": True,
        "person": granted.person_id,
        "scheme": granted.scheme.code,
        "changes": [
            {"field": "is_void", "old": False, "new": True},
            {"field": "reason", "old": "", "new": "录错"},
        ],
    }


def test_the_log_keeps_what_entries_say_and_said():
    person, scheme, keeper = PersonFactory(), SchemeFactory(), PersonFactory()
    entry = ledger.grant(person, scheme, act_key="g", by=keeper)
    later = entry.valid_to + dt.timedelta(days=1)
    ledger.correct(entry, reason="录错", act_key="c", by=keeper, valid_to=later)

    granted, corrected = (
        {change["field"]: (change["old"], change["new"]) for change in event.detail["changes"]}
        for event in AuditEvent.objects.filter(actor=keeper).order_by("pk")
    )
    assert granted == {
        "valid_from": (None, entry.valid_from.isoformat()),
        "valid_to": (None, entry.valid_to.isoformat()),
    }
    assert corrected["valid_to"] == (entry.valid_to.isoformat(), later.isoformat())
    assert corrected["reason"] == ("", "录错")

"""The pure standing function: tables and properties."""

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.enums import EntryKind, Standing
from certification.ledger.standing import facts_known, standing

DAY = dt.date(2026, 3, 18)
NOON = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Entry:
    pk: int
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    recorded_at: dt.datetime
    corrects_id: int | None = None
    is_void: bool = False
    reason: str = ""


def day(offset: int) -> dt.date:
    return DAY + dt.timedelta(days=offset)


def moment(offset: int) -> dt.datetime:
    return NOON + dt.timedelta(days=offset)


def entry(pk, kind, start, end=None, recorded=None, **more) -> Entry:
    last = None if end is None else day(end)
    return Entry(pk, kind, day(start), last, moment(start if recorded is None else recorded), **more)


GRANT = entry(1, EntryKind.GRANTED, 0, 729)

CASES = [
    ("nothing", [], 0, Standing.NONE),
    ("the day before a grant", [GRANT], -1, Standing.NOT_YET),
    ("first day", [GRANT], 0, Standing.VALID),
    ("sixty days before the end", [GRANT], 729 - 60, Standing.VALID),
    ("fifty-nine days before the end", [GRANT], 729 - 59, Standing.EXPIRING),
    ("last day", [GRANT], 729, Standing.EXPIRING),
    ("the day after", [GRANT], 730, Standing.EXPIRED),
    ("before a suspension", [GRANT, entry(2, EntryKind.SUSPENDED, 10)], 9, Standing.VALID),
    ("suspended", [GRANT, entry(2, EntryKind.SUSPENDED, 10)], 10, Standing.SUSPENDED),
    ("a suspension that ran out", [GRANT, entry(2, EntryKind.SUSPENDED, 10, 20)], 21, Standing.VALID),
    (
        "suspended in between",
        [GRANT, entry(2, EntryKind.SUSPENDED, 10), entry(3, EntryKind.REINSTATED, 20)],
        15,
        Standing.SUSPENDED,
    ),
    (
        "reinstated",
        [GRANT, entry(2, EntryKind.SUSPENDED, 10), entry(3, EntryKind.REINSTATED, 20)],
        20,
        Standing.VALID,
    ),
    ("expired while suspended", [GRANT, entry(2, EntryKind.SUSPENDED, 10)], 730, Standing.EXPIRED),
    ("revoked", [GRANT, entry(2, EntryKind.REVOKED, 10)], 400, Standing.REVOKED),
    ("before a revocation", [GRANT, entry(2, EntryKind.REVOKED, 10)], 9, Standing.VALID),
    (
        "granted anew after a revocation",
        [GRANT, entry(2, EntryKind.REVOKED, 10), entry(3, EntryKind.GRANTED, 50, 779)],
        50,
        Standing.VALID,
    ),
    (
        "revoked until granted anew",
        [GRANT, entry(2, EntryKind.REVOKED, 10), entry(3, EntryKind.GRANTED, 50, 779)],
        49,
        Standing.REVOKED,
    ),
    ("renewed", [GRANT, entry(2, EntryKind.RENEWED, 700, 1459)], 729, Standing.VALID),
    ("renewed before it began", [GRANT, entry(2, EntryKind.RENEWED, 700, 1459)], 699, Standing.EXPIRING),
    ("lapsed", [GRANT, entry(2, EntryKind.LAPSED, 730)], 731, Standing.EXPIRED),
    (
        "corrected to begin later",
        [GRANT, entry(2, EntryKind.CORRECTED, 30, 729, recorded=5, corrects_id=1)],
        20,
        Standing.NOT_YET,
    ),
    (
        "correction of a correction",
        [
            GRANT,
            entry(2, EntryKind.CORRECTED, 30, 729, recorded=5, corrects_id=1),
            entry(3, EntryKind.CORRECTED, 0, 729, recorded=6, corrects_id=2),
        ],
        20,
        Standing.VALID,
    ),
    (
        "a suspension that never was",
        [
            GRANT,
            entry(2, EntryKind.SUSPENDED, 10),
            entry(3, EntryKind.CORRECTED, 10, recorded=12, corrects_id=2, is_void=True),
        ],
        11,
        Standing.VALID,
    ),
    (
        "a grant that never was",
        [GRANT, entry(2, EntryKind.CORRECTED, 0, 729, recorded=5, corrects_id=1, is_void=True)],
        20,
        Standing.NONE,
    ),
]


@pytest.mark.parametrize(("entries", "on", "wanted"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_standing_table(entries, on, wanted):
    assert standing(entries, day(on)).standing == wanted


def test_standing_tells_since_when_and_until_when():
    suspended = entry(2, EntryKind.SUSPENDED, 10)

    where = standing([GRANT, suspended], day(12))

    assert (where.entry, where.since, where.valid_to) == (suspended, day(10), day(729))
    assert not where.is_valid


def test_standing_before_correction_was_known_is_the_old_answer():
    correction = entry(2, EntryKind.CORRECTED, 30, 729, recorded=5, corrects_id=1)

    assert standing([GRANT, correction], day(4), moment(4)).standing == Standing.VALID
    assert standing([GRANT, correction], day(4), moment(5)).standing == Standing.NOT_YET


KINDS = st.sampled_from([kind for kind in EntryKind if kind != EntryKind.CORRECTED])


@st.composite
def histories(draw) -> list[Entry]:
    """Ledgers as they might be, legal or not: the function must answer for any."""
    entries: list[Entry] = []
    recorded = 0
    for pk in range(1, draw(st.integers(1, 9)) + 1):
        recorded += draw(st.integers(0, 40))
        open_ones = [e for e in entries if all(e.pk != other.corrects_id for other in entries)]
        if open_ones and draw(st.integers(0, 3)) == 0:
            target = draw(st.sampled_from(open_ones))
            start = draw(st.integers(-50, 300))
            entries.append(
                entry(
                    pk,
                    EntryKind.CORRECTED,
                    start,
                    start + draw(st.integers(0, 400)),
                    recorded,
                    corrects_id=target.pk,
                    is_void=draw(st.booleans()),
                )
            )
            continue
        kind = draw(KINDS)
        start = recorded + draw(st.integers(-30, 30))
        ends = kind in (EntryKind.GRANTED, EntryKind.RENEWED) or draw(st.booleans())
        entries.append(entry(pk, kind, start, start + draw(st.integers(0, 400)) if ends else None, recorded))
    return entries


@given(histories(), st.integers(-60, 800), st.integers(0, 400), st.data())
def test_an_answer_as_known_then_never_changes(entries, on, known, data):
    cut = data.draw(st.integers(0, len(entries)))
    then = [e for e in entries[:cut] if e.recorded_at <= moment(known)]
    later = [e for e in entries if e.recorded_at > moment(known)]

    assert standing(then, day(on), moment(known)) == standing(then + later, day(on), moment(known))


@given(histories(), st.integers(-60, 800), st.randoms())
def test_the_order_in_which_entries_are_read_does_not_matter(entries, on, random):
    shuffled = entries[:]
    random.shuffle(shuffled)

    assert standing(shuffled, day(on)) == standing(entries, day(on))


@given(histories(), st.integers(-60, 800))
def test_valid_needs_a_grant_that_covers_the_day(entries, on):
    where = standing(entries, day(on))

    if where.is_valid:
        assert where.grant.holds_on(day(on))
        assert where.grant.kind in (EntryKind.GRANTED, EntryKind.RENEWED)
    else:
        assert where.standing not in (Standing.VALID, Standing.EXPIRING)


@given(histories())
def test_a_correction_stands_in_for_exactly_one_entry(entries):
    facts = facts_known(entries)

    roots = [e for e in entries if e.kind != EntryKind.CORRECTED]
    assert len(facts) <= len(roots)
    assert len({fact.root.pk for fact in facts}) == len(facts)
    assert all(fact.kind == fact.root.kind for fact in facts)

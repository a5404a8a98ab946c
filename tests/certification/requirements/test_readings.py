"""What a verdict asks, as a function of days: nothing is asked anew before the edition takes effect."""

import datetime as dt

from certification.requirements.readings import Reading, recertification
from kb.enums import VerdictKind

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)
EFFECT = dt.date(2026, 4, 1)


def full(**changed):
    given = {"verdict": 1, "grace_until": dt.date(2026, 3, 25), "recorded_at": NOW, "confirmed_at": None}
    return Reading(**given, edition="手册 A/1", kind=VerdictKind.FULL, effective_on=EFFECT, **changed)


def test_a_recertification_is_open_from_the_day_the_edition_takes_effect():
    later = NOW + dt.timedelta(days=30)
    assert recertification([full()], EFFECT - dt.timedelta(days=1), later, []) is None
    assert recertification([full()], EFFECT, later, []) == full()


def test_nobody_is_refused_for_what_cannot_be_shown_yet():
    later = NOW + dt.timedelta(days=30)
    assert not full().refuses(EFFECT - dt.timedelta(days=1), later)
    assert full().refuses(EFFECT, later)

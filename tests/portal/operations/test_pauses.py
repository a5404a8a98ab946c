"""Pauses between restarts."""

from portal.operations.serving.pauses import LONGEST, Pauses


def test_what_keeps_dying_waits_ever_longer():
    pauses = Pauses()
    assert [pauses.after_death() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, LONGEST, LONGEST]


def test_what_lived_long_starts_again_at_once(monkeypatch):
    now = 0.0
    monkeypatch.setattr("portal.operations.serving.pauses.time.monotonic", lambda: now)
    pauses = Pauses()
    assert [pauses.after_death() for _ in range(3)] == [0.5, 1, 2]
    pauses.started()
    now = 61.0
    assert pauses.after_death() == 0.5

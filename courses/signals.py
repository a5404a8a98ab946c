"""Signals that training sends to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction of the check-out or correction with ``person`` and ``credits`` (the HourCredit records
# that were just added).
hours_credited = Signal()

# Sent before hours are taken back, with ``person`` and ``credits`` (the records they were first credited by). Receivers
# return the names of what is in force and rests on them; where there is one, nothing is taken back.
hours_falling = Signal()

# Sent inside the transaction in which a session was rescheduled or called off, with ``session``, ``notice`` and ``was``
# (what its letters say of the time and place before; empty where neither changed), and ``ends_at``, when that is over.
session_changed = Signal()

"""Signals that training sends to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction of the check-out with ``person`` and ``credits`` (the HourCredit records just made).
hours_credited = Signal()

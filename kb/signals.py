"""Signals that the knowledge base sends to the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction that publishes an edition, with ``verdict`` (the EditionVerdict that was just recorded).
verdict_given = Signal()

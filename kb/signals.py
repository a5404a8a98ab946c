"""What the knowledge base tells the apps above it."""

from django.dispatch import Signal

# Sent inside the transaction with ``edition`` (just published) and ``previous`` (current until now, or None).
# Apps that point to chapters of the previous edition may follow to the same chapter of the new one.
edition_published = Signal()

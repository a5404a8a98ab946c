"""Entity tags of calendars, computed from what a calendar shows without building it."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from courses.models import Enrolment, Session

# Raised when the same facts are written otherwise, so that subscribers fetch their calendars anew.
FORMAT = 3

# Everything of a session that stands in its event, and how often and when it changed.
SHOWN = (
    *("pk", "title", "kind", "state", "starts_at", "note", "cancel_reason", "meeting_count"),
    *("meetings__uid", "meetings__number", "meetings__starts_at", "meetings__ends_at", "meetings__place"),
    *("sequence", "changed_at", "trainer__name", "organisation__name", "parts__minutes", "parts__module__title"),
)
OWN = ("state", "sequence", "changed_at")


def session_rows(sessions: QuerySet[Session]) -> Iterable[Sequence[Any]]:
    """Return what the events of ``sessions`` show: one query."""
    return sessions.order_by("starts_at", "pk", "parts__pk", "meetings__pk").values_list(*SHOWN)


def own_rows(enrolments: QuerySet[Enrolment]) -> Iterable[Sequence[Any]]:
    """Return what the events of these places show: one query."""
    fields = [f"session__{name}" for name in SHOWN]
    ordered = enrolments.order_by("session__starts_at", "session", "session__parts__pk", "session__meetings__pk")
    return ordered.values_list(*OWN, *fields)


def tag_of(name: str, rows: Iterable[Sequence[Any]]) -> str:
    """Return a strong entity tag, quoted as HTTP wants it.

    Args:
        name: what the calendar is called.
        rows: as :func:`session_rows` or :func:`own_rows` return them.
    """
    everywhere = (FORMAT, settings.PUBLIC_URL, settings.DEFAULT_FROM_EMAIL, settings.TIME_ZONE)
    digest = hashlib.sha256(repr((everywhere, translation.get_language(), name)).encode())
    for row in rows:
        digest.update(repr(tuple(row)).encode())
    return f'"{digest.hexdigest()[:32]}"'

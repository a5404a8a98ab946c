"""What search learns from its use: what was asked, how much was found, what was opened, whether it helped.

A search request writes nothing. The page carries a signed note of the answer; when it is seen, the browser sends the
note back with a number it made up itself, and later, under that number, what was opened. Nobody's name, address or
device is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from portal.models.search import SearchRecord
from portal.search import analysis

from .answers import SearchAnswer

_SALT = "portal.search.use"
_TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Seconds a page's note is taken; a page open longer is not being read.
NOTE_SECONDS = 6 * 3600
#: Notes a minute taken from one address.
NOTES_A_MINUTE = 60
MAX_REF = 60


class BadBeacon(Exception):
    """A note that this server did not write, or too many of them."""


def record_offer(answer: SearchAnswer) -> str:
    """Return the signed note of an answer that its page carries."""
    facts = [answer.query, answer.total, answer.relaxed, answer.filters.active]
    return signing.dumps(facts, salt=_SALT, compress=True)


def note_use(message: Any, *, sender: str) -> None:
    """Keep what a page says about its use.

    Args:
        message: `{"token", "note", "after"}` for a search that was seen, `{"token", "ref", "place"}` for a result
            opened, `{"token", "solved"}` for whether it helped.
        sender: network address, used to slow down floods and not kept.

    Raises:
        BadBeacon: the message is none of these.
    """
    if not isinstance(message, dict) or not _is_token(message.get("token")):
        raise BadBeacon
    _slow_down(sender)
    if caches["default"].add("search-use-forgotten", 1, 24 * 3600):
        forget_old_searches()
    if "note" in message:
        _note_search(message["token"], message["note"], message.get("after"))
    elif "ref" in message:
        _note_opened(message["token"], message["ref"], message.get("place"))
    elif isinstance(message.get("solved"), bool):
        SearchRecord.objects.filter(token=message["token"]).update(is_solved=message["solved"])
    else:
        raise BadBeacon


def forget_old_searches(days: int | None = None) -> int:
    """Delete records older than `days` (default `SEARCH_LOG_DAYS`) and return how many."""
    kept = settings.SEARCH_LOG_DAYS if days is None else days
    deleted, _by_model = SearchRecord.objects.filter(searched_at__lt=timezone.now() - dt.timedelta(days=kept)).delete()
    return deleted


def folded_query(query: str) -> str:
    """Return a query as those that ask the same are counted together."""
    return " ".join(analysis.fold(query).split())[:120]


def _note_search(token: str, note: Any, after: Any) -> None:
    try:
        query, total, relaxed, filtered = signing.loads(str(note), salt=_SALT, max_age=NOTE_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise BadBeacon from error
    with transaction.atomic():
        before = SearchRecord.objects.filter(token=after).first() if _is_token(after) and after != token else None
        SearchRecord.objects.get_or_create(
            token=token,
            defaults={
                "query": query,
                "folded": folded_query(query),
                "total": total,
                "is_relaxed": relaxed,
                "is_filtered": filtered,
                "reformulates": before if before and before.folded != folded_query(query) else None,
            },
        )


def _note_opened(token: str, ref: Any, place: Any) -> None:
    if not isinstance(ref, str) or not isinstance(place, int) or not 0 < place < 1000:
        raise BadBeacon
    unopened = SearchRecord.objects.filter(token=token, clicked_ref="")
    unopened.update(clicked_ref=ref[:MAX_REF], clicked_place=place)


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _slow_down(sender: str) -> None:
    cache = caches["local"]
    key = "search-use:" + hashlib.sha256(sender.encode()).hexdigest()
    cache.add(key, 0, 60)
    try:
        if cache.incr(key) > NOTES_A_MINUTE:
            raise BadBeacon
    except ValueError:  # it ran out between the two lines
        return

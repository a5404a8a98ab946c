"""Record the use of search: query, number of results, result opened, whether it helped.

A search request writes nothing. The page carries a signed note of the answer with a number made up for it; the browser
sends it back when the page is seen, when a result is opened and when somebody says whether it helped. A browser that
runs no scripts fetches it as a picture. Programs are counted in `gathering`. Nobody's name, address or device is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.cache import caches
from django.utils import timezone

from portal.models.search import SearchChannel, SearchRecord
from portal.search import analysis
from portal.search.analytics.hidden import is_only_hidden
from portal.search.query.answers import Notice, SearchAnswer

_SALT = "portal.search.use"
_TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What stands for bytes that are no text.
UNDECODED = "\ufffd"
#: Chinese mobile and identity numbers: typed or pasted by mistake, and not kept.
_PERSONAL = re.compile(r"(?<![0-9A-Za-z])(1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9A-Za-z])")
#: Seconds a page's note is taken; a page open longer is not being read.
NOTE_SECONDS = 6 * 3600
#: Notes a minute taken from one address.
NOTES_A_MINUTE = 60
#: A search this soon after another of the same visitor, who opened nothing, is the same question in other words.
ASKED_AGAIN_WITHIN = dt.timedelta(minutes=3)
MAX_REF = 60


class BadBeacon(Exception):
    """A note that this server did not write, or too many of them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page carries of its answer: the number of the search, and the signed note that holds it."""

    token: str
    note: str


def is_counted(answer: SearchAnswer) -> bool:
    """Whether a search says anything about what people look for; while the index is broken it does not."""
    return is_readable(answer.query) and Notice.DEGRADED not in answer.notices


def is_readable(query: str) -> bool:
    """Whether a query says anything: no bytes that could not be decoded, and something to be seen."""
    kinds = [unicodedata.category(character) for character in query]
    return UNDECODED not in query and "Cs" not in kinds and any(kind[0] not in "CZ" for kind in kinds)


def record_offer(answer: SearchAnswer, refs: Sequence[str] = (), first_place: int = 1) -> Offer:
    """Return the signed note of an answer.

    Args:
        answer: what was answered.
        refs: what the page shows, in its order; nothing else can be reported as opened.
        first_place: place of the first of them among all results.
    """
    token = str(uuid.uuid4())
    facts = [token, answer.query, answer.total, answer.relaxed, answer.filters.active, list(refs), first_place]
    return Offer(token, signing.dumps(facts, salt=_SALT, compress=True))


def note_use(message: Any, *, sender: str, channel: SearchChannel = SearchChannel.PAGE) -> None:
    """Keep what a page says about its use. A note is one search, however often it comes.

    Args:
        message: `{"note"}` for a search that was seen, with `"after"`, the number of the visitor's search before, if
            there was one; `{"note", "ref"}` for a result opened; `{"note", "solved"}` for whether it helped.
        sender: network address, used to slow down floods and not kept.
        channel: how the note came.

    Raises:
        BadBeacon: the message is none of these, or too many came from this sender.
    """
    if not isinstance(message, dict) or not takes_another_note(sender):
        raise BadBeacon
    record, refs, first_place = _noted(message.get("note"), message.get("after"), channel)
    if record is None:
        return
    if "ref" in message:
        _note_opened(record, message["ref"], refs, first_place)
    if "solved" in message:
        if not isinstance(message["solved"], bool):
            raise BadBeacon
        SearchRecord.objects.filter(pk=record.pk).update(is_solved=message["solved"])


def led_to_case(token: str, ref: str) -> bool:
    """Say which field case came of an unsolved search; return whether that search is known.

    Args:
        token: the number `field_cases.report_case_url` put into the form's address as `search`.
        ref: the number people know the case by.
    """
    return is_token(token) and bool(SearchRecord.objects.filter(token=token).update(case_ref=ref[:MAX_REF]))


def kept_query(query: str) -> str:
    """Return a query as it is kept: without the numbers of people."""
    return _PERSONAL.sub("***", query)


def folded_query(query: str) -> str:
    """Return a query as those that ask the same are counted together."""
    return " ".join(analysis.fold(query).split())[:120]


def is_token(value: Any) -> bool:
    """Whether `value` has the form of a search's number."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def takes_another_note(sender: str) -> bool:
    """Count one more note of a network address; return whether it is one of the `NOTES_A_MINUTE` that are taken."""
    cache = caches["local"]
    key = "search-use:" + hashlib.sha256(sender.encode()).hexdigest()
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) <= NOTES_A_MINUTE
    except ValueError:  # it ran out between the two lines
        return True


def _noted(note: Any, after: Any, channel: SearchChannel) -> tuple[SearchRecord | None, list[str], int]:
    """Return the record of a note, what its page shows and from which place on; no record of what was only hidden."""
    try:
        token, query, total, relaxed, filtered, refs, first = signing.loads(str(note), salt=_SALT, max_age=NOTE_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise BadBeacon from error
    if not total and not filtered and is_only_hidden(query):
        return None, refs, first
    query = kept_query(query)
    folded = folded_query(query)
    record, _is_new = SearchRecord.objects.get_or_create(
        token=token,
        defaults={
            "query": query,
            "folded": folded,
            "channel": channel,
            "total": total,
            "is_relaxed": relaxed,
            "is_filtered": filtered,
            "reformulates": _asked_before(after, folded),
        },
    )
    return record, refs, first


def _asked_before(after: Any, folded: str) -> SearchRecord | None:
    """The search of the same visitor that was put in other words: a moment ago, nothing opened, not solved."""
    if not is_token(after):
        return None
    unanswered = SearchRecord.objects.filter(
        token=after, clicked_ref="", searched_at__gte=timezone.now() - ASKED_AGAIN_WITHIN
    )
    return unanswered.exclude(folded=folded).exclude(is_solved=True).first()


def _note_opened(record: SearchRecord, ref: Any, refs: Sequence[str], first_place: int) -> None:
    if ref not in refs:
        raise BadBeacon
    unopened = SearchRecord.objects.filter(pk=record.pk, clicked_ref="")
    unopened.update(clicked_ref=ref[:MAX_REF], clicked_place=first_place + refs.index(ref))

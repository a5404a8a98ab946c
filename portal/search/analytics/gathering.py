"""Count searches made through the API in memory; a thread writes them, so that no request does.

A process that ends in order writes what it holds; one that is killed loses the searches of its last seconds.
"""

import logging
import threading
import time
import uuid
from collections import Counter, deque
from contextlib import suppress
from itertools import islice
from multiprocessing.util import Finalize

from django.db import DatabaseError, connections

from portal.models.search import SearchChannel, SearchRecord
from portal.search.analytics.hidden import is_only_hidden
from portal.search.analytics.usage import folded_query, is_counted, kept_query, takes_another_note
from portal.search.query.answers import SearchAnswer

logger = logging.getLogger(__name__)

#: Searches held at most; the oldest give way.
MAX_WAITING = 2000
#: Seconds between two writings.
WRITE_EVERY = 5.0

_waiting: deque[tuple[str, int, bool, bool]] = deque(maxlen=MAX_WAITING)
_starting = threading.Lock()
_writer: threading.Thread | None = None
_is_serving = False


def gather(answer: SearchAnswer, *, sender: str) -> None:
    """Count a program's search; nothing is written now.

    Args:
        answer: what was answered.
        sender: network address; as many searches a minute are counted of one as notes of pages, and it is not kept.
    """
    if not is_counted(answer) or not takes_another_note(sender):
        return
    _waiting.append((kept_query(answer.query), answer.total, answer.relaxed, answer.filters.active))
    if _is_serving:
        _start_writer()


def write_gathered() -> int:
    """Write down what was counted, alike searches in one record, and return the number of records.

    Raises:
        DatabaseError: nothing was written; what was counted waits for the next time.
    """
    taken: list[tuple[str, int, bool, bool]] = []
    times: Counter[tuple[str, int, bool, bool]] = Counter()
    queries: dict[str, str] = {}
    with suppress(IndexError):  # until nothing is left, also when the thread and the exit write at once
        while True:
            taken.append(_waiting.popleft())
    for query, total, relaxed, filtered in taken:
        folded = folded_query(query)
        queries.setdefault(folded, query)
        times[folded, total, relaxed, filtered] += 1
    try:
        records = _records(times, queries)
        return len(SearchRecord.objects.bulk_create(records)) if records else 0
    except DatabaseError:
        # Before those that came meanwhile; where there is no room for all, the oldest give way.
        _waiting.extendleft(islice(reversed(taken), MAX_WAITING - len(_waiting)))
        raise


def _records(times: Counter[tuple[str, int, bool, bool]], queries: dict[str, str]) -> list[SearchRecord]:
    return [
        SearchRecord(
            token=str(uuid.uuid4()), query=queries[folded], folded=folded, channel=SearchChannel.API, times=count,
            total=total, is_relaxed=relaxed, is_filtered=filtered,
        )
        for (folded, total, relaxed, filtered), count in times.items()
        if total or filtered or not is_only_hidden(queries[folded])
    ]  # fmt: skip


def serve() -> None:
    """Say that this process answers requests: from the first search on, a thread writes, and so does the exit."""
    global _is_serving
    _is_serving = True


def _start_writer() -> None:
    # At the first search and not at the start: a server may fork after loading the application.
    global _writer
    with _starting:
        if _writer is None or not _writer.is_alive():
            if _writer is None:
                # `atexit` is not heeded in the worker processes of a server; this is, there and in a process alone.
                Finalize(None, _write_safely, exitpriority=10)
            _writer = threading.Thread(target=_write_for_ever, name="search-gathering", daemon=True)
            _writer.start()


def _write_for_ever() -> None:
    while True:
        time.sleep(WRITE_EVERY)
        _write_safely()


def _write_safely() -> None:
    if not _waiting:
        return
    try:
        write_gathered()
    except DatabaseError:
        logger.warning("searches of programs were not written down", exc_info=True)
    finally:
        connections.close_all()

"""Pages kept in the memory of the process, bounded by bytes; what was not asked for longest goes first."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

#: Bytes of one page and of all; about two hundred ordinary pages.
MAX_PAGE = 256 * 1024
MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was answered, and until when it may be answered again (monotonic seconds)."""

    headers: dict[str, str]
    content: bytes
    until: float

    @property
    def size(self) -> int:
        """Bytes it takes, about."""
        return len(self.content) + sum(len(name) + len(value) for name, value in self.headers.items())


class PageStore:
    """Pages by key.

    Args:
        max_bytes: of all pages together.
        max_page: of a single one.
    """

    def __init__(self, max_bytes: int = MAX_BYTES, max_page: int = MAX_PAGE) -> None:
        self._max_bytes, self._max_page = max_bytes, max_page
        self._pages: OrderedDict[str, KeptPage] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> KeptPage | None:
        """Return a page that may still be answered."""
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.until < time.monotonic():
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: str, headers: dict[str, str], content: bytes, seconds: float) -> None:
        """Keep a page for so many seconds, unless it is larger than `max_page`."""
        page = KeptPage(headers, content, time.monotonic() + seconds)
        if page.size > self._max_page:
            return
        with self._lock:
            if key in self._pages:
                self._drop(key)
            self._pages[key] = page
            self.size += page.size
            while self.size > self._max_bytes:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        """Forget all pages."""
        with self._lock:
            self._pages.clear()
            self.size = 0

    def _drop(self, key: str) -> None:
        self.size -= self._pages.pop(key).size


pages = PageStore()

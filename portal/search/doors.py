"""Where search leads when it has no answer: upper layers say so from their `AppConfig.ready()`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

_report_case: list[Callable[[Any], str]] = []


def register_report_case(address: Callable[[Any], str]) -> None:
    """Say where a field case is reported.

    Args:
        address: takes the reader and returns the address of the form, or an empty text if this reader may not report.
            The query is added as `?title=`.
    """
    _report_case[:] = [address]


def report_case_url(reader: Any, query: str = "") -> str:
    """Return where `reader` reports an unsolved case, with what was searched filled in; empty when nowhere."""
    address = _report_case[0](reader) if _report_case else ""
    if not address or not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'title': query})}"

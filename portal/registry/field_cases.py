"""Registry of the address where an unsolved search is reported as a field case."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

_report_case: list[Callable[[Any], str]] = []


def register_report_case(address: Callable[[Any], str]) -> None:
    """Register the address of the form for field cases.

    The form is opened with what was searched as `?title=` and the number of the search as `&search=`. When the case is
    saved, hand that number to `usage.led_to_case(number, ref)`: the report then shows which search it came of.

    Args:
        address: takes the reader and returns the address of the form, or an empty text if this reader may not report.
    """
    _report_case[:] = [address]


def report_case_url(reader: Any, query: str = "", token: str = "") -> str:
    """Return where `reader` reports an unsolved case; empty when nowhere.

    Args:
        reader: a Person or AnonymousUser.
        query: what was searched, filled in as the title.
        token: the number of the search, for `usage.led_to_case`.
    """
    address = _report_case[0](reader) if _report_case else ""
    parameters = {name: value for name, value in (("title", query), ("search", token)) if value}
    if not address or not parameters:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"

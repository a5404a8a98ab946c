"""libical as a judge of our calendars, independent of the library that writes them."""

import ctypes
import ctypes.util
from functools import cache


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(ctypes.util.find_library("ical") or "libical.so.3")
    for name, result, arguments in (
        ("icalparser_parse_string", ctypes.c_void_p, [ctypes.c_char_p]),
        ("icalcomponent_count_errors", ctypes.c_int, [ctypes.c_void_p]),
        ("icalrestriction_check", ctypes.c_int, [ctypes.c_void_p]),
        ("icalcomponent_as_ical_string", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_free", None, [ctypes.c_void_p]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def errors_in(content: bytes) -> tuple[int, bool, str]:
    """Return libical's count of errors, whether its restrictions hold, and the calendar as it read it."""
    library = _library()
    component = library.icalparser_parse_string(content)
    assert component, "libical reads nothing of it"
    holds = bool(library.icalrestriction_check(component))
    count = library.icalcomponent_count_errors(component)
    text = library.icalcomponent_as_ical_string(component).decode()
    library.icalcomponent_free(component)
    return count, holds, text

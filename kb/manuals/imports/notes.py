"""What could not be carried over, or why nothing could be read, in words with its place."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOTES: dict[str, "str | Promise"] = {
    "active": gettext_lazy("A script, form or embedded page was left out"),
    "handler": gettext_lazy("A script on an element was left out"),
    "link": gettext_lazy("A link was left out, its words stay; only web, mail and phone addresses are kept"),
    "look": gettext_lazy("Words are kept without their look (italic, raised, code and the like)"),
    "media": gettext_lazy("A drawing, film or formula was left out"),
    "merged_cells": gettext_lazy("Merged cells were parted; the text stands in the first"),
    "picture_named_by_heading": gettext_lazy("A picture without words is called by its heading; say what it shows"),
    "picture_without_words": gettext_lazy("A picture has neither words nor a heading; say what it shows"),
    "picture_outside": gettext_lazy("A picture outside the file was not fetched"),
    "picture_too_large": gettext_lazy("A picture has too many pixels and was left out"),
    "picture_unreadable": gettext_lazy("A picture is damaged or of an unknown format and was left out"),
    "table_in_list": gettext_lazy("A table in a list is kept as text"),
    "table_in_table": gettext_lazy("A table in a table is kept as text"),
    "title_cut": gettext_lazy("A heading was too long and was cut"),
    "too_many_chapters": gettext_lazy("There are too many chapters; what follows this heading stays in the last one"),
}
REFUSALS: dict[str, "str | Promise"] = {
    "broken": gettext_lazy("The file is damaged or not what its name says."),
    "empty": gettext_lazy("The file holds no text."),
    "too_large": gettext_lazy("Unpacked, the file is too large to be read."),
}


def note_words(notes: Iterable[list[str]]) -> list[tuple[str, str, str]]:
    """Return place, what was left out, and a detail of each note."""
    return [(place or _("before the first heading"), str(NOTES[code]), detail) for code, place, detail in notes]


def refusal_words(code: str, detail: str) -> str:
    """Return why nothing was read."""
    return " ".join(filter(None, (str(REFUSALS[code]), detail)))

"""Complete the tags of a PDF: WeasyPrint 70 leaves out what a header cell is the header of (``scope`` of ``th``)."""

from collections.abc import Iterator
from typing import Any

import pydyf

# ISO 32000-1, table 349: values of the attribute Scope.
SCOPE = {"row": "/Row", "rowgroup": "/Row", "col": "/Column", "colgroup": "/Column"}


def name_header_scopes(document: Any, pdf: Any) -> None:
    """Write the ``scope`` of each ``th`` into its tag; a header without one is a column's (WeasyPrint's finisher).

    Args:
        document: WeasyPrint's ``Document``, its boxes already tagged.
        pdf: the ``pydyf.PDF`` that holds the tags, which the boxes of cells name; nothing of it is replaced.
    """
    for page in document.pages:
        for box in _descendants(page._page_box):
            tag = getattr(box, "mark", None)
            if isinstance(tag, pydyf.Dictionary) and tag.get("S") == "/TH":
                tag["A"]["Scope"] = SCOPE.get(box.element.attrib.get("scope", ""), "/Column")


def _descendants(box: Any) -> Iterator[Any]:
    # A placeholder stands for a box that is placed absolutely.
    box = getattr(box, "_box", box)
    yield box
    for child in getattr(box, "children", ()):
        yield from _descendants(child)

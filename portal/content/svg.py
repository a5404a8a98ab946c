"""Drawings (SVG) are let in only when they stand still: nothing runs, nothing is fetched, no entities.

What may stand in a drawing is listed here; what is not listed is refused by name, so that its author can take it out.
Attributes and elements of drawing programs (other namespaces) are data nobody shows and pass.
Sources: SVG 2, sections 2 (secure static mode) and 15 (scripting); https://www.w3.org/TR/SVG2/.
"""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 1024 * 1024
MAX_ELEMENTS = 20_000
SVG = "{http://www.w3.org/2000/svg}"
# ``use``, ``pattern`` and filters are left out: a few of them inside each other keep a reader's phone busy for minutes.
ELEMENTS = frozenset(
    {
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "metadata",
        "path",
        "line",
        "polyline",
        "polygon",
        "rect",
        "circle",
        "ellipse",
        "text",
        "tspan",
        "marker",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "style",
    }
)
# What a style sheet or an attribute could fetch or run; a reference inside the drawing, url(#name), is none.
FETCHES = re.compile(r"\\|@import|expression\s*\(|javascript:|url\(\s*['\"]?\s*(?!['\"#]|\s)", re.IGNORECASE)

NO_DRAWING = _("This is no readable SVG drawing. Save it as “plain SVG” and upload it again.")
TOO_LARGE = _("The drawing is too large: at most 1 MB and 20,000 lines and shapes. Simplify it.")
NOT_STILL = _("The drawing contains “%(what)s”, which could run or fetch something. Save it as “plain SVG” without it.")


def check_drawing(content: bytes) -> None:
    """See that a drawing only draws.

    Raises:
        ValidationError: it is no SVG, too large, or has something that runs, moves or fetches; names what.
    """
    if len(content) > MAX_BYTES:
        raise ValidationError(TOO_LARGE, "drawing_too_large")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ValidationError(NO_DRAWING, "no_drawing") from error
    if root.tag != f"{SVG}svg":
        raise ValidationError(NO_DRAWING, "no_drawing")
    for count, element in enumerate(root.iter()):
        if count > MAX_ELEMENTS:
            raise ValidationError(TOO_LARGE, "drawing_too_large")
        _check_element(element)


def _check_element(element: Element) -> None:
    namespace, _brace, name = str(element.tag).rpartition("}")
    if f"{namespace}}}" == SVG and name not in ELEMENTS:
        raise _not_still(name)
    if namespace.endswith("1999/xhtml"):
        raise _not_still(name)
    if name == "style" and FETCHES.search("".join(element.itertext())):
        raise _not_still("style")
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2].lower()
        if attribute.startswith("on") or FETCHES.search(value):
            raise _not_still(attribute)
        if attribute in ("href", "src") and not value.startswith("#"):
            raise _not_still(attribute)


def _not_still(what: str) -> ValidationError:
    return ValidationError(NOT_STILL, "drawing_not_still", {"what": what})

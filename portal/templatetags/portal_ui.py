"""Template tags of the design system: icons and the components that wrap content.

Components without content are plain includes under ``templates/components/``; see docs/design-system.md.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.web.contact import Contact, last_known

register = template.Library()

LAMP_ICONS = {"green": "check-circle", "amber": "clock", "red": "cross-circle", "grey": "minus"}
ALERT_ICONS = {"info": "info", "success": "check-circle", "warning": "warning", "error": "danger"}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw one symbol of static/img/icons.svg.

    Args:
        name: id of the symbol, e.g. ``search``.
        label: words for a screen reader; leave empty when the words stand beside it.
        css: further classes, e.g. ``icon--lg``.
    """
    href = f"{static('img/icons.svg')}#{name}"
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, href
    )


@register.simple_tag
def known_contact() -> Contact:
    """Return the hotline and names kept for pages that cannot ask the database."""
    return last_known()


@register.filter
def lamp_icon(state: str) -> str:
    """Return the symbol that says a lamp's colour to those who do not see it."""
    return LAMP_ICONS.get(state, LAMP_ICONS["grey"])


@register.filter
def alert_icon(tone: str) -> str:
    """Return the symbol of an alert; Django's message level ``debug`` counts as information."""
    return ALERT_ICONS.get(tone, ALERT_ICONS["info"])


@register.filter
def dialable(number: Any) -> str:
    """Return a telephone number as a ``tel:`` link wants it: digits and a leading plus."""
    return re.sub(r"(?!^\+)\D", "", str(number))


@register.filter
def labelled(cells: Iterable[Any], columns: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """Pair each cell of a row with the title of its column."""
    return zip(cells, columns, strict=False)


@register.simple_tag
def page_range(page: Page) -> list[int | str]:
    """Return the page numbers to offer around ``page``, with gaps as an ellipsis."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def page_address(context: Any, number: int, param: str = "") -> str:
    """Return the address of another page of a list; of several lists each has a parameter of its own."""
    query = context["request"].GET.copy()
    query[param or "page"] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def widget_kind(bound_field: Any) -> str:
    """Return a field's layout: ``hidden``, ``check`` (one box), ``group`` (several boxes) or ``line``."""
    if bound_field.is_hidden:
        return "hidden"
    if bound_field.use_fieldset:
        return "group"
    kind = getattr(bound_field.field.widget, "input_type", "")
    return "check" if kind == "checkbox" else "line"


def _wrap(component: str, content: str, **context: Any) -> SafeString:
    return SafeString(render_to_string(f"components/{component}.html", {"content": content, **context}))


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    icon: str = "",
    href: str = "",
    tone: str = "",
    lamp: str = "",
    lamp_label: str = "",
    heading: str = "h2",
    css: str = "",
) -> SafeString:
    """A framed piece of content; with ``href`` all of it leads there. Parameters: components/card.html."""
    return _wrap(
        "card",
        content,
        title=title,
        icon=icon,
        href=href,
        tone=tone,
        lamp=lamp,
        lamp_label=lamp_label,
        heading=heading,
        css=css,
    )


@register.simple_block_tag
def safety(content: str, level: str = "danger", title: str = "") -> SafeString:
    """What may hurt somebody, always open. Parameters: components/safety.html."""
    return _wrap("safety", content, level=level, title=title)


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A remark that belongs to the page. Parameters: components/alert.html."""
    return _wrap("alert", content, tone=tone, title=title)


@register.simple_block_tag
def disclosure(content: str, title: str = "", icon: str = "", open: bool = False) -> SafeString:
    """Something one may unfold; never for safety. Parameters: components/disclosure.html."""
    return _wrap("disclosure", content, title=title, icon=icon, open=open)

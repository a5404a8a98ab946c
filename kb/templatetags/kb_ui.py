"""Template tags for severities, verification and fault codes."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.enums import Severity, Verification

register = template.Library()

SEVERITY_LAMPS = {Severity.DANGER: "red", Severity.STOP: "amber", Severity.DEGRADED: "grey", Severity.MINOR: "grey"}
SEVERITY_ICONS = {
    Severity.DANGER: "danger",
    Severity.STOP: "cross-circle",
    Severity.DEGRADED: "warning",
    Severity.MINOR: "info",
}
VERIFICATION_LAMPS = {
    Verification.MANUFACTURER: "green",
    Verification.SECONDARY: "grey",
    Verification.DISPUTED: "amber",
}


@register.filter
def severity_lamp(severity: str) -> str:
    """Return the lamp of a severity."""
    return SEVERITY_LAMPS.get(severity, "grey")


@register.filter
def severity_icon(severity: str) -> str:
    """Return the symbol of a severity."""
    return SEVERITY_ICONS.get(severity, "info")


@register.filter
def safety_level(severity: str) -> str:
    """Return the level of the safety box: hazard stripes for danger."""
    return "danger" if severity == Severity.DANGER else "warning"


@register.filter
def verification_lamp(verification: str) -> str:
    """Return the lamp of a verification state."""
    return VERIFICATION_LAMPS.get(verification, "grey")


@register.filter
def without_code(title: str, codes: Any) -> str:
    """Return a title without its leading code, for places that show the code separately."""
    rows: Iterable[Any] = [codes] if hasattr(codes, "code") else codes
    shown = [row.code for row in rows]
    for begin in ("/".join(shown), *shown):
        if begin and title.startswith(f"{begin} "):
            return title[len(begin) :].strip()
    return title


@register.filter
def is_web_address(address: str) -> bool:
    """Whether a source's address can be opened in a browser."""
    return address.startswith(("https://", "http://"))


@register.filter
def of_key(mapping: dict[Any, Any], key: Any) -> Any:
    """Return the entry of a mapping, or nothing."""
    return mapping.get(key)


@register.simple_tag
def fault_trail(article: Any = None) -> list[SimpleNamespace]:
    """Return the way down to the list of articles, and to the category of ``article``."""
    crumbs = [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Fault articles"), url=reverse("kb:faults")),
    ]
    if article is not None:
        url = f"{reverse('kb:faults')}?category={article.category.code}"
        crumbs.append(SimpleNamespace(label=article.category.name, url=url))
    return crumbs


@register.simple_tag
def manual_trail() -> list[SimpleNamespace]:
    """Return the way down to the list of manuals."""
    return [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Manuals"), url=reverse("kb:manuals")),
    ]


@register.simple_tag
def kb_trail() -> list[SimpleNamespace]:
    """Return the way down to the knowledge base."""
    return [SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index"))]

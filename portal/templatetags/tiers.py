"""Template tag for the names of the tiers."""

from typing import Any

from django import template

from portal.organisations.tiers import tier_name as name_of

register = template.Library()


@register.simple_tag(takes_context=True)
def tier_name(context: dict[str, Any], tier: str) -> str:
    """Return the organisation's name of a tier: ``{% tier_name "outlet" %}``."""
    return name_of(tier, context.get("request"))

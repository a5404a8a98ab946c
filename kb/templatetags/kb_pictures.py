"""Template tags of pictures."""

from typing import Any

from django import template

from kb.manuals.pictures import place_of_edition
from kb.pictures.queries import Callout, Picture, Shown, one_picture

register = template.Library()


@register.filter
def baseline(mark: Callout, picture: Picture) -> int:
    """Return where the number of a callout stands, so that it sits in the middle of its circle."""
    return mark.y + picture.radius * 38 // 100


@register.filter
def number_size(picture: Picture) -> int:
    """Return how large the number of a callout is, in pixels of the picture."""
    return picture.radius * 12 // 10


@register.simple_tag(takes_context=True)
def block_picture(context: Any, value: Any) -> Shown | None:
    """Return a picture or video of a chapter as it is shown where the page names its ``edition``."""
    edition = context.get("edition")
    if edition is None:
        return None
    return one_picture(value, place_of_edition(edition, getattr(context.get("request"), "user", None)))

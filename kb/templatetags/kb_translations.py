"""Template filters for text that knows its language."""

from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from kb.translations.languages import language_of, tag_of

register = template.Library()


@register.filter
def passage(text: Any, breaks: str = "") -> SafeString:
    """Return a piece of content, marked with its language where that is not the one of the screen.

    Args:
        breaks: anything, to keep line breaks.
    """
    shown = linebreaksbr(text) if breaks else conditional_escape(text)
    language = language_of(text)
    if not text or language == translation.get_language():
        return shown
    return format_html('<span lang="{}">{}</span>', tag_of(language), shown)

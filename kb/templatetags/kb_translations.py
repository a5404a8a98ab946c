"""Template filters for text that knows its language."""

from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kb.translations.languages import language_of, tag_of

register = template.Library()


@register.filter
def passage(text: Any, breaks: str = "") -> SafeString:
    """Return a piece of content, marked with its language where that is not the one of the screen.

    Words of the source that stand where a translation is out of date say so.

    Args:
        breaks: anything, to keep line breaks.
    """
    shown = linebreaksbr(text) if breaks else conditional_escape(text)
    language = language_of(text)
    if not text:
        return shown
    if language != translation.get_language():
        shown = format_html('<span lang="{}">{}</span>', tag_of(language), shown)
    if getattr(text, "is_behind", False):
        shown = format_html('{} <small class="muted">{}</small>', shown, _("(translation out of date)"))
    return shown

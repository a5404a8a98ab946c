"""Template tags for tasks and scope of schemes."""

from django import template
from django.utils.translation import get_language

from certification.models import Scheme
from certification.schemes.reach import reach_words, scope_words, task_words

register = template.Library()


@register.filter
def reach(scheme: Scheme) -> str:
    """Write what a scheme is for on one line: 冷冻设备（保养、维修）."""
    # The matrix asks for each cell of a column: written once as long as this instance is in use.
    written = scheme.__dict__.setdefault("_reach_words", {})
    language = get_language()
    if language not in written:
        written[language] = reach_words(scheme)
    return written[language]


@register.filter
def tasks(scheme: Scheme) -> str:
    """Write the tasks of a scheme."""
    return task_words(scheme)


@register.filter
def scope(scheme: Scheme) -> str:
    """Write the equipment a scheme names."""
    return scope_words(scheme)

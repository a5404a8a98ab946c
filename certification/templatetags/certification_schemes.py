"""Template tags for tasks and scope of schemes."""

from django import template

from certification.models import Scheme
from certification.schemes.reach import reach_words, scope_words, task_words

register = template.Library()


@register.filter
def reach(scheme: Scheme) -> str:
    """Write what a scheme is for on one line: 冷冻设备（保养、维修）."""
    return reach_words(scheme)


@register.filter
def tasks(scheme: Scheme) -> str:
    """Write the tasks of a scheme."""
    return task_words(scheme)


@register.filter
def scope(scheme: Scheme) -> str:
    """Write the equipment a scheme names."""
    return scope_words(scheme)

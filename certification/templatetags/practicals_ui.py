"""Template filters of practicals."""

from django import template

from certification.practicals.signatures import path_of

register = template.Library()
register.filter("signature_path", path_of)

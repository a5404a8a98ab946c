"""Registry of template contexts for pages and previews.

Models may not import the queries that build such a context; they look it up here, and apps register it.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest

ContextMaker = Callable[[HttpRequest, Any], dict[str, Any]]

_makers: dict[str, ContextMaker] = {}


def register_context(model: type[Model], maker: ContextMaker) -> None:
    """Have ``maker(request, record)`` give the context of pages and previews of ``model``."""
    _makers[model._meta.label] = maker


def context_of(record: Model, request: HttpRequest) -> dict[str, Any]:
    """Return the context registered for the record's model.

    Raises:
        LookupError: no app registered one.
    """
    return _makers[record._meta.label](request, record)

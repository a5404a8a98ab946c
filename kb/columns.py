"""Shared table columns of the knowledge base in the Wagtail admin."""

from typing import Any

from wagtail.admin.ui.tables import Column


def choice_column(name: str, label: Any, **kwargs: Any) -> Column:
    """Return a column that shows the words of a choice."""
    return Column(name, label=label, accessor=f"get_{name}_display", **kwargs)

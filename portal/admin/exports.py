"""Spreadsheets of lists and reports in the Wagtail admin."""

import codecs
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from portal.exchange.spreadsheets import safe_cell


class SafeExport(SpreadsheetExportMixin):
    """Export whose cells are never formulas and whose CSV has a byte order mark, so that Excel reads UTF-8."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Return the value of a cell, made harmless."""
        return safe_cell(super().preprocess_field_value(field, value, export_format))

    def stream_csv(self, queryset: QuerySet) -> Iterator[bytes]:
        """Return the lines behind a byte order mark, made now: when they are sent, the reader's language is gone."""
        return iter([codecs.BOM_UTF8, *super().stream_csv(queryset)])

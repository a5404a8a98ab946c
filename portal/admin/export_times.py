"""Moments in the spreadsheets of Wagtail's lists and reports: in the organisation's zone, which the heading names.

Wagtail writes UTC without saying so; a cell of a workbook has no zone of its own.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField
from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin


def zoned_heading(heading: Any) -> str:
    """Return a heading with the zone its moments are written in: 日期/时间（Asia/Shanghai）."""
    return f"{heading}（{timezone.get_default_timezone_name()}）"


def as_cell(moment: dt.datetime) -> dt.datetime:
    """Return a moment as a workbook takes it: without zone, in the organisation's."""
    return moment if timezone.is_naive(moment) else timezone.make_naive(moment, timezone.get_default_timezone())


def as_text(moment: dt.datetime) -> str:
    """Return a moment as CSV has it, to the second."""
    return as_cell(moment).strftime("%Y-%m-%d %H:%M:%S")


def write_times_in_zone() -> None:
    """Make every export of the Wagtail admin do so; calling it again changes nothing."""
    mixin = SpreadsheetExportMixin
    if getattr(mixin, "is_zoned", False):
        return
    ways = {mixin.FORMAT_XLSX: as_cell, mixin.FORMAT_CSV: as_text}
    mixin.custom_value_preprocess = mixin.custom_value_preprocess | {dt.datetime: ways}
    plain = mixin.get_heading

    def get_heading(self: Any, queryset: Any, field: str) -> str:
        heading = plain(self, queryset, field)
        return zoned_heading(heading) if _holds_moments(queryset, field) else heading

    mixin.get_heading = get_heading
    mixin.is_zoned = True


def _holds_moments(queryset: Any, field: str) -> bool:
    """Whether a column is a moment; the site history names one of its log entries, whatever it is given."""
    if field == "timestamp":
        return True
    try:
        return isinstance(queryset.model._meta.get_field(field), DateTimeField)
    except (AttributeError, FieldDoesNotExist):
        return False

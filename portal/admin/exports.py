"""Spreadsheets of lists and reports in the Wagtail admin, Wagtail's own included, by the portal's writer."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.coreutils import multigetattr

from portal.exchange.exports import Table, export_response


def use_one_writer() -> None:
    """Let every view of Wagtail that exports do it through ``portal.exchange.exports``.

    A view that offers no export has none by address either.
    """
    mixin = SpreadsheetExportMixin
    if getattr(mixin.setup, "is_ours", False):
        return
    set_up = mixin.setup

    def setup(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        set_up(self, request, *args, **kwargs)
        self.is_export = self.is_export and bool(self.list_export)

    def as_spreadsheet(self: Any, queryset: Iterable[Any], spreadsheet_format: str) -> HttpResponse:
        columns = [self.get_heading(queryset, field) for field in self.list_export]
        rows = _rows(self, queryset, spreadsheet_format)
        title = getattr(self, "page_title", "") or self.get_filename()
        return export_response(Table(str(title), columns, rows), spreadsheet_format, self.get_filename())

    setup.is_ours = True
    mixin.setup = setup
    mixin.as_spreadsheet = as_spreadsheet


def _rows(view: Any, items: Iterable[Any], spreadsheet_format: str) -> Iterator[list[Any]]:
    for item in items:
        yield [_value(view, item, field, spreadsheet_format) for field in view.list_export]


def _value(view: Any, item: Any, field: str, spreadsheet_format: str) -> Any:
    """Return what one cell shows: a field's label where it has choices, and what the view makes of it."""
    preprocess = view.custom_field_preprocess.get(field, {}).get(spreadsheet_format)
    if preprocess is not None:
        return preprocess(multigetattr(item, field))
    path, _dot, name = field.rpartition(".")
    owner = multigetattr(item, path) if path else item
    label = getattr(owner, f"get_{name}_display", None)
    return label() if callable(label) else multigetattr(item, field)

"""Columns named by hand."""

from portal.exchange.imports.columns import Chosen
from portal.exchange.imports.forms import ColumnsForm
from portal.exchange.imports.grid import Line, Sheet
from portal.organisations.imports import kind


def named(header):
    lines = [Line(1, ["编码", "名称", "层级"]), Line(2, ["W", "川西大区", "大区"])]
    facts = {f"column_{column.key}": str(at) for at, column in enumerate(c for c in kind.columns if c.is_required)}
    data = {"sheet": "0", "header": str(header)} | facts
    return ColumnsForm(data, kind=kind, sheets=[Sheet("表", lines)], chosen=Chosen())


def test_titles_with_rows_below_are_taken():
    assert named(1).is_valid(), named(1).errors


def test_titles_with_nothing_below_are_refused_in_the_form():
    assert list(named(2).errors) == ["header"]
    assert list(named(9999).errors) == ["header"]

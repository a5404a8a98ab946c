"""The one writer of spreadsheets: nothing runs, everything is what people read, days and numbers are real."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils.functional import lazystr
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.enums import Task
from portal.exchange.exports import Table, Toned, cell_of, export_asked, export_response, write_csv, write_xlsx
from portal.exchange.spreadsheets import read_rows

MOMENT = dt.datetime(2026, 3, 18, 4, 5, 6, 789, tzinfo=dt.UTC)
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＋1", "－1", "＠x", "  =1+1", "\u3000=1"]
DANGEROUS += ["\n=1", "\n\t@x", "\r\n=1", "\u200b=1", "\ufeff+1", "\u00ad\u3000-1", "\n无"]


def lines(table):
    """The CSV of a table, read as Excel reads it."""
    return list(csv.reader(io.StringIO(write_csv(table).decode("utf-8-sig"), newline="")))


def sheet_of(table):
    """The one sheet of the workbook of a table."""
    return load_workbook(io.BytesIO(write_xlsx(table))).active


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_would_run_is_defused_in_csv(text):
    assert lines(Table("表", [text], [[text]])) == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", [*DANGEROUS, "#N/A", "007", "1e5", "'x"])
def test_text_is_typed_as_text_in_a_workbook(text):
    cell = sheet_of(Table("表", ["列"], [[text]]))["A2"]

    assert (cell.data_type, cell.value) == ("s", text)


@given(st.text(max_size=30))
def test_no_cell_of_a_csv_begins_as_a_formula(text):
    (row,) = lines(Table("表", ["列"], [[text]]))[1:] or [[""]]

    assert not "".join(row).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert not "".join(row).lstrip().startswith(("=", "+", "-", "@"))


@given(st.text(max_size=30))
def test_any_text_can_be_written_into_a_workbook(text):
    assert sheet_of(Table("表", ["列"], [[text]])).max_row in (1, 2)


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_was_defused_comes_back_as_it_was(text):
    table = write_csv(Table("表", ["列", "列二"], [["a", f"{text}x"]]))

    (row,) = read_rows(io.BytesIO(table), {"列": ["列"], "列二": ["列二"]})
    assert row["列二"] == f"{text}x"


@pytest.mark.parametrize(
    ("given", "offered", "asked"),
    [
        ({"export": "csv"}, (), "csv"),
        ({"export": "xlsx"}, (), "xlsx"),
        ({"export": "csv"}, ("xlsx",), ""),
        ({"export": "xlsx"}, ("xlsx",), "xlsx"),
        ({"export": "pdf"}, (), ""),
        ({"export": ""}, (), ""),
        ({}, (), ""),
    ],
)
def test_a_page_gives_the_files_it_offers(given, offered, asked):
    assert export_asked(given, *offered) == asked


def test_csv_begins_with_a_byte_order_mark_once():
    assert write_csv(Table("表", ["名称"], [])) == "\ufeff名称\r\n".encode()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        (Task.REPAIR, "维修"),
        (["甲", Task.REPAIR], "甲、维修"),
        (("甲",), "甲"),
        (lazystr("文字"), "文字"),
        ("a\x00\x0bb", "ab"),
        (-3, -3),
        (1.5, 1.5),
        (Decimal("2.50"), Decimal("2.50")),
        (dt.date(2026, 3, 18), dt.date(2026, 3, 18)),
        (dt.time(8, 30), dt.time(8, 30)),
        (MOMENT, dt.datetime(2026, 3, 18, 12, 5, 6)),
        (dt.datetime(2026, 3, 18, 12), dt.datetime(2026, 3, 18, 12)),
    ],
)
def test_cells_are_what_people_read(value, shown):
    assert cell_of(value) == shown


def test_moments_are_of_the_organisation_and_the_heading_says_so():
    table = Table("表", ["时间", "日期"], [[None, dt.date(2026, 3, 18)], [MOMENT, None]])

    with override("zh-hans"):
        read = lines(table)
    assert read == [
        ["时间（Asia/Shanghai）", "日期"],
        ["", "2026-03-18"],
        ["2026-03-18 12:05:06", ""],
    ]


def test_days_moments_and_numbers_are_real_in_a_workbook():
    sheet = sheet_of(Table("表", ["时间", "日期", "分", "比"], [[MOMENT, dt.date(2026, 3, 18), 92, 0.5]]))

    assert [cell.value for cell in sheet[2]] == [
        dt.datetime(2026, 3, 18, 12, 5, 6),
        dt.datetime(2026, 3, 18),
        92,
        0.5,
    ]
    assert [cell.is_date for cell in sheet[2]] == [True, True, False, False]
    assert sheet["A1"].value == "时间（Asia/Shanghai）"


def test_sheet_has_a_name_excel_accepts_a_frozen_header_and_widths():
    sheet = sheet_of(Table("人员/一览[:*?]" + "长" * 40, ["姓名"], [["欧阳明日香"], ["x" * 500]]))

    assert sheet.title == "人员一览" + "长" * 27
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == 50


def test_rows_beyond_those_looked_at_are_written_too():
    table = Table("表", ["n"], ([n] for n in range(2_500)))

    assert len(lines(table)) == 2_501


def test_cell_is_cut_where_excel_would_refuse_the_file():
    assert len(sheet_of(Table("表", ["列"], [["字" * 40_000]]))["A2"].value) == 32_767


def test_export_can_be_imported_again():
    rows = [["=1+1", "@王一", 8], ["-2", "+李", 1.5]]
    columns = {"number": ["工号"], "name": ["姓名"], "hours": ["学时"]}
    for write in (write_csv, write_xlsx):
        read = read_rows(io.BytesIO(write(Table("人员", ["工号", "姓名", "学时"], rows))), columns)
        assert [[row["number"], row["name"], row["hours"]] for row in read] == [
            ["=1+1", "@王一", "8"],
            ["-2", "+李", "1.5"],
        ]


@pytest.mark.parametrize(("ending", "kind"), [("csv", "text/csv; charset=utf-8"), ("xlsx", "application/vnd.open")])
def test_answer_is_a_named_file_no_cache_keeps(ending, kind):
    response = export_response(Table("证书", ["a"], []), ending)

    assert response["Content-Type"].startswith(kind)
    assert response["Content-Disposition"] == (
        f"attachment; filename=\"zhengshu.{ending}\"; filename*=UTF-8''%E8%AF%81%E4%B9%A6.{ending}"
    )
    assert response["Cache-Control"] == "private, no-store"


def test_a_state_has_its_colour_in_a_workbook_and_its_words_in_csv():
    table = Table(
        "表", ["状态", "日"], [[Toned("拒绝", "red"), Toned(dt.date(2026, 3, 18), "green")]], [("red", "不得上岗")]
    )
    sheet = sheet_of(table)
    assert [cell.fill.fgColor.rgb[2:] for cell in sheet[2]] == ["FDE9E6", "E2F3E8"]
    assert sheet["B2"].value == dt.datetime(2026, 3, 18)
    legend = load_workbook(io.BytesIO(write_xlsx(table))).worksheets[1]
    assert (legend["A2"].value, legend["A2"].fill.fgColor.rgb[2:]) == ("不得上岗", "FDE9E6")
    assert lines(table)[1] == ["拒绝", "2026-03-18"]

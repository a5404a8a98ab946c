"""Tables from Excel: found below title rows and guarded."""

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from portal.exchange.spreadsheets import (
    HeaderMissing,
    Limits,
    TableTooLarge,
    UnreadableTable,
    normal,
    read_rows,
)

COLUMNS = {"number": ["工号", "staff number"], "name": ["姓名"], "hours": ["学时（小时）"]}


def workbook(*rows):
    """An uploaded workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_header_is_found_below_title_rows_and_rows_keep_their_number():
    rows = read_rows(
        workbook(
            ["培训名单"],
            [],
            ["序号", "姓 名", "工号*", "学时(小时)"],
            [1, "王一", "T００1", 8.0],
            [],
            [2, "李二", "T2", None],
        ),
        COLUMNS,
    )
    assert [(row.number, row["name"], row.normal("number"), row["hours"]) for row in rows] == [
        (4, "王一", "T001", "8"),
        (6, "李二", "T2", ""),
    ]


def test_csv_of_a_chinese_excel_is_read():
    text = "工号,姓名,学时（小时）\nT1,王一,8\n"
    for encoding in ("utf-8-sig", "utf-8", "gb18030"):
        assert read_rows(io.BytesIO(text.encode(encoding)), COLUMNS)[0]["name"] == "王一"


def test_days_are_read_in_iso_form():
    rows = read_rows(
        workbook(["工号", "姓名"], [dt.datetime(2026, 3, 18), dt.datetime(2026, 3, 18, 9, 30)]),
        COLUMNS,
        required=["number"],
    )
    assert (rows[0]["number"], rows[0]["name"]) == ("2026-03-18", "2026-03-18 09:30")


def test_missing_header_names_the_columns():
    with pytest.raises(HeaderMissing) as refusal:
        read_rows(workbook(["姓名"], ["王一"]), COLUMNS, required=["number", "name"])
    assert "工号、姓名" in str(refusal.value)


@pytest.mark.parametrize(
    "content", [b"\xd0\xcf\x11\xe0 old xls", b"PK\x03\x04 broken", b"\x00\x01\x02", b"\xff\xfe\xff"]
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises((UnreadableTable, HeaderMissing)):
        read_rows(io.BytesIO(content), COLUMNS)


def test_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UnreadableTable):
        read_rows(io.BytesIO(out.getvalue()), COLUMNS)


def test_zip_bomb_is_refused_before_it_is_parsed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * 60_000_000)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(TableTooLarge):
        read_rows(io.BytesIO(out.getvalue()), COLUMNS)


@pytest.mark.parametrize(
    ("limits", "rows"),
    [(Limits(rows=3), [["工号", "姓名", "学时（小时）"]] + [["T", "王", 1]] * 3), (Limits(columns=5), [["工号"] * 6])],
)
def test_rows_and_columns_are_counted_while_reading(limits, rows):
    with pytest.raises(TableTooLarge):
        read_rows(workbook(*rows), COLUMNS, limits=limits)


def test_normal_makes_full_width_plain():
    assert normal("（ＡＢ　１２） ") == "(AB 12)"


def test_what_an_export_defused_is_read_as_it_was():
    content = "工号,姓名,学时（小时）\n'=1+1,'-李,'8\n".encode()

    row = read_rows(io.BytesIO(content), COLUMNS)[0]
    assert (row["number"], row["name"], row["hours"]) == ("=1+1", "-李", "'8")

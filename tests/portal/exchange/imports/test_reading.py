"""Files as tables: what is read, what is refused as a whole, what is refused by cell."""

import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook

from portal.exchange.imports import reading
from portal.exchange.imports.columns import recognise, rows_below, title_key
from portal.exchange.imports.grid import MAX_ROWS, Refused
from portal.exchange.imports.reader import plain_text, read
from portal.registry.imports import Column

COLUMNS = (Column("name", "Name", ("姓名",), True), Column("number", "Number", ("工号", "编号"), True))


def workbook(*rows, fill=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if fill:
        fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(content):
    """The rows below the header of a file, as (row, values, faults)."""
    sheets = read(content)
    found = recognise(sheets, COLUMNS)
    return [(row.number, dict(row.values), faults) for row, faults in rows_below(sheets, found)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "，", "；", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_of_every_encoding_and_separator_reads_alike(separator, encoding):
    text = "\r\n".join(separator.join(cells) for cells in (("姓名", "工号"), ("张三", "007"), ("李四", "T002")))
    assert table(text.encode(encoding)) == [
        (2, {"name": "张三", "number": "007"}, {}),
        (3, {"name": "李四", "number": "T002"}, {}),
    ]


def test_table_on_the_second_sheet_below_a_title_is_found():
    def second(book):
        sheet = book.create_sheet("人员")
        for row in (["某公司花名册"], [], ["编号", "姓名"], ["T1", "张三"]):
            sheet.append(row)

    assert table(workbook(["封面"], fill=second)) == [(4, {"name": "张三", "number": "T1"}, {})]


def test_seven_shown_as_007_is_007():
    def padded(book):
        book.active["B2"].number_format = "000"

    assert table(workbook(["姓名", "工号"], ["张三", 7], fill=padded)) == [(2, {"name": "张三", "number": "007"}, {})]


def test_numbers_a_spreadsheet_has_spoilt_are_refused_by_cell():
    content = workbook(["姓名", "工号"], ["张三", 110101199003070015], ["李四", "1.38E+10"], ["王五", 13800000001])
    assert [(number, faults) for number, _values, faults in table(content)] == [
        (2, {"number": "inexact"}),
        (3, {"number": "rounded"}),
        (4, {}),
    ]


def test_csv_with_digits_lost_is_refused_by_cell():
    assert table("姓名,工号\n张三,110101199003070000\n李四,110101199003070015\n".encode())[0][2] == {
        "number": "inexact"
    }


def test_formula_without_a_value_is_refused_by_cell():
    assert table(workbook(["姓名", "工号"], ["张三", '="T"&1'])) == [
        (2, {"name": "张三", "number": ""}, {"number": "formula"})
    ]


def test_cells_merged_downwards_hold_for_each_row():
    def merged(book):
        book.active.merge_cells("A2:A3")

    content = workbook(["姓名", "工号"], ["张三", "T1"], [None, "T2"], fill=merged)
    assert [values["name"] for _number, values, _faults in table(content)] == ["张三", "张三"]


def test_word_table_reads_like_a_sheet():
    document = Document()
    document.add_paragraph("附件")
    grid = document.add_table(rows=3, cols=2)
    for at, cells in enumerate((("姓名", "工号"), ("张三", "T1"), ("", "T2"))):
        for place, text in enumerate(cells):
            grid.cell(at, place).text = text
    grid.cell(1, 0).merge(grid.cell(2, 0))
    out = io.BytesIO()
    document.save(out)
    assert [values["name"] for _number, values, _faults in table(out.getvalue())] == ["张三", "张三"]
    assert plain_text(out.getvalue()) == "附件"


def test_workbook_with_macros_is_refused():
    content = io.BytesIO(workbook(["姓名", "工号"]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(Refused) as refused:
        read(content.getvalue())
    assert refused.value.code == "macros"


def test_zip_bomb_is_refused_before_it_is_unpacked():
    content = io.BytesIO(workbook(["姓名", "工号"]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zero.bin", b"\0" * (60 * 1024 * 1024))
    with pytest.raises(Refused) as refused:
        read(content.getvalue())
    assert refused.value.code == "too_large"


def test_too_many_rows_are_refused():
    with pytest.raises(Refused) as refused:
        read(("姓名,工号\n" + "张三,T1\n" * (MAX_ROWS + 1)).encode())
    assert refused.value.code == "too_large"


def renumbered(content, number):
    """The workbook with its second row said to be row ``number``."""
    old, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b'<row r="2"', b'<row r="%d"' % number)
                part = part.replace(b'A2"', b'A%d"' % number).replace(b'B2"', b'B%d"' % number)
            archive.writestr(name, part)
    return out.getvalue()


def test_row_below_the_last_one_of_a_sheet_is_refused_without_counting_down_to_it():
    content = renumbered(workbook(["姓名", "工号"], ["张三", "T1"]), 10_000_000)
    with pytest.raises(Refused) as refused:
        read(content)
    assert (refused.value.code, refused.value.what) == ("too_large", "10000000")


def test_row_far_down_keeps_its_number():
    assert table(renumbered(workbook(["姓名", "工号"], ["张三", "T1"]), 60_000))[0][0] == 60_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old_format"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"%PDF-1.7", "unreadable"),
        (b"\x00\x01\x02\xff" * 50, "unreadable"),
        (b"  \n ", "empty"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(content, reason):
    with pytest.raises(reading.UnreadableImport) as refused:
        reading.read_tables(content)
    assert refused.value.params["reason"] == reason
    assert "%(" not in str(refused.value)


@pytest.mark.parametrize("name", ["名单.xlsx", "名单.XLSX", "名单.xlsm", "名单.docx"])
@pytest.mark.parametrize("content", [b"\xe5\xa7\x93\xe5\x90\x8d,T001\n", b"<html><table></table></html>", b"%PDF-1.7"])
def test_what_is_named_like_a_workbook_and_is_none_is_told_so(name, content):
    with pytest.raises(reading.UnreadableImport) as refused:
        reading.read_tables(content, name)
    assert refused.value.params["reason"] == "not_office"


def test_a_workbook_and_a_text_are_read_under_their_own_names():
    assert reading.read_tables(workbook(["姓名"], ["张三"]), "名单.xlsx")
    assert reading.read_tables("姓名,工号\n张三,T1\n".encode(), "名单.csv")


def test_reading_apart_gives_what_the_reader_gives():
    content = workbook(["姓名", "工号"], ["张三", "1.38E+10"])
    assert reading.read_tables(content) == read(content)


def test_titles_ignore_units_marks_and_width():
    assert title_key("培训时间（ｈ）*") == title_key("培训时间")

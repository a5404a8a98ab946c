"""The text of each kind of file, and what a file may not cost."""

import io
import re
import struct
import zipfile
from datetime import datetime

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from openpyxl import Workbook
from PIL import Image
from pptx import Presentation
from pptx.util import Cm
from weasyprint import HTML

from portal.search.indexing import text_readers
from portal.search.indexing.extraction import PAGE_END, UnreadableFile
from portal.search.indexing.text_readers import extract_text

TEXT_BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:AlternateContent><mc:Choice Requires='wps'><w:p><w:r><w:t>{0}</w:t></w:r></w:p></mc:Choice>"
    "<mc:Fallback><w:p><w:r><w:t>{0}</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r>"
)


def read(ending: str, content: io.BytesIO) -> str:
    return "".join(extract_text(ending, content)).strip("\n")


def saved(made) -> io.BytesIO:
    content = io.BytesIO()
    made.save(content)
    content.seek(0)
    return content


def changed(content: io.BytesIO, **members: bytes) -> io.BytesIO:
    """Return an archive with members added, or put in the place of others (`__` for `/`, their ending after `_`)."""
    new = {re.sub("_(?=[a-z]+$)", ".", name.replace("__", "/")): data for name, data in members.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in old.namelist():
            if name not in new:
                packed.writestr(name, old.read(name))
        for name, data in new.items():
            packed.writestr(name, data)
    made.seek(0)
    return made


def word_file(*paragraphs: str) -> io.BytesIO:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def test_a_word_file_gives_its_paragraphs():
    assert read(".docx", word_file("冷库化霜 & 排水", "第二段")) == "冷库化霜 & 排水\n第二段"


def test_a_word_file_gives_what_stands_outside_its_paragraphs():
    document = Document()
    paragraph = document.add_paragraph("第一行")
    paragraph.add_run().add_break(WD_BREAK.LINE)
    paragraph.add_run("第二行\t10 ℃")
    row = document.add_table(rows=1, cols=2).rows[0]
    row.cells[0].text, row.cells[1].text = "E6", "通讯故障"
    box = document.add_paragraph()
    box._p.append(text_readers.parse_xml(TEXT_BOX.format("注意高温")))
    document.sections[0].header.paragraphs[0].text = "维修手册"
    document.sections[0].footer.paragraphs[0].text = "第 2 版"
    text = read(".docx", saved(document)).split("\n")
    assert text[:5] == ["第一行", "第二行 10 ℃", "E6", "通讯故障", "注意高温"]
    assert sorted(text[5:]) == ["第 2 版", "维修手册"]


def test_a_word_file_saved_as_strict_is_read():
    made = word_file("压缩机不启动")
    with zipfile.ZipFile(made) as archive:
        strict = {
            name: re.sub(
                rb"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml|drawingml)/2006/",
                rb"http://purl.oclc.org/ooxml/\1/",
                archive.read(name),
            )
            for name in ("_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml")
        }
    copy = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(copy, "w") as packed:
        for name in old.namelist():
            packed.writestr(name, strict.get(name, old.read(name)))
    copy.seek(0)
    assert read(".docx", copy) == "压缩机不启动"


def test_an_excel_file_gives_its_rows():
    book = Workbook()
    book.active.append(["故障", None, "E6 通讯", 25, 0.5])
    book.create_sheet("备件").append(["密封圈", datetime(2026, 11, 26)])
    assert read(".xlsx", saved(book)) == "故障 E6 通讯 25 0.5\n密封圈 2026-11-26 00:00:00"


def test_an_excel_file_may_state_any_size():
    book = Workbook()
    book.active.append(["E6"])
    made = saved(book)
    with zipfile.ZipFile(made) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    sheet = sheet.replace(b'ref="A1"', b'ref="A1:XFD1048576"', 1)
    assert read(".xlsx", changed(made, xl__worksheets__sheet1_xml=sheet)) == "E6"


def test_slides_come_in_their_order_with_tables_and_notes():
    show = Presentation()
    for number in range(1, 12):
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = f"第{number}页"
    cell = slide.shapes.add_table(1, 1, Cm(1), Cm(1), Cm(5), Cm(1)).table.cell(0, 0)
    cell.text = "力矩"
    slide.notes_slide.notes_text_frame.text = "讲十分钟"
    # The second slide is shown last.
    order = show.slides._sldIdLst
    order.append(order[1])
    expected = [f"第{number}页" for number in (1, *range(3, 12))] + ["力矩", "讲十分钟", "第2页"]
    assert read(".pptx", saved(show)).split("\n") == expected


def test_pictures_and_films_are_not_unpacked(monkeypatch):
    picture = io.BytesIO()
    Image.effect_noise((400, 400), 100).save(picture, "PNG")
    size = len(picture.getvalue())
    assert size > 100_000
    document = Document()
    document.add_paragraph("接线图")
    document.add_picture(picture)
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "接线图"
    slide.shapes.add_picture(picture, 0, 0)
    for ending, made in ((".docx", document), (".pptx", show)):
        content = saved(made)
        with zipfile.ZipFile(content) as archive:
            held = {info.filename: info.file_size for info in archive.infolist()}
        text_size = sum(length for name, length in held.items() if name.endswith((".xml", ".rels")))
        assert sum(held.values()) >= text_size + size
        monkeypatch.setattr(text_readers, "MAX_UNPACKED", text_size)
        assert read(ending, content) == "接线图"


def office_files() -> dict[str, io.BytesIO]:
    return {".docx": word_file("x"), ".pptx": saved(Presentation()), ".xlsx": saved(Workbook())}


@pytest.mark.parametrize("ending", [".docx", ".pptx", ".xlsx"])
def test_an_archive_that_unpacks_too_large_is_refused_before_it_is_unpacked(ending, monkeypatch):
    bomb = changed(office_files()[ending], customXml__item1_xml=b" " * (text_readers.MAX_UNPACKED + 1))
    assert len(bomb.getvalue()) < text_readers.MAX_UNPACKED / 100
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *args: pytest.fail("unpacked"))
    with pytest.raises(UnreadableFile, match="too large"):
        read(ending, bomb)


def test_a_part_that_states_less_than_it_holds_is_not_unpacked_further():
    bomb = changed(word_file("x"), customXml__item1_xml=b" " * 1_000_000).getvalue()
    held, stated = struct.pack("<I", 1_000_000), struct.pack("<I", 10)
    assert bomb.count(held) == 2
    with pytest.raises(UnreadableFile, match="CRC"):
        read(".docx", io.BytesIO(bomb.replace(held, stated)))


def test_a_pdf_keeps_its_pages_and_parts_no_words_at_line_ends():
    sentence = "压缩机螺栓预紧力矩应按照说明书规定的数值分三次逐步拧紧并在运行二十四小时之后复查一次防止松动和泄漏。"
    style = "font-family: Noto Sans CJK SC, Noto Sans SC; break-after: page"
    pages = (sentence * 2 + "<br>标题<br>正文", "<br>", "第二章")
    pdf = HTML(string="".join(f"<p style='{style}'>{page}</p>" for page in pages)).write_pdf()
    first, *others = read(".pdf", io.BytesIO(pdf)).split(PAGE_END)
    assert first == f"{sentence * 2}\n标题\n正文"
    assert others == ["", "第二章", ""]


TEXTS = ["压缩机不启动", "最开一退销家", "E6 通讯故障，\n检查接线", "fan stops", "冷库 −18℃ × 3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", TEXTS)
def test_plain_text_in_every_encoding(text, encoding):
    assert read(".txt", io.BytesIO(text.encode(encoding))) == text


def test_utf_16_of_the_other_order_is_known_by_its_mark():
    assert read(".csv", io.BytesIO("\ufeff代码,故障".encode("utf-16-be"))) == "代码,故障"


def test_a_text_cut_in_the_middle_of_a_character_is_read(monkeypatch):
    monkeypatch.setattr(text_readers, "MAX_CHARACTERS", 10)
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert read(".txt", io.BytesIO(("压缩机坏" * 300).encode(encoding))) == "压缩机坏压缩机坏压缩"


@pytest.mark.parametrize(
    ("content", "text"),
    [("压缩机\x00坏了".encode(), "压缩机坏了"), ("café,\nle four ne chauffe pas\n".encode("latin-1"), ""), (b"", "")],
)
def test_what_is_no_two_byte_text_is_not_read_as_one(content, text):
    assert read(".txt", io.BytesIO(content)) == text


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".pptx", ".xlsx"])
def test_a_damaged_file_is_named(ending):
    with pytest.raises(UnreadableFile):
        read(ending, io.BytesIO(b"not what it says"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["冰柜结霜", "①②③ℓ㎡冷库", "code,fault\nE1,high pressure"])
@pytest.mark.parametrize("rest", [b"", b"\n"])
def test_text_of_two_bytes_is_read_also_with_a_stray_byte(encoding, text, rest):
    assert read(".txt", io.BytesIO(text.encode(encoding) + rest)) == text

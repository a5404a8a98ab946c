"""Uploaded files are found by their text, by those who may open them."""

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook
from weasyprint import HTML

from portal.enums import Audience
from portal.models import PortalDocument
from portal.search import extraction
from portal.search.extraction import UnreadableFile, extract_text
from portal.search.own_sources import file_documents, page_documents, read_document


def archive(**parts: str) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/") + ".xml", text)
    made.seek(0)
    return made


def test_a_word_file_gives_its_paragraphs():
    made = archive(
        word__document="<w:p><w:r><w:t>冷库</w:t></w:r><w:r><w:t xml:space='preserve'>化霜 &amp; 排水</w:t></w:r></w:p>"
        "<w:p><w:t>第二段</w:t></w:p>"
    )
    assert extract_text("手册.DOCX", made) == "冷库化霜 & 排水\n第二段"


def test_an_excel_file_gives_its_words():
    made, book = io.BytesIO(), Workbook()
    book.active.append(["故障", "E6 通讯"])
    book.save(made)
    made.seek(0)
    text = extract_text("codes.xlsx", made)
    assert "E6 通讯" in text


def test_a_pdf_gives_its_text():
    pdf = HTML(string="<p style='font-family: Noto Sans SC'>E6 drain pump 220V</p>").write_pdf()
    assert "E6 drain pump" in extract_text("a.pdf", io.BytesIO(pdf))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_plain_text_in_either_encoding(encoding):
    assert extract_text("a.txt", io.BytesIO("压缩机不启动".encode(encoding))) == "压缩机不启动"


def test_other_kinds_have_no_text():
    assert extract_text("a.zip", io.BytesIO(b"PK")) == ""


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx"])
def test_a_damaged_file_is_named(name):
    with pytest.raises(UnreadableFile):
        extract_text(name, io.BytesIO(b"not what it says"))


def test_an_archive_that_unpacks_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(extraction, "MAX_UNPACKED", 10)
    with pytest.raises(UnreadableFile):
        extract_text("a.docx", archive(word__document="<w:p><w:t>x</w:t></w:p>" * 10))


def test_an_upload_is_read_in_the_background(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = PortalDocument(title="接线图", audience=Audience.RESTRICTED)
        document.file.save("w.txt", ContentFile("红线接 L 端子".encode()))
    document.refresh_from_db()
    assert document.text == "红线接 L 端子"
    (found,) = file_documents(document)
    assert (found.audience, found.kind, found.url) == (Audience.RESTRICTED, "document", document.url)


def test_a_broken_upload_is_kept_without_text(db):
    document = PortalDocument(title="坏文件")
    document.file.save("b.pdf", ContentFile(b"%PDF-nonsense"))
    assert read_document(document.pk) == 0
    assert read_document(0) == 0


def test_a_draft_page_gives_no_document(db):
    from portal.models import InformationPage

    assert list(page_documents(InformationPage(title="草稿", live=False))) == []

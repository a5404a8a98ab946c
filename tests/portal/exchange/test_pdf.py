"""PDF: readable characters, our own typeface, nothing from the network."""

import contextlib
import io
import logging
import re
import zlib

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template import engines
from pypdf import PdfReader

from portal.exchange import pdf, qr

pytestmark = pytest.mark.django_db
FRAME = '{% extends "print/base.html" %}{% block content %}BODY{% endblock %}'


@pytest.fixture
def render(monkeypatch):
    """Return a function rendering ``body`` in the frame of every paper."""

    def make(body, **context):
        template = engines["django"].from_string(FRAME.replace("BODY", body))
        monkeypatch.setattr(pdf, "render_to_string", lambda name, facts: template.render(facts))
        return pdf.render_pdf("x.html", {"title": "培训签到表", **context})

    return make


def unpacked(content):
    """Return a PDF with its compressed streams opened."""
    opened = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            opened.append(zlib.decompress(stream))
    return b"\n".join(opened)


def test_paper_is_a_tagged_pdf_with_the_house_typeface_only(render):
    content = render("<p>冷冻设备：8 小时 ✓ ≥ −18 ℃</p>", form_number="PX-04 A/1").content
    assert content.startswith(b"%PDF-1.7")
    inside = unpacked(content)
    assert b"/StructTreeRoot" in inside
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([A-Za-z-]+)", inside))
    assert fonts == {b"Noto-Sans-SC", b"Noto-Sans-SC-Bold"}
    assert len(content) < 60_000


def text_of(printed):
    """Return the text of the first page, as a reader copies it."""
    return PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()


def test_further_faces_draw_what_the_first_lacks(render):
    printed = render("<p>Michał Wójcik 김철수 𠮷田 𡃁 H₂O ⌀12 ✔ ⚡</p>")

    assert printed.marked == ()
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([A-Za-z0-9-]+)", unpacked(printed.content)))
    assert fonts >= {
        b"Noto-Sans-SC",
        b"Source-Sans-3",
        b"Noto-Sans-KR",
        b"Noto-Sans-JP",
        b"Noto-Sans-HK",
        b"DejaVu-Sans",
    }
    assert "Michał Wójcik 김철수 𠮷田 𡃁 H₂O ⌀12 ✔ ⚡" in text_of(printed)


def test_bold_text_needs_no_bold_face(render):
    assert render("<p><strong>김𠮷⚡ł</strong></p>").marked == ()


def test_character_no_face_has_is_marked_and_explained(render):
    printed = render("<p>张𠀀</p><p>李四</p>")

    assert printed.marked == ("𠀀",)
    assert "张〔U+20000〕" in text_of(printed)
    assert "李四" in text_of(printed)
    assert "没有" in text_of(printed)


def test_paper_without_marks_explains_none(render):
    assert "〔U+" not in text_of(render("<p>张三</p>"))


def test_text_that_is_not_printed_may_hold_anything(render):
    assert render("<!-- 𠀀 --><p>好</p>").marked == ()


def test_what_the_engine_misses_is_marked_too(render, monkeypatch):
    written = []
    write = pdf._write

    def complaining(markup, *rest):
        written.append(markup)
        content, _complaints = write(markup, *rest)
        return content, {"好"} if len(written) == 1 else set()

    monkeypatch.setattr(pdf, "_write", complaining)
    assert render("<p>好</p>").marked == ("好",)
    assert "〔U+597D〕" in written[1]


def test_complaint_of_the_engine_is_heard():
    handler = pdf._MissingGlyphs()
    line = logging.LogRecord(
        "weasyprint", logging.WARNING, "", 1, '.notdef glyph rendered: "%s" (U+%04X)', ("𠮷", 1), None
    )
    handler.emit(line)
    assert handler.characters == {"𠮷"}


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.png",
        "http://127.0.0.1:8000/media/images/a.png",
        "http://127.0.0.1:8000/static/../../etc/passwd",
        "http://127.0.0.1:8000/static/%2e%2e/portal/settings.py",
        "file:///etc/passwd",
        (pdf.STATIC_SOURCE.parent / "portal" / "settings.py").as_uri(),
        "ftp://example.com/x",
    ],
)
def test_nothing_but_static_files_is_fetched(address):
    with pytest.raises(ValueError, match="static files and data: addresses only"):
        pdf.LocalFetcher().fetch(address)


def test_static_files_and_data_are_given(settings):
    name = f"{settings.PUBLIC_URL}/static/img/logo.svg"
    assert b"<svg" in pdf.LocalFetcher().fetch(name).read()
    assert pdf.LocalFetcher().fetch("data:text/plain,hello").read() == b"hello"


@pytest.fixture
def asked(rf):
    """A request that can carry messages."""
    request = rf.get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


@pytest.mark.parametrize(("inline", "kind"), [(True, "inline"), (False, "attachment")])
def test_answer_names_the_file_in_chinese_and_is_kept_nowhere(asked, inline, kind):
    response = pdf.pdf_response(asked, pdf.Printed(b"%PDF"), "签到表 1.pdf", inline=inline)

    assert response["Content-Disposition"] == (
        f"{kind}; filename=\"qiandaobiao-1.pdf\"; filename*=UTF-8''%E7%AD%BE%E5%88%B0%E8%A1%A8%201.pdf"
    )
    assert response["Cache-Control"] == "private, no-store"
    assert list(messages.get_messages(asked)) == []


def test_marks_are_said_to_the_reader(asked):
    pdf.pdf_response(asked, pdf.Printed(b"%PDF", ("𠀀",)), "签到表.pdf")

    (said,) = messages.get_messages(asked)
    assert "签到表.pdf" in said.message
    assert "𠀀 (U+20000)" in said.message


@pytest.mark.parametrize(("name", "ascii_name"), [("签到表.pdf", "qiandaobiao.pdf"), ("김.pdf", "document.pdf")])
def test_name_without_a_latin_letter_still_has_a_fallback(asked, name, ascii_name):
    assert f'filename="{ascii_name}"' in pdf.pdf_response(asked, pdf.Printed(b""), name)["Content-Disposition"]


def test_file_name_cannot_add_a_header(asked):
    disposition = pdf.pdf_response(asked, pdf.Printed(b""), 'a"\r\nX-Evil: 1.pdf')["Content-Disposition"]

    assert "\r" not in disposition
    assert 'filename="a-X-Evil-1.pdf"' in disposition


def test_qr_symbol_is_drawn_without_style():
    drawn = qr.svg("https://portal.example.com/e/0123456789abcdef0123456789abcdef/")
    assert drawn.startswith("<svg")
    assert "style" not in drawn
    assert 'class="qr"' in drawn
    assert qr.svg_data_uri("https://portal.example.com/").startswith("data:image/svg+xml")


def test_qr_symbol_is_of_the_size_every_scanner_reads():
    segno_symbol = qr._symbol("https://portal.example.com/e/0123456789abcdef0123456789abcdef/")
    assert segno_symbol.error == "M"
    assert not segno_symbol.is_micro


def scopes(content):
    """Return the scope of each header cell in the tags of a PDF, in reading order."""
    found = []

    def walk(element):
        element = element.get_object()
        if not isinstance(element, dict):
            return
        if element.get("/S") == "/TH":
            found.append(element["/A"].get("/Scope"))
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if not isinstance(kid, int):
                walk(kid)

    walk(PdfReader(io.BytesIO(content)).trailer["/Root"]["/StructTreeRoot"])
    return found


def test_header_cells_say_what_they_are_the_header_of(render):
    head = '<thead><tr><th scope="col">姓名</th><th>工时</th></tr></thead>'
    rows = '<tr><th scope="row">张伟</th><td>8</td></tr>' * 90

    found = scopes(render(f"<table>{head}<tbody>{rows}</tbody></table>").content)

    assert found.count("/Row") == 90
    # The head is repeated on every page.
    assert found.count("/Column") == len(found) - 90 >= 4

"""PDF: readable characters, our own typeface, nothing from the network."""

import contextlib
import io
import logging
import re
import zlib

import pytest
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
    content = render("<p>冷冻设备：8 小时 ✓ ≥ −18 ℃</p>", form_number="PX-04 A/1")
    assert content.startswith(b"%PDF-1.7")
    inside = unpacked(content)
    assert b"/StructTreeRoot" in inside
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([A-Za-z-]+)", inside))
    assert fonts == {b"Noto-Sans-SC", b"Noto-Sans-SC-Bold"}
    assert len(content) < 60_000


@pytest.mark.parametrize("body", ["<p>𠮷田</p>", "<p>&#x20BB7;</p>", '<img alt="" src="x">☐'])
def test_character_without_a_glyph_is_refused_by_name(render, body):
    with pytest.raises(pdf.GlyphMissing) as refusal:
        render(body)
    assert "U+" in str(refusal.value)


def test_text_that_is_not_printed_may_hold_anything(render):
    assert render("<!-- 𠮷 --><p>好</p>").startswith(b"%PDF")


def test_missing_glyphs_names_them():
    assert pdf.missing_glyphs("林小川 A1，（①）\n\u200b") == set()
    assert pdf.missing_glyphs("𠮷田☐") == {"𠮷", "☐"}


def test_complaint_of_the_engine_is_refused_too(render, monkeypatch):
    monkeypatch.setattr(pdf, "missing_glyphs", lambda text: set())
    monkeypatch.setattr(pdf, "_refuse", lambda found: found and pytest.fail(f"seen {found}"))
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


@pytest.mark.parametrize(("inline", "kind"), [(True, "inline"), (False, "attachment")])
def test_answer_names_the_file_in_chinese_and_is_kept_nowhere(inline, kind):
    response = pdf.pdf_response(b"%PDF", "签到表 1.pdf", inline=inline)
    assert response["Content-Disposition"] == (
        f"{kind}; filename=\"qiandaobiao-1.pdf\"; filename*=UTF-8''%E7%AD%BE%E5%88%B0%E8%A1%A8%201.pdf"
    )
    assert response["Cache-Control"] == "private, no-store"


def test_name_without_a_latin_letter_still_has_a_fallback():
    assert 'filename="qiandaobiao.pdf"' in pdf.pdf_response(b"", "签到表.pdf")["Content-Disposition"]
    assert 'filename="document.pdf"' in pdf.pdf_response(b"", "김.pdf")["Content-Disposition"]


def test_file_name_cannot_add_a_header():
    disposition = pdf.pdf_response(b"", 'a"\r\nX-Evil: 1.pdf')["Content-Disposition"]
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

    found = scopes(render(f"<table>{head}<tbody>{rows}</tbody></table>"))

    assert found.count("/Row") == 90
    # The head is repeated on every page.
    assert found.count("/Column") == len(found) - 90 >= 4

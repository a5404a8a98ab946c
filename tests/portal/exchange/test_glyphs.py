"""Typefaces of PDF: what they draw, and what is printed for a character none of them has."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange import glyphs

#: No face has it: the first character of CJK Extension B that is in no national standard used here.
MISSING = "𠀀"


@pytest.mark.parametrize(
    "text", ["łŵčőğŽđß", "김철수", "𠮷𡃁", "₂₃⌀✔⚡☐☎", "Ωμ°Ж", "Nguyễn Thị Ợ", "林小川 A1，（①）\n\u200b"]
)
def test_faces_draw_names_and_signs(text):
    assert glyphs.missing_glyphs(text) == set()


@pytest.mark.parametrize("text", [MISSING, "\ue000", "\U0010ffff", "🔧\u200d🔩"])
def test_what_no_face_has_is_named(text):
    assert glyphs.missing_glyphs(text) == {each for each in text if unicodedata.category(each) != "Cf"}


@pytest.mark.parametrize("text", ["⚠\ufe0f", "葛\U000e0100", "e\u0301", "a\u00adb"])
def test_what_has_no_shape_of_its_own_is_not_missed(text):
    assert glyphs.mark_missing(f"<p>{text}</p>")[1] == []


@pytest.mark.parametrize("written", [MISSING, "&#x20000;", "&#131072;", "&#X20000;"])
def test_marked_however_it_is_written(written):
    assert glyphs.mark_missing(f"<p>张{written}</p>") == (
        '<p>张<span class="no-glyph">〔U+20000〕</span></p>',
        [MISSING],
    )


def test_marks_stand_in_text_only():
    markup = f'<title>{MISSING}</title><style>.{MISSING}</style><!-- {MISSING} --><img alt="{MISSING}">好'

    assert glyphs.mark_missing(markup) == (markup, [])


def test_escaped_markup_stays_escaped():
    assert glyphs.mark_missing("<p>&lt;b&#62; &amp; &#38; &#34;</p>")[0] == "<p>&lt;b&#62; &amp; &#38; &#34;</p>"


def test_accents_are_joined_to_their_letters():
    assert glyphs.mark_missing("<p>e\u0301</p>")[0] == "<p>é</p>"


def test_further_faces_of_the_server_are_asked_last(settings):
    path = str(glyphs.FACES / "DejaVuSans.ttf")
    settings.PRINT_FONTS = (path,)

    assert glyphs.faces()[-1] == glyphs.Face("Print DejaVuSans", ((400, path),))
    assert glyphs.font_stylesheet().splitlines()[-1].endswith('"DejaVu Sans", "Print DejaVuSans"; }')


def test_faces_are_no_static_files(settings):
    assert not list((settings.BASE_DIR / "static").rglob("*.ttf"))
    assert "static" not in glyphs.FACES.parts


@given(st.text(max_size=40))
def test_nothing_printed_is_without_a_glyph(text):
    marked, missing = glyphs.mark_missing(glyphs.html.escape(text))

    assert glyphs.missing_glyphs(marked) == set()
    assert set(missing) <= set(unicodedata.normalize("NFC", text)) | set(text)

"""Drawings are let in only when they stand still."""

import pytest
from django.core.exceptions import ValidationError

from portal.content.svg import MAX_BYTES, check_drawing

FRAME = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'

MOVING = {
    "script": "<script>alert(1)</script>",
    "handler": '<rect onload="alert(1)"/>',
    "page_inside": "<foreignObject><p>x</p></foreignObject>",
    "xhtml": '<g><p xmlns="http://www.w3.org/1999/xhtml">x</p></g>',
    "picture_from_afar": '<image href="https://example.com/a.png"/>',
    "link": '<a href="javascript:alert(1)"><text>x</text></a>',
    "reference": '<use xlink:href="#a"/>',
    "animation": '<rect><animate attributeName="x" to="9"/></rect>',
    "style_import": "<style>@import url(https://example.com/a.css);</style>",
    "style_fetch": '<rect style="fill: url(https://example.com/a#b)"/>',
    "style_quoted": "<rect style=\"fill: url('//example.com/a#b')\"/>",
    "style_escaped": '<rect style="fill: \\75rl(https://example.com/a)"/>',
    "attribute_fetch": '<rect fill="url(https://example.com/a#b)"/>',
}


@pytest.mark.parametrize("inside", MOVING.values(), ids=MOVING.keys())
def test_what_runs_moves_or_fetches_is_refused(inside):
    with pytest.raises(ValidationError) as refused:
        check_drawing(FRAME.format(inside).encode())
    assert refused.value.code == "drawing_not_still"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no drawing",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        b'<?xml version="1.0" encoding="none"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
)
def test_what_is_no_drawing_is_refused(content):
    with pytest.raises(ValidationError) as refused:
        check_drawing(content)
    assert refused.value.code == "no_drawing"


def test_drawing_too_large_is_refused():
    for content in (b" " * (MAX_BYTES + 1), FRAME.format("<g/>" * 20_001).encode()):
        with pytest.raises(ValidationError) as refused:
            check_drawing(content)
        assert refused.value.code == "drawing_too_large"


def test_plain_drawing_of_a_drawing_program_passes():
    check_drawing(
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape">'
        b'<metadata inkscape:x="1"/><defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
        b"<style>.a { fill: url(#a) }</style><path d='M0 0' fill='url(#a)' style='stroke:#000'/></svg>"
    )

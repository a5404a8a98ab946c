"""Render URLs as QR codes (segno): inline SVG without inline styles, so the CSP allows it, and pictures for PDF."""

import base64
import io

import segno
from PIL import Image

# Of a module in pictures; papers draw them with sharp edges at any size (css/print/base.css).
PIXELS = 2


def _symbol(text: str) -> segno.QRCode:
    # Micro QR is not read by many telephones; error level M survives a scratched label.
    return segno.make(text, micro=False, error="m")


def svg(text: str) -> str:
    """Return ``text`` (an address; ASCII reads best) as an inline SVG, sized by the CSS class ``qr``."""
    out = io.BytesIO()
    _symbol(text).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        nl=False,
        border=4,
    )
    return out.getvalue().decode()


def png_data_uri(text: str) -> str:
    """Return ``text`` as a black-and-white picture in a data: address, which PDFs of many pages draw quicker than SVG.

    For addresses that hold a random number: they need no search for the mask that breaks up large areas, which is
    most of the work.
    """
    symbol = segno.make(text, micro=False, error="m", mask=3)
    rows = [bytes(0 if dark else 255 for dark in row) for row in symbol.matrix_iter(border=4)]
    picture = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows)).convert("1", dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.resize((picture.width * PIXELS, picture.height * PIXELS), Image.Resampling.NEAREST).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def svg_data_uri(text: str) -> str:
    """Return ``text`` as an SVG in a data: address, for <img> on pages and in PDFs."""
    return _symbol(text).svg_data_uri(omitsize=True, border=4)

"""Render URLs as inline SVG QR codes (segno); no inline styles, so the CSP allows them."""

import io

import segno


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


def svg_data_uri(text: str) -> str:
    """Return ``text`` as an SVG in a data: address, for <img> on pages and in PDFs."""
    return _symbol(text).svg_data_uri(omitsize=True, border=4)

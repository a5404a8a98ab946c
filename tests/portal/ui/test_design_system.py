"""The face keeps its own rules: tokens, contrast, icons, no inline style or script."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# css/print/ belongs to the PDF documents, which stand on paper and not on these tokens.
CSS = [path for path in sorted((ROOT / "static/css").rglob("*.css")) if path.parent.name != "print"]
TEMPLATES = sorted(
    path for app in ("portal", "kb", "courses", "certification") for path in (ROOT / app).rglob("*.html")
)
# Rendered to PDF or inside Wagtail's admin, where the strict content policy does not hold.
ELSEWHERE = ("/print/", "/pdf/", "/wagtailadmin/", "/admin/")
TOKENS = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")

# foreground, background, least contrast: text 4.5, drawings and frames 3 (WCAG 2.2, 1.4.3 and 1.4.11)
PAIRS = [
    *[(ink, ground, 4.5) for ink in ("ink", "ink-2", "ink-3", "link") for ground in ("ground", "surface", "sunken")],
    *[(colour, f"{colour}-soft", 4.5) for colour in ("green", "amber", "red", "grey")],
    *[(colour, "surface", 4.5) for colour in ("green", "amber", "red", "brand")],
    *[("on-solid", f"{colour}-solid", 3.0) for colour in ("green", "red", "grey")],
    ("ink", "brand-soft", 4.5),
    ("brand-strong", "brand-soft", 4.5),
    ("on-brand", "brand", 4.5),
    ("on-brand", "brand-strong", 4.5),
    ("on-chrome", "chrome", 4.5),
    ("on-chrome-2", "chrome", 4.5),
    ("on-chrome", "chrome-2", 4.5),
    ("on-display", "display", 4.5),
    ("on-mark", "mark", 4.5),
    ("line-strong", "surface", 3.0),
    ("focus", "ground", 3.0),
    ("focus", "surface", 3.0),
]


def colours(selector: str) -> dict[str, str]:
    """Return the plain colours a block of tokens.css sets."""
    block = TOKENS.split(selector + " {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", [":root", ':root[data-theme="dark"]'], ids=["light", "dark"])
def test_tokens_contrast_meets_aa(mode):
    palette = colours(mode)
    weak = {
        f"{front} on {back}": round(contrast(palette[front], palette[back]), 2)
        for front, back, least in PAIRS
        if contrast(palette[front], palette[back]) < least
    }
    assert weak == {}


def test_tokens_dark_is_the_same_by_device_and_by_choice():
    assert colours(':root:not([data-theme="light"])') == colours(':root[data-theme="dark"]')


def test_css_uses_only_defined_tokens():
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    used = {
        (path.name, name) for path in CSS for name in re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in used if pair[1] not in defined} == set()


def test_css_is_linked_in_one_place():
    head = (ROOT / "portal/templates/components/site_head.html").read_text(encoding="utf-8")
    assert {str(path.relative_to(ROOT / "static")) for path in CSS} == set(re.findall(r'"(css/[\w/.-]+)"', head))


def test_templates_draw_only_icons_that_exist():
    sprite = set(re.findall(r'symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")))
    drawn = {
        (path.name, name)
        for path in TEMPLATES
        # Wagtail's admin has an icon tag and drawings of its own.
        if "wagtailadmin" not in path.read_text(encoding="utf-8")
        for name in re.findall(r'(?:{% icon|\bicon=|icon_after=) ?"([\w-]+)"', path.read_text(encoding="utf-8"))
        if "/components/" not in str(path) or "{% icon" in path.read_text(encoding="utf-8")
    }
    assert {pair for pair in drawn if pair[1] not in sprite} == set()


def test_templates_hold_no_inline_style_or_script():
    inline = re.compile(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*(?:\bsrc=|type=\"application/json\"))|javascript:")
    pages = [path for path in TEMPLATES if not any(part in str(path) for part in ELSEWHERE)]
    assert [str(path.relative_to(ROOT)) for path in pages if inline.search(path.read_text(encoding="utf-8"))] == []

"""Typefaces embedded in PDF, and characters that none of them can draw.

Faces stand in ``faces/`` (not below ``static/``: only PDF documents use them). Text is set in the first; each further
one draws what those before it lack. A character no face has is printed as its code point in brackets, 〔U+20000〕.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FACES = Path(__file__).resolve().parent / "faces"

# What a reader does not see as text: tags, comments, the document's title (metadata), scripts, styles, drawings.
MARKUP = re.compile(r"(<(script|style|svg|title)\b.*?</\2>|<!--.*?-->|<[^>]*>)", re.DOTALL | re.IGNORECASE)
NUMBERED = re.compile(r"&#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});")
# Controls, formats, separators: they have no shape of their own.
SHAPELESS = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True)
class Face:
    """A family of typefaces.

    Args:
        family: its name in CSS.
        files: file in ``faces/`` (or an absolute path) by CSS weight; a family without 700 is set in 400.
    """

    family: str
    files: tuple[tuple[int, str], ...]

    @property
    def paths(self) -> list[tuple[int, Path]]:
        """Weight and file of each face."""
        return [(weight, FACES / name) for weight, name in self.files]

    def characters(self) -> frozenset[int]:
        """Return the code points all weights can draw."""
        return frozenset.intersection(*(_characters_of(path) for _weight, path in self.paths))


BUNDLED = (
    Face("Noto Sans SC", ((400, "NotoSansSC_400Regular.ttf"), (700, "NotoSansSC_700Bold.ttf"))),
    # Its Latin letters are those of Noto Sans SC; it adds Latin, Greek and Cyrillic ones and small figures.
    Face("Source Sans 3", ((400, "SourceSans3_400Regular.ttf"), (700, "SourceSans3_700Bold.ttf"))),
    # Hangul; characters of Hong Kong and Japan (CJK extensions); symbols. Cut by deploy/print_faces.py.
    Face("Noto Sans KR", ((400, "NotoSansKR_400Regular.ttf"),)),
    Face("Noto Sans HK", ((400, "NotoSansHK_400Regular.ttf"),)),
    Face("Noto Sans JP", ((400, "NotoSansJP_400Regular.ttf"),)),
    Face("DejaVu Sans", ((400, "DejaVuSans.ttf"),)),
)


def faces() -> tuple[Face, ...]:
    """Return the bundled faces, then those of the setting ``PRINT_FONTS`` (paths of .ttf or .otf files)."""
    further = (Face(f"Print {Path(path).stem}", ((400, path),)) for path in settings.PRINT_FONTS)
    return (*BUNDLED, *further)


def font_stylesheet() -> str:
    """Return the CSS that declares the faces and sets all text in them, in order."""
    rules = [
        f'@font-face {{ font-family: "{face.family}"; font-weight: {weight}; src: url("{path.as_uri()}"); }}'
        for face in faces()
        for weight, path in face.paths
    ]
    families = ", ".join(f'"{face.family}"' for face in faces())
    return "\n".join([*rules, f"html {{ font-family: {families}; }}"])


@cache
def _characters_of(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap())


@cache
def _known() -> frozenset[int]:
    # A private code point has no meaning of its own: what a face draws for it is not what was typed.
    every = frozenset.union(*(face.characters() for face in faces()))
    return frozenset(code for code in every if unicodedata.category(chr(code)) != "Co")


def missing_glyphs(text: str) -> set[str]:
    """Return the characters of ``text`` no face can draw; what has no shape of its own needs none."""
    known = _known()
    return {
        character
        for character in set(VARIATION_SELECTORS.sub("", text))
        if ord(character) not in known and has_shape(character)
    }


def has_shape(character: str) -> bool:
    """Whether a character is drawn at all: controls and spaces are not."""
    return unicodedata.category(character) not in SHAPELESS


def mark_of(character: str) -> str:
    """Return what is printed in place of a character: 〔U+20000〕."""
    return f"〔U+{ord(character):04X}〕"


def mark_missing(markup: str, also: Iterable[str] = ()) -> tuple[str, list[str]]:
    """Replace in the text of an HTML document the characters no face can draw; return it and those characters.

    Args:
        also: characters to treat as missing besides.
    """
    parts = MARKUP.split(markup)
    # Of split's three items a piece, the second is the markup and the third the name of its tag.
    texts = [_settled(text) for text in parts[::3]]
    missing = missing_glyphs(html.unescape("".join(texts))) | (set(also) & set("".join(texts)))
    if missing:
        table = {ord(character): f'<span class="no-glyph">{mark_of(character)}</span>' for character in missing}
        texts = [text.translate(table) for text in texts]
    pieces = [piece for pair in zip(texts, [*parts[1::3], ""], strict=True) for piece in pair]
    return "".join(pieces), sorted(missing)


def _settled(text: str) -> str:
    """Return text without numeric references and variation selectors, accents joined to their letters."""
    return unicodedata.normalize("NFC", VARIATION_SELECTORS.sub("", NUMBERED.sub(_plain, text)))


def _plain(reference: re.Match[str]) -> str:
    """Return the character a numeric reference names, unless it is one that markup is made of."""
    character = html.unescape(reference[0])
    return reference[0] if character in "<>&\"'" else character

"""Message catalogues are kept as text only; a fresh checkout compiles them before the first test."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogues() -> None:
    """Compile the catalogues that are newer than what was compiled from them."""
    for source in (*ROOT.glob("*/locale/*/LC_MESSAGES/*.po"), *ROOT.glob("portal/wagtail_locale/*/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as text, compiled.open("wb") as binary:
                write_mo(binary, read_po(text))

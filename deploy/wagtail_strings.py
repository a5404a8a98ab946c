"""Print the strings of Wagtail's admin that have no Chinese, neither in Wagtail nor in `portal/upstream/wagtail`.

    .venv/bin/python deploy/wagtail_strings.py [--upstream]

With `--upstream` everything that Wagtail itself lacks, with our words for it: what to offer to its translators. A catalogue of
`portal/upstream/wagtail/<app>` has the form of Wagtail's own and holds only what that lacks.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import polib
import wagtail

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(wagtail.__file__).parent
CATALOGUE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
ENGLISH = Path("locale") / "en" / "LC_MESSAGES" / "django.po"


def known(path: Path) -> dict[tuple[str | None, str], str]:
    """Return the translated strings of a catalogue, by context and string."""
    if not path.exists():
        return {}
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural[0]
        for entry in polib.pofile(str(path)).translated_entries()
    }


def lacking() -> Iterator[tuple[str, polib.POEntry, str]]:
    """Yield app, string and our Chinese (or nothing) of what Wagtail's own Chinese catalogues lack."""
    own = {string for app in ("portal", "kb", "courses", "certification") for _, string in known(ROOT / app / CATALOGUE)}
    for english in sorted(PACKAGE.rglob(str(ENGLISH))):
        place = english.parents[3]
        app = "_".join(place.relative_to(PACKAGE).parts) or "core"
        theirs = known(place / CATALOGUE)
        ours = known(ROOT / "portal" / "upstream" / "wagtail" / app / CATALOGUE)
        for entry in polib.pofile(str(english)):
            key = (entry.msgctxt, entry.msgid)
            if key not in theirs:
                yield app, entry, ours.get(key, "") or ("(portal)" if entry.msgid in own else "")


def main() -> None:
    """Print the list and its number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upstream", action="store_true", help="all that Wagtail lacks, with our words")
    options = parser.parse_args()
    count = 0
    for app, entry, chinese in lacking():
        if options.upstream or not chinese:
            count += 1
            print(f"{app}: {entry.msgid!r}" + (f" → {chinese}" if chinese else ""))
    print(f"{count} strings")


if __name__ == "__main__":
    main()

"""Compare Wagtail's Chinese with its English: what upstream lacks, and what of ours it has by now.

Run ``python deploy/wagtail_strings.py`` after an update of Wagtail. The catalogues in ``portal/wagtail_locale/`` have
the layout of Wagtail's own, one an app, and can be handed in upstream as they are.
"""

import sys
from pathlib import Path

import polib
import wagtail

WAGTAIL = Path(wagtail.__file__).parent
OURS = Path(__file__).resolve().parent.parent / "portal" / "wagtail_locale"
LANGUAGE = "zh_Hans"
# Apps of Wagtail that are not installed here.
LEFT_OUT = {"contrib/styleguide", "contrib/simple_translation", "contrib/frontend_cache", "contrib/forms"}

Key = tuple[str, str, str, str]


def catalogues() -> list[tuple[str, str]]:
    """Return the catalogues of the installed apps as (app, domain), e.g. ``("admin", "djangojs")``."""
    found = []
    for path in sorted(WAGTAIL.glob("**/locale/en/LC_MESSAGES/*.po")):
        app = path.parent.parent.parent.parent.relative_to(WAGTAIL).as_posix()
        if app not in LEFT_OUT:
            found.append(("core" if app == "." else app, path.stem))
    return found


def upstream(app: str, domain: str, language: str) -> dict[tuple[str, str], polib.POEntry]:
    """Return the entries of Wagtail's own catalogue by context and text; none where it has no file."""
    folder = WAGTAIL if app == "core" else WAGTAIL / app
    return _entries(folder / "locale" / language / "LC_MESSAGES" / f"{domain}.po")


def ours(app: str, domain: str) -> dict[tuple[str, str], polib.POEntry]:
    """Return the entries of our catalogue for an app."""
    return _entries(OURS / app.replace("/", "_") / LANGUAGE / "LC_MESSAGES" / f"{domain}.po")


def lacking() -> list[Key]:
    """Return what has no Chinese, neither upstream nor here, as (app, domain, context, text)."""
    return [
        (app, domain, *key)
        for app, domain in catalogues()
        for key in upstream(app, domain, "en")
        if not _is_translated(upstream(app, domain, LANGUAGE).get(key))
        and not _is_translated(ours(app, domain).get(key))
    ]


def superfluous() -> list[Key]:
    """Return what we translate although Wagtail has it by now, or does not say it any more."""
    return [
        (app, domain, *key)
        for app, domain in catalogues()
        for key in ours(app, domain)
        if key not in upstream(app, domain, "en") or _is_translated(upstream(app, domain, LANGUAGE).get(key))
    ]


def _entries(path: Path) -> dict[tuple[str, str], polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(path))} if path.exists() else {}


def _is_translated(entry: polib.POEntry | None) -> bool:
    if entry is None or entry.fuzzy:
        return False
    return all(entry.msgstr_plural.values()) if entry.msgstr_plural else bool(entry.msgstr)


def main() -> int:
    """Print both lists; the exit code says whether there is something to do."""
    for title, keys in (("Without Chinese", lacking()), ("No longer needed here", superfluous())):
        print(f"{title}: {len(keys)}")
        for app, domain, _context, text in keys:
            print(f"  {app} {domain}: {text}")
    return 1 if lacking() or superfluous() else 0


if __name__ == "__main__":
    sys.exit(main())

"""Every string on screen has its Chinese: none missing, none fuzzy, no placeholder lost."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    """Return a function extracting an app's strings anew into a copy of its catalogue."""
    place = tmp_path_factory.mktemp("catalogues")

    def run(app: str) -> polib.POFile:
        shutil.copytree(
            ROOT / app,
            place / app,
            ignore=shutil.ignore_patterns("__pycache__", "migrations", "profiles", "starter", "*.mo"),
        )
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-obsolete", "-v0"],
            cwd=place / app,
            # Extraction needs no project; with ours it would look for an importable one from here.
            env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            check=True,
        )
        return polib.pofile(str(place / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))

    return run


@pytest.mark.parametrize("app", ["portal", "kb", "courses", "certification"])
def test_every_string_has_its_chinese(app, extract):
    catalogue = extract(app)
    missing = [
        f"{entry.occurrences[0][0] if entry.occurrences else ''}: {entry.msgid}"
        for entry in catalogue
        if entry.fuzzy or not (entry.msgstr or (all(entry.msgstr_plural.values()) and entry.msgstr_plural))
    ]
    assert missing == []


@pytest.mark.parametrize("app", ["portal", "kb", "courses", "certification"])
def test_placeholders_survive_translation(app):
    catalogue = polib.pofile(str(ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    lost = [
        entry.msgid
        for entry in catalogue
        for text in [entry.msgstr or "".join(entry.msgstr_plural.values())]
        if not entry.msgid_plural and set(PLACEHOLDER.findall(entry.msgid)) != set(PLACEHOLDER.findall(text))
    ]
    assert lost == []


def test_one_string_has_one_translation():
    """Django knows one catalogue: of two translations of a string the one of the app above wins everywhere."""
    said: dict[tuple[str | None, str], set[str]] = {}
    for app in ("portal", "kb", "courses", "certification"):
        for entry in polib.pofile(str(ROOT / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po")):
            text = entry.msgstr or str(sorted(entry.msgstr_plural.items()))
            said.setdefault((entry.msgctxt, entry.msgid), set()).add(text)
    assert {key[1]: texts for key, texts in said.items() if len(texts) > 1} == {}

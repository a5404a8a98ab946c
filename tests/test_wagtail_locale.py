"""Wagtail's admin in Chinese: nothing it says is left without, and nothing is translated here that it has itself."""

import re
from pathlib import Path

import polib
import pytest
from django.utils import translation

from deploy import wagtail_strings

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted((ROOT / "portal" / "wagtail_locale").glob("*/*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?[a-z]+[ >]")


def test_nothing_is_left_without_chinese():
    assert wagtail_strings.lacking() == []


def test_nothing_is_translated_that_wagtail_has_itself():
    assert wagtail_strings.superfluous() == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_placeholders_and_tags_survive_translation(path):
    lost = []
    for entry in polib.pofile(str(path)):
        one, many = held(entry.msgid), held(entry.msgid_plural or entry.msgid)
        text = held(entry.msgstr or entry.msgstr_plural[0])
        if text - one - many or (one & many) - text:
            lost.append(entry.msgid)
    assert lost == []


def held(text):
    """The placeholders and tags of a text."""
    return set(PLACEHOLDER.findall(text))


def test_admin_says_it_in_chinese():
    with translation.override("zh-hans"):
        assert translation.gettext("Search all pages…") == "搜索全部页面…"
        assert translation.gettext("API tokens") == "API 令牌"


@pytest.mark.django_db
def test_scripts_of_the_admin_say_it_in_chinese(admin_client):
    script = admin_client.get("/cms/jsi18n/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "修改已自动保存。".encode("ascii", "backslashreplace").decode() in script

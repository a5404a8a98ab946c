"""A bulletin in another language: its text block by block, warnings and what changed in the words of the source."""

import pytest
from django.conf import settings
from django.urls import reverse

from kb.bulletins.domain import publish_bulletin
from kb.models import Bulletin
from kb.translations.domain import publish_translation, save_translation
from kb.translations.passages import passages_of
from tests.factories.kb import BulletinFactory

pytestmark = pytest.mark.django_db
BODY = [
    ("safety", {"level": "warning", "text": "<p>先断电</p>"}),
    ("text", "<p>更换端子</p>"),
    (
        "table",
        {"data": [["物料", "数量"], ["端子", "4"]], "first_row_is_table_header": True, "first_col_is_header": False},
    ),
]
ENGLISH = {
    "端子整改": "Terminals",
    "更换端子": "Replace the terminals",
    "<p>先断电</p>": "<p>Switch off first</p>",
    "<p>更换端子</p>": "<p>Fit new terminals</p>",
    "物料": "Part",
    "数量": "Quantity",
    "端子": "Terminal",
}


@pytest.fixture
def bulletin():
    return BulletinFactory(title="端子整改", summary="更换端子", body=BODY)


def published(bulletin):
    words = {passage.key: ENGLISH[passage.text] for passage in passages_of(bulletin) if passage.text in ENGLISH}
    return publish_translation(save_translation(bulletin, "en", words))


def main_of(client_of, reader, address):
    client = client_of(reader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = client.get(address).content.decode()
    return html[html.index('<main class="page__main"') :]


def test_page_and_list_are_in_english_and_the_warning_in_both(client_of, engineer, bulletin):
    published(bulletin)
    main = main_of(client_of, engineer, bulletin.get_absolute_url())
    for words in ("Terminals", "Replace the terminals", "Fit new terminals", "Quantity", "先断电", "Switch off first"):
        assert words in main
    assert main.index("先断电") < main.index("Switch off first")
    assert "数量" not in main
    assert "Replace the terminals" in main_of(client_of, engineer, reverse("kb:bulletins"))


def test_a_changed_block_stands_in_the_words_of_the_source(client_of, engineer, bulletin):
    published(bulletin)
    fresh = Bulletin.objects.get(pk=bulletin.pk)
    raw = [dict(block) for block in fresh.body.raw_data]
    raw[1]["value"] = "<p>更换端子并登记</p>"
    fresh.body = fresh.body.stream_block.to_python(raw)
    publish_bulletin(fresh)
    main = main_of(client_of, engineer, bulletin.get_absolute_url())
    assert "Fit new terminals" not in main
    assert "更换端子并登记" in main
    assert "The translation of this passage is out of date." in main

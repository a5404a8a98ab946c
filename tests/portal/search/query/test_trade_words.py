"""Word lists of the trade: complete, well formed, and apart from the words of the general language."""

import json

import pytest

from portal.search.query.language import FILLERS
from portal.search.query.segmentation import IGNORED
from portal.search.query.trade_words import TRADE_FILE, TRADE_WORDS, read_trade_words


def written(tmp_path, **changes):
    lists = json.loads(TRADE_FILE.read_text(encoding="utf-8"))
    path = tmp_path / "words.json"
    path.write_text(json.dumps(lists | changes), encoding="utf-8")
    return path


def test_the_lists_of_another_trade_are_read(tmp_path):
    read = read_trade_words(written(tmp_path, machine_heads=["船"], machine_kinds=["船艇"]))
    assert read.machine_heads == {"船"}
    assert read.machine_kinds == ("船艇",)
    assert read.machine_words == TRADE_WORDS.machine_words


@pytest.mark.parametrize("value", ["机炉", ["机", ""], ["机", 1], None])
def test_what_is_no_list_of_words_is_refused(tmp_path, value):
    with pytest.raises(ValueError, match="machine_heads is not a list of words"):
        read_trade_words(written(tmp_path, machine_heads=value))


def test_an_unknown_list_is_refused(tmp_path):
    with pytest.raises(TypeError, match="ships"):
        read_trade_words(written(tmp_path, ships=["船"]))


def test_general_language_and_trade_words_are_kept_apart():
    assert not FILLERS & TRADE_WORDS.people_and_places
    assert FILLERS | TRADE_WORDS.people_and_places == IGNORED

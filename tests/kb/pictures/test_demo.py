"""The drawings of the demo: at least thirty, each still, described and pointed at; each shown somewhere."""

from kb.pictures.queries import PER_MILLE
from portal.content.svg import check_drawing
from portal.demo.drawings.__main__ import drawn
from portal.registry.demo import content, data


def test_there_are_thirty_drawings_and_each_says_what_it_shows():
    drawings = data("drawings")["drawings"]
    assert len(drawings) >= 30
    for drawing in drawings:
        check_drawing(content(f"drawings/{drawing['name']}.svg"))
        assert len(drawing["alt"]) > 15
        assert drawing["callouts"]
        assert all(0 <= mark[side] <= PER_MILLE for mark in drawing["callouts"] for side in "xy")


def test_each_drawing_is_shown_and_each_shown_one_exists():
    shown = set()
    for rows in (rows for name, rows in data("pictures").items() if name != "about"):
        for names in rows.values():
            for found in [names] if isinstance(names, list) else names.values():
                shown |= set(found)
    assert shown == {drawing["name"] for drawing in data("drawings")["drawings"]}


def test_files_are_what_the_script_draws():
    for sheet in drawn():
        assert content(f"drawings/{sheet.name}.svg").decode() == sheet.svg()

"""The page that compares editions: who may see it, what it shows, what it costs."""

import datetime as dt

import pytest

from kb.enums import CitationChoice
from kb.manuals.domain import publish_edition
from kb.manuals.verdicts import EDITORIAL
from portal.enums import Audience
from tests.factories.kb import ManualChapterFactory, ManualEditionFactory, ManualFactory

pytestmark = pytest.mark.django_db


def edition(manual, name, *texts, published=True):
    """An edition with a chapter a text."""
    made = ManualEditionFactory(manual=manual, edition=name, published=False, chapters=[])
    for position, text in enumerate(texts):
        facts = {"number": str(position + 1), "title": f"第{position + 1}章", "body": [("text", f"<p>{text}</p>")]}
        ManualChapterFactory(edition=made, sort_order=position, **facts)
    day = dt.date(2026, 1, 1) + dt.timedelta(days=int(name[-1]))
    return (
        publish_edition(made, decisions=CitationChoice.STAY, published_on=day, verdict=EDITORIAL) if published else made
    )


@pytest.fixture
def manual():
    """A manual with three editions and a draft."""
    manual = ManualFactory()
    edition(manual, "A/0", "每年清洗", "旧")
    edition(manual, "A/1", "每月清洗", "旧")
    edition(manual, "A/2", "每季清洗", "旧", "添加")
    edition(manual, "A/3", "草稿里的话", published=False)
    return manual


def test_last_two_editions_are_compared_and_any_two_can_be(client_of, engineer, manual):
    client = client_of(engineer)
    address = f"/kb/manuals/{manual.number}/compare/"
    html = client.get(address).content.decode()
    assert "每<del>月</del><ins>季</ins>清洗" in html
    assert "添加" in html
    assert "原版次" in html
    html = client.get(address, {"from": "A-0", "to": "A-1"}).content.decode()
    assert "每<del>年</del><ins>月</ins>清洗" in html
    assert "添加" not in html


def test_draft_is_for_editors_and_unknown_editions_are_missing(client_of, engineer, editor, manual):
    address = f"/kb/manuals/{manual.number}/compare/"
    assert client_of(engineer).get(address, {"to": "A-3"}).status_code == 404
    assert "草稿里的话" not in client_of(engineer).get(address).content.decode()
    assert "草稿里的话" in client_of(editor).get(address, {"to": "A-3"}).content.decode()
    assert client_of(editor).get(address, {"to": "B-9"}).status_code == 404
    alone = ManualEditionFactory().manual
    assert client_of(engineer).get(f"/kb/manuals/{alone.number}/compare/").status_code == 404
    assert client_of(engineer).get("/kb/manuals/XX-0/compare/").status_code == 404


def test_comparison_asks_what_the_manual_asks(client_of, readers):
    manual = ManualFactory(audience=Audience.STAFF)
    for name in ("A/0", "A/1"):
        edition(manual, name, name)
    address = f"/kb/manuals/{manual.number}/compare/"
    seen = {name: client_of(reader).get(address).status_code for name, reader in readers.items()}
    plain = {name: client_of(reader).get(manual.get_absolute_url()).status_code for name, reader in readers.items()}
    assert seen == plain
    assert seen["customer"] != 200
    assert seen["engineer"] == 200


@pytest.mark.parametrize("chapters", [1, 3])
def test_queries_do_not_grow_with_chapters(client_of, engineer, django_assert_max_num_queries, chapters):
    manual = ManualFactory()
    for name in ("A/0", "A/1"):
        edition(manual, name, *(f"{name} {position}" for position in range(chapters)))
    client = client_of(engineer)
    address = f"/kb/manuals/{manual.number}/compare/"
    client.get(address)
    with django_assert_max_num_queries(11):
        client.get(address)

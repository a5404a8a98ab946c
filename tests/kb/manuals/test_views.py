"""Manuals as readers see them."""

import datetime as dt

import pytest

from kb.enums import CitationChoice
from kb.manuals.domain import publish_edition
from kb.manuals.verdicts import EDITORIAL
from portal.models import PortalSettings
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory, ManualFactory
from tests.factories.portal import AssignmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manual():
    """A manual whose second edition renamed its chapter."""
    manual = ManualFactory()
    ManualEditionFactory(manual=manual, edition="A/0", chapters=["旧章"], published_on=dt.date(2025, 3, 10))
    ManualEditionFactory(
        manual=manual, edition="A/1", chapters=["新章"], published_on=dt.date(2026, 3, 18), changes="改了第一章"
    )
    return manual


def test_manual_shows_the_current_edition_and_its_revisions(client_of, engineer, manual):
    html = client_of(engineer).get(f"/kb/manuals/{manual.number}/").content.decode()
    assert "新章" in html
    assert "旧章" not in html
    assert "改了第一章" in html
    assert f"/kb/manuals/{manual.number}/A-0/" in html
    assert "2026年3月18日" in html


def test_earlier_edition_can_be_read_again_and_says_so(client_of, engineer, manual):
    html = client_of(engineer).get(f"/kb/manuals/{manual.number}/A-0/").content.decode()
    assert "旧章" in html
    assert "这是旧版次" in html


def test_current_edition_has_an_address_that_stays_its_own(client_of, engineer, manual):
    client = client_of(engineer)
    address = f"/kb/manuals/{manual.number}/A-1/"
    html = client.get(address).content.decode()
    assert "新章" in html
    assert "这是旧版次" not in html
    ManualEditionFactory(manual=manual, edition="A/2", chapters=["更新章"], published_on=dt.date(2026, 4, 1))
    html = client.get(address).content.decode()
    assert "新章" in html
    assert "这是旧版次" in html


@pytest.mark.parametrize("address", ["/kb/manuals/SM-000/", "/kb/manuals/{}/B-9/", "/kb/manuals/{}/A-2/"])
def test_unknown_manual_edition_and_draft_are_missing(client_of, engineer, manual, address):
    ManualEditionFactory(manual=manual, edition="A/2", published=False)
    assert client_of(engineer).get(address.format(manual.number)).status_code == 404


def test_chapter_has_the_anchor_that_links_lead_to(client_of, engineer):
    edition = ManualEditionFactory(published=False, chapters=[])
    ManualChapterFactory(edition=edition, number="3", title="电路")
    chapter = ManualChapterFactory(edition=edition, sort_order=1, number="3.2", title="接线")
    publish_edition(edition, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    assert chapter.get_absolute_url() == f"/kb/manuals/{edition.manual.number}/{edition.slug}/#chapter-3-2"
    assert 'id="chapter-3-2"' in client_of(engineer).get(edition.manual.get_absolute_url()).content.decode()


def test_tree_is_shown_with_its_levels_trail_and_neighbours(client_of, engineer):
    edition = ManualEditionFactory(published=False, chapters=[])
    for position, (number, title) in enumerate([("1", "结构"), ("1.1", "压缩机"), ("1.1.1", "油位"), ("2", "保养")]):
        ManualChapterFactory(edition=edition, sort_order=position, number=number, title=title)
    edition.effective_on = dt.date(2026, 7, 1)
    edition.save()
    publish_edition(edition, decisions=CitationChoice.STAY, published_on=dt.date(2026, 6, 1), verdict=EDITORIAL)
    html = client_of(engineer).get(edition.manual.get_absolute_url()).content.decode()
    assert '<h4 class="chapter__title" id="chapter-1-1-1-title">' in html
    assert '<a href="#chapter-1">1 结构</a> › <a href="#chapter-1-1">1.1 压缩机</a>' in html
    assert 'href="#chapter-2" rel="next"' in html
    assert 'href="#chapter-1-1" rel="prev"' in html
    assert "2026年7月1日" in html


def test_chapter_shows_warning_table_and_articles(client_of, engineer):
    edition = ManualEditionFactory(published=False, chapters=[])
    body = [
        ("safety", {"level": "danger", "text": "<p>先断电</p>"}),
        ("table", {"data": [["周期", "项目"], ["每月", "清洗"]], "first_row_is_table_header": True}),
    ]
    chapter = ManualChapterFactory(edition=edition, number="1", body=body)
    article = FaultArticleFactory(chapter=chapter)
    publish_edition(edition, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    html = client_of(engineer).get(edition.manual.get_absolute_url()).content.decode()
    assert "safety--danger" in html
    assert '<th scope="col">周期</th>' in html
    assert article.title in html


@pytest.mark.parametrize("articles", [1, 3])
def test_manual_page_query_count(client_of, engineer, django_assert_num_queries, articles):
    chapter = ManualEditionFactory().chapters.first()
    for _ in range(articles):
        FaultArticleFactory(chapter=chapter)
    # As people are: with a post, whose place comes with it.
    AssignmentFactory(person=engineer, organisation=engineer.organisation)
    client = client_of(engineer)
    PortalSettings.load()
    with django_assert_num_queries(10):
        assert client.get(chapter.edition.manual.get_absolute_url()).status_code == 200

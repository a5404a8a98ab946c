"""Promoted results stand first, for those who may open them, and are counted once."""

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Page, PageViewRestriction, Site

from portal.enums import Audience, Role
from portal.models import HomePage, InformationPage
from portal.search.results import service
from portal.search.results.promotions import promoted_hits
from tests.factories.portal import PersonFactory

NOBODY = AnonymousUser()


@pytest.fixture
def home(db):
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="首页", slug="front"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    return home


def add_page(parent, slug, audience=Audience.PUBLIC, **fields):
    fields = {"title": f"洗碗机 {slug}", "body": "<p>洗碗机</p>", **fields}
    return parent.add_child(instance=InformationPage(slug=slug, audience=audience, **fields))


def promote(query="洗碗机", place=0, **target):
    return SearchPromotion.objects.create(query=Query.get(query), sort_order=place, **target)


def titles(reader=NOBODY, query="洗碗机"):
    return [hit.title for hit in promoted_hits(query, reader)]


def test_promoted_pages_are_shown_to_those_who_may_open_them(home):
    restricted, draft, staff, public = (
        add_page(home, "restricted"),
        add_page(home, "draft", live=False),
        add_page(home, "staff", audience=Audience.STAFF),
        add_page(home, "public"),
    )
    below = add_page(restricted, "below")
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.LOGIN)
    for place, page in enumerate((restricted, below, draft, staff, public)):
        promote(page=page, place=place)
    assert titles() == [public.title]
    assert titles(PersonFactory(roles=[Role.ENGINEER])) == [staff.title, public.title]


@pytest.mark.parametrize(("promoted", "asked"), [("洗碗機", "洗碗机"), ("洗碗机", "洗碗機"), ("Ａir  Con", "air con")])
def test_a_query_is_promoted_however_it_is_written(db, promoted, asked):
    promote(promoted, external_link_url="https://portal.example/")
    assert titles(query=asked) == ["https://portal.example/"]
    assert titles(query="别的") == []


def test_what_nobody_promotes_costs_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert titles() == []


@pytest.fixture
def fifteen(home, portal_index, committed):
    with committed():
        pages = [add_page(home, f"p{number:02}") for number in range(15)]
    return pages


def answers(reader=NOBODY):
    first = service.search("洗碗机", reader)
    return [first, *(service.search("洗碗机", reader, page=page) for page in range(2, first.pages + 1))]


@pytest.mark.parametrize("place", [0, 14])
def test_a_promoted_result_is_counted_once_on_whatever_page_it_stood(fifteen, place):
    page = InformationPage.objects.get(
        url_path__endswith=answers()[place // 10].hits[place % 10].url.split("/")[-2] + "/"
    )
    promote(page=page)
    found = answers()
    shown = [hit.url for answer in found for hit in answer.hits]
    assert (found[0].total, found[0].pages, len(shown), len(set(shown))) == (15, 2, 15, 15)
    assert (shown[0], found[0].hits[0].promoted) == (page.url, True)
    assert len(found[0].hits) == 10


def test_a_promotion_beside_the_results_is_one_more(fifteen):
    promote(external_link_url="https://portal.example/", external_link_text="先看这里")
    found = answers()
    assert (found[0].total, found[0].hits[0].title) == (16, "先看这里")
    assert sum(len(answer.hits) for answer in found) == 16


def test_a_promotion_alone_is_an_answer(db, portal_index):
    promote("咖啡机磨豆", external_link_url="https://portal.example/")
    answer = service.search("咖啡机磨豆", NOBODY)
    assert (answer.total, answer.pages, [hit.url for hit in answer.hits]) == (1, 1, ["https://portal.example/"])


def test_filters_leave_promotions_out(fifteen):
    promote(external_link_url="https://portal.example/")
    assert service.search("洗碗机", NOBODY, service.Filters(kind="page")).total == 15

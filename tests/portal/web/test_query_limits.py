"""Long query strings are cut, echoed little and never kept; the pages kept are bounded by bytes."""

import pytest
from django.test import RequestFactory

from portal.exchange.page_store import PageStore, pages
from portal.web.query_limits import MAX_PARAMETERS, MAX_SHORT, cut
from tests.factories.kb import FaultArticleFactory

LONG = "冰" * 18_000


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/kb/faults/", "/search/", "/kb/manuals/", "/courses/", "/"])
@pytest.mark.parametrize("name", ["q", "category", "anything"])
def test_a_long_parameter_is_echoed_little_and_not_kept(client, settings, path, name):
    settings.ANONYMOUS_PAGE_CACHE_SECONDS = 60
    FaultArticleFactory(audience="public")
    plain = len(client.get(path).content)
    pages.clear()
    answer = client.get(path, {name: LONG})
    assert answer.status_code == 200
    assert len(answer.content) < plain + 60_000
    assert "冰" * 1300 not in answer.text
    assert len(client.get(path, {name: "冰" * 150}).content) < plain + 60_000
    assert len(pages) == 0


def test_parameters_are_cut_in_value_and_number():
    request = RequestFactory().get("/kb/faults/", {"q": LONG, "note": "n" * 3000} | {f"p{n}": "1" for n in range(200)})
    cut(request)
    assert len(request.GET["q"]) == MAX_SHORT
    assert len(request.GET["note"]) == 3000
    assert len(request.GET) == MAX_PARAMETERS
    assert request.META["QUERY_STRING"] == request.GET.urlencode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/kb/faults/", "/search/", "/kb/manuals/", "/courses/"])
@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"k{n}={'冰' * 200}" for n in range(60)),
        "&".join(f"k{n}={'冰' * 40}" for n in range(60)),
        "&".join(["q=" + "冰" * 1200] * 60),
        "&".join(f"{'k' * 190}{n}=1" for n in range(60)),
    ],
)
def test_many_parameters_are_echoed_little(client, path, query):
    FaultArticleFactory(audience="public")
    plain = len(client.get(path).content)
    pages.clear()
    assert len(client.get(f"{path}?{query}").content) < plain + 150_000


@pytest.mark.parametrize(("path", "kept"), [("/kb/faults/", 2), ("/search/", 6)])
def test_what_is_given_again_and_again_is_cut_together(path, kept):
    request = RequestFactory().get(path, {"q": ["冰" * 200] * 30, "next": "n" * 5000})
    cut(request)
    assert sum(len(value) for value in request.GET.getlist("q")) <= kept * 200
    assert "next" not in request.GET


def test_pages_are_bounded_by_bytes():
    store = PageStore(max_bytes=1000, max_page=400)
    for key in "abcde":
        store.keep(key, {}, b"x" * 300, 60)
    store.keep("large", {}, b"x" * 401, 60)
    assert [key for key in ("a", "b", "c", "d", "e", "large") if store.get(key)] == ["c", "d", "e"]
    assert store.size == 900


def test_a_page_runs_out():
    store = PageStore()
    store.keep("a", {}, b"x", -1)
    assert store.get("a") is None
    assert store.size == 0

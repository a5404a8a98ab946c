"""The page cache serves anonymous readers and never mixes two of them."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from portal.enums import Role
from portal.web.page_cache import AnonymousPageCache
from tests.factories.portal import OrganisationFactory, PersonFactory


@pytest.fixture(autouse=True)
def _cache(settings):
    settings.ANONYMOUS_PAGE_CACHE_SECONDS = 60


@pytest.fixture
def asked():
    """A cache before a view that counts how often it is asked."""
    calls = []

    def view(request):
        calls.append(request.get_full_path())
        return view.answer(request)

    view.answer = lambda request: HttpResponse(f"page {len(calls)}")
    return AnonymousPageCache(view), view, calls


def get(path="/", **headers):
    """A request of somebody without cookies."""
    return RequestFactory().get(path, headers=headers)


def test_second_reader_is_answered_from_memory(asked):
    cache, _view, calls = asked
    first, second = cache(get()), cache(get())
    assert first.content == second.content == b"page 1"
    assert second["X-Page-Cache"] == "hit"
    assert len(calls) == 1


@pytest.mark.parametrize(
    "other",
    [
        lambda: get("/?page=2"),
        lambda: get(**{"HX-Request": "true"}),
        lambda: get(**{"HX-Request": "true", "HX-Target": "results"}),
        lambda: RequestFactory(headers={"host": "localhost"}).get("/"),
        lambda: RequestFactory().get("/", secure=True),
    ],
)
def test_requests_that_differ_are_kept_apart(asked, other):
    cache, _view, calls = asked
    cache(get())
    assert cache(other()).content == b"page 2"
    assert len(calls) == 2


def test_languages_are_kept_apart(asked):
    cache, _view, _calls = asked
    english = get()
    english.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert cache(get()).content == b"page 1"
    assert cache(english).content == b"page 2"
    assert cache(get()).content == b"page 1"


@pytest.mark.parametrize("cookie", [settings.SESSION_COOKIE_NAME, "messages"])
def test_reader_with_a_session_goes_past_the_cache(asked, cookie):
    cache, _view, _calls = asked
    cache(get())
    known = get()
    known.COOKIES[cookie] = "x"
    assert cache(known).content == b"page 2"
    assert cache(get()).content == b"page 1"


def test_program_with_a_token_goes_past_the_cache(asked):
    cache, _view, _calls = asked
    cache(get())
    assert cache(get(Authorization="Bearer x")).content == b"page 2"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/cms/", "/api/v1/search", "/verify/1/", "/e/x/", "/calendar/x.ics"]
)
def test_doors_with_secrets_are_never_kept(asked, path):
    cache, _view, calls = asked
    cache(get(path))
    cache(get(path))
    assert len(calls) == 2


def _private(response):
    response["Cache-Control"] = "private"


def _cookie(response):
    response.set_cookie("x", "1")


def _error(response):
    response.status_code = 404


def _json(response):
    response["Content-Type"] = "application/json"


@pytest.mark.parametrize("spoil", [_private, _cookie, _error, _json])
def test_answers_made_for_one_reader_are_not_kept(asked, spoil):
    cache, view, calls = asked

    def answer(request):
        response = HttpResponse(f"page {len(calls)}")
        spoil(response)
        return response

    view.answer = answer
    cache(get())
    cache(get())
    assert len(calls) == 2


@pytest.mark.django_db
def test_front_page_of_a_person_is_never_shown_to_another(client_of):
    organisation = OrganisationFactory()
    wang, li = (
        PersonFactory(name=name, organisation=organisation, roles=[Role.ENGINEER]) for name in ("王一一", "李二二")
    )
    pages = {}
    for name, reader in [
        ("nobody", None),
        ("wang", wang),
        ("nobody again", None),
        ("li", li),
        ("nobody at last", None),
    ]:
        pages[name] = client_of(reader).get("/").content.decode()
    assert "王一一" in pages["wang"]
    assert "王一一" not in pages["li"]
    for name in ("nobody", "nobody again", "nobody at last"):
        assert "王一一" not in pages[name]
        assert "李二二" not in pages[name]
    assert client_of().get("/")["X-Page-Cache"] == "hit"


@pytest.mark.django_db
def test_language_chosen_by_one_reader_is_not_shown_to_the_next(client_of):
    english = client_of()
    english.post("/language/", {"language": "en", "next": "/"})
    assert 'lang="en"' in english.get("/").content.decode()[:200]
    assert 'lang="zh-hans"' in client_of().get("/").content.decode()[:200]
    assert 'lang="en"' in english.get("/").content.decode()[:200]

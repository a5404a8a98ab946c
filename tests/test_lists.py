"""Every choice of every filter of every list opens, with data behind it: portal and editing area."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.admin.viewsets import viewsets

from portal.admin.viewsets import GroundFloorViewSet
from portal.models import Person

pytestmark = pytest.mark.django_db

# Lists of the portal's own pages; who reads them sees all their filters.
PAGES = {
    "/courses/": "R001",
    "/courses/calendar/": "R001",
    "/courses/calendar/?view=week": "T002",
    "/courses/sessions/": "M001",
    "/courses/my/": "T002",
    "/courses/places/": "M001",
    "/courses/seats/": "M001",
    "/courses/yearly/": "M001",
    "/courses/yearly/needs/": "M001",
    "/courses/yearly/own-needs/": "M001",
    "/courses/schedule/": "M001",
    "/courses/schedule/?view=trainers": "S001",
    "/courses/requests/": "R001",
    "/courses/projects/": "R001",
    "/courses/evaluations/": "M001",
    "/courses/hours/": "M001",
    "/courses/reports/": "S001",
    "/courses/evaluations/complaints/": "M001",
    "/courses/evaluations/effects/": "M001",
    "/imports/": "S001",
    "/retention/": "S001",
    "/bar/": "S001",
    "/certification/marking/": "A001",
    "/certification/excuses/": "M001",
    "/certification/wrong-answers/": "T002",
    "/certification/stops/": "M001",
    "/certification/overrides/": "M001",
    "/courses/coverage/": "M001",
    "/certification/earlier/": "S001",
    "/certification/guidance/": "M001",
    "/courses/assigned/": "M001",
    "/courses/assigned/overdue/": "M001",
    "/courses/feeds/": "T002",
    "/kb/": "T001",
    "/kb/faults/": "E001",
    "/kb/manuals/": "T001",
    "/units/": "M001",
    "/certification/": "T002",
    "/certification/matrix/": "M001",
    "/certification/coverage/": "M001",
    "/certification/matrix/work/": "M001",
    "/certification/expiring/": "M001",
    "/certification/coverage/forecast/": "M001",
    "/certification/as-of/": "U001",
    "/certification/evidence/samples/": "U001",
    "/certification/statutory/": "M001",
    "/certification/company-documents/": "M001",
    "/certification/practicals/": "A001",
    "/certification/practicals/signed/": "A001",
    "/certification/countersignatures/": "A001",
    "/certification/duty/": "D001",
    "/certification/duty/asked/": "U001",
    "/certification/people/T002/": "M001",
    "/certification/certificates/": "M001",
    "/certification/posts/": "M001",
    "/kb/cases/": "M001",
    "/kb/diagnosis/": "T001",
    "/kb/bulletins/": "T001",
    "/kb/reviews/": "A001",
    "/network/": "M001",
    "/notices/": "T002",
    "/notices/robots/": "S001",
    "/search/?q=E6": "T001",
    "/verify/": "D001",
}
# Addresses without a parameter that list nothing: forms, files, actions, single pages.
NO_LISTS = {
    "/certification/wrong-answers/practice/",
    "/",
    "/me/",
    "/styleguide/",
    "/language/",
    "/search/use/",
    "/manifest.webmanifest",
    "/sw.js",
    "/offline/",
    "/offline/token/",
    "/robots.txt",
    "/favicon.ico",
    "/security.txt",
    "/.well-known/security.txt",
    "/healthz",
    "/readyz",
    "/units/labels.pdf",
    "/kb/cases/new/",
    "/courses/assigned/new/",
    "/courses/sessions/new/",
    "/courses/places/new/",
    "/courses/sessions/keeper.js",
    "/notices/read/",
    "/notices/channels/",
    "/courses/projects/new/",
    "/courses/requests/new/",
    "/certification/statutory/new/",
    "/certification/duty/list/",
    "/certification/evidence/packs/",
    "/certification/company-documents/new/",
    "/verify/offline/",
    "/verify/issuer.json",
    "/.well-known/jwks.json",
}
# Doors with tests of their own: the editing area below, accounts and API in tests/portal.
ELSEWHERE = ("/cms/", "/accounts/", "/api/", "/_util/")
ODD = ("-1", "９9", "2026-99-99")
# What a page of the editing area answers to besides its own filters.
OF_EVERY_LIST = [("p", value) for value in ODD] + [("ordering", "-pk"), ("ordering", "x")]
OF_EVERY_LIST += [("q", value) for value in ("冷", "T002")]
OF_EVERY_LIST += [("export", value) for value in ("csv", "xlsx")]


@pytest.fixture(scope="module")
def _demo(django_db_setup, django_db_blocker):
    """The demo organisation, loaded once for all tests of this module and taken out again."""
    from django.db import transaction

    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        call_command("load_demo", "--no-index", verbosity=0)
        yield
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


def attribute(tag, name):
    """The value of an attribute of a tag, or None."""
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else None


def choices(html):
    """Every choice the filters of a page offer, as (name, value); what is typed gets odd and usual values."""
    for form in re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL):
        opening = form[: form.index(">")]
        if 'method="post"' in opening.lower():
            continue
        for select, body in re.findall(r"<select([^>]*)>(.*?)</select>", form, re.DOTALL):
            for option in re.findall(r"<option[^>]*>", body):
                yield attribute(select, "name"), attribute(option, "value") or ""
        for tag in re.findall(r"<input[^>]*>", form):
            name, kind = attribute(tag, "name"), attribute(tag, "type") or "text"
            if not name or kind in ("hidden", "submit"):
                continue
            if kind in ("checkbox", "radio"):
                yield name, attribute(tag, "value") or "on"
            else:
                yield from ((name, value) for value in ODD)


def queries(address, html):
    """The query strings that lead from a page to itself: links of chips, tabs, pages and sorting, and its filters."""
    path, given = urlsplit(address).path, parse_qsl(urlsplit(address).query)
    linked = {unescape(link) for link in re.findall(r'href="([^"]*\?[^"]*)"', html)}
    yield from {urlsplit(link).query for link in linked if urlsplit(link).path in ("", path)}
    for name, value in choices(html):
        yield urlencode([*given, (name, value)])
    for name in {name for name, _value in choices(html)} | {"page", "date", "view", "show", "when", "export"}:
        yield urlencode([*given, (name, "x")])


def broken(client, address, further=()):
    """The addresses below ``address`` that answer with an error of the server, and how many were opened."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    asked = sorted({*queries(address, answer.content.decode()), *(urlencode([pair]) for pair in further)})
    path = urlsplit(address).path
    bad = []
    for query in asked:
        status = client.get(f"{path}?{query}").status_code
        if status >= 500:
            bad.append((path, query, status))
    return bad, len(asked)


def addresses(patterns, before="/"):
    """Every address of the URLconf that needs no parameter."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if "<" in route or "(" in route:
            continue
        address = before + route.removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address


def test_every_address_without_a_parameter_is_opened_as_a_list_or_named_as_none():
    walked = {one for one in addresses(get_resolver().url_patterns) if not one.startswith(ELSEWHERE)}
    listed = {urlsplit(page).path for page in PAGES}
    assert len(walked) > len(NO_LISTS)
    assert sorted(walked - listed - NO_LISTS) == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("_demo")
def test_every_filter_of_every_list_of_the_portal_opens(client_of, address):
    client = client_of(Person.objects.get(staff_number=PAGES[address]), raise_request_exception=False)
    bad, opened = broken(client, address)
    assert (bad, opened > 0) == ([], True)


def admin_lists():
    """The names of all lists of the editing area that need no record."""
    names = set()
    for viewset in viewsets.viewsets:
        names |= {viewset.get_url_name(name) for name in ("index", "list")}
    for name in get_resolver().reverse_dict:
        if isinstance(name, str) and name.endswith(("_report", "_index")):
            names.add(name)
    addresses = set()
    for name in names:
        try:
            addresses.add(reverse(name))
        except NoReverseMatch:
            continue
    others = ("audit_report", "wagtaildocs:index", "wagtailimages:index", "wagtailadmin_reports:site_history")
    return sorted(addresses | {reverse(name) for name in others})


@pytest.mark.usefixtures("_demo")
def test_every_filter_of_every_list_of_the_editing_area_opens(client_of):
    administrator = Person.objects.get(staff_number="S001")
    administrator.is_superuser = True
    administrator.save()
    client = client_of(administrator, raise_request_exception=False)
    found, lists = [], 0
    for address in admin_lists():
        if client.get(address).status_code == 200:
            bad, _opened = broken(client, address, OF_EVERY_LIST)
            found, lists = found + bad, lists + 1
    assert found == []
    assert lists >= 12


def ground_floor_lists(base=GroundFloorViewSet):
    """The lists of all viewsets below ``base``."""
    for kind in base.__subclasses__():
        if getattr(kind, "model", None):
            yield kind.model._meta.model_name
        yield from ground_floor_lists(kind)


@pytest.mark.usefixtures("_demo")
def test_filters_of_the_lists_of_plain_records_open(client_of):
    administrator = Person.objects.get(staff_number="S001")
    administrator.is_superuser = True
    administrator.save()
    client = client_of(administrator, raise_request_exception=False)
    bad = []
    for name in sorted(set(ground_floor_lists()) - {"accesstoken"}):
        try:
            address = reverse(f"{name}:index")
        except NoReverseMatch:
            continue
        html = client.get(address).content.decode()
        asked = {urlencode([pair]) for pair in [*OF_EVERY_LIST, *choices(html)]}
        bad += [(address, query) for query in sorted(asked) if client.get(f"{address}?{query}").status_code >= 500]
    assert bad == []

"""Who finds what: beside everybody who may, somebody who may not, and what happens when that changes."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from kb.faults.domain import withdraw_fault
from portal.enums import Audience, Role
from portal.models import HomePage, InformationPage, PortalDocument
from portal.search.results import service
from portal.search.results.completion import suggest
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.usefixtures("portal_index")
NOBODY = AnonymousUser()


@pytest.fixture
def home(db):
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="首页", slug="front"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})
    return home


def add_page(parent, slug, title="薪资保密须知", audience=Audience.PUBLIC, **fields):
    page = InformationPage(title=title, slug=slug, body="<p>张三八千</p>", audience=audience, **fields)
    return parent.add_child(instance=page)


def add_file(title="薪资保密表", collection=None, audience=Audience.PUBLIC):
    document = PortalDocument(title=title, audience=audience, collection=collection or Collection.get_first_root_node())
    document.file.save("pay.txt", ContentFile("张三八千".encode()))
    return document


def restrict(page):
    return PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


def urls(query="薪资保密", reader=NOBODY):
    answer = service.search(query, reader)
    assert answer.total == len(answer.hits)
    return [hit.url for hit in answer.hits]


def completions(typed="薪资", reader=NOBODY):
    return [item.text for item in suggest(typed, reader)]


def test_staff_find_what_is_for_staff_and_others_do_not(home, committed):
    with committed():
        page = add_page(home, "pay", audience=Audience.STAFF)
    assert urls() == []
    assert completions() == []
    technician = PersonFactory(roles=[Role.ENGINEER])
    assert urls(reader=technician) == [page.url]
    assert completions(reader=technician) == ["薪资保密须知"]


def test_a_page_restricted_later_is_gone_with_everything_below(home, committed):
    with committed():
        parent = add_page(home, "parent")
        child = add_page(parent, "child", title="薪资保密细则")
        other = add_page(home, "other", title="薪资公开说明")
    assert set(urls()) == {parent.url, child.url, other.url}
    with committed():
        restriction = restrict(parent)
    assert urls() == [other.url]
    assert completions() == ["薪资公开说明"]
    assert urls(reader=PersonFactory(roles=[Role.EDITOR])) == [other.url]
    with committed():
        restriction.delete()
    assert set(urls()) == {parent.url, child.url, other.url}


def test_a_page_below_a_restricted_one_is_not_found(home, committed):
    with committed():
        parent = add_page(home, "parent", title="别的")
        restrict(parent)
    with committed():
        add_page(parent, "child")
    assert urls() == []


def test_a_page_moved_below_a_restricted_one_is_gone_and_comes_back(home, committed):
    with committed():
        closed = add_page(home, "closed", title="别的")
        restrict(closed)
        page = add_page(home, "pay")
        child = add_page(page, "child", title="薪资保密细则")
    assert set(urls()) == {page.url, child.url}
    with committed():
        page.move(closed, pos="last-child")
    assert urls() == []
    with committed():
        Page.objects.get(pk=page.pk).move(home, pos="last-child")
    assert len(urls()) == 2


def test_a_moved_page_opens_at_its_new_address(home, committed):
    with committed():
        there = add_page(home, "there", title="别的")
        page = add_page(home, "pay")
    with committed():
        page.move(there, pos="last-child")
    assert urls() == [InformationPage.objects.get(pk=page.pk).url]
    assert "/there/pay/" in urls()[0]


def test_pages_below_a_renamed_one_open_at_their_new_address(home, committed):
    with committed():
        parent = add_page(home, "parent", title="别的")
        add_page(parent, "pay")
    with committed():
        parent.slug = "renamed"
        parent.save_revision().publish()
    assert "/renamed/pay/" in urls()[0]


def test_a_draft_is_found_once_published_and_not_when_taken_back(home, committed):
    with committed():
        page = add_page(home, "pay", live=False)
        page.save_revision()
    assert urls() == []
    with committed():
        page.get_latest_revision().publish()
    assert urls() == [page.url]
    with committed():
        # As a bare page, as most of Wagtail's own code holds it.
        Page.objects.get(pk=page.pk).unpublish()
    assert urls() == []


def test_a_draft_of_a_live_page_is_not_quoted(home, committed):
    with committed():
        page = add_page(home, "pay", title="公开说明")
    with committed():
        page.title = "薪资保密草稿"
        page.save_revision()
    assert urls() == []
    assert urls("公开说明") == [page.url]


def test_an_expired_page_is_gone(home, committed):
    with committed():
        page = add_page(home, "pay", expire_at=timezone.now() + dt.timedelta(days=1))
        stays = add_page(home, "stays", title="薪资公开说明")
    assert set(urls()) == {page.url, stays.url}
    InformationPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - dt.timedelta(days=1))
    with committed():
        call_command("publish_scheduled")
    assert urls() == [stays.url]


def test_a_page_for_fewer_readers_is_gone_for_the_others(home, committed):
    with committed():
        page = add_page(home, "pay")
    assert urls() == [page.url]
    with committed():
        page.audience = Audience.RESTRICTED
        page.save_revision().publish()
    assert urls() == []
    assert urls(reader=PersonFactory(roles=[Role.EDITOR])) == [page.url]


def test_deleted_pages_are_gone_with_what_stood_below(home, committed):
    with committed():
        parent = add_page(home, "parent")
        add_page(parent, "child")
    with committed():
        parent.delete()
    assert urls() == []


def test_files_of_a_collection_restricted_later_are_gone(committed):
    root = Collection.get_first_root_node()
    with committed():
        closed = root.add_child(name="人事")
        inner = closed.add_child(name="薪资")
        add_file(collection=inner)
        stays = add_file("薪资公开表")
    assert len(urls()) == 2
    with committed():
        restriction = CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    assert urls() == [stays.url]
    assert urls("张三八千") == [stays.url]
    assert urls(reader=PersonFactory(roles=[Role.EDITOR])) == [stays.url]
    with committed():
        restriction.delete()
    assert len(urls()) == 2


def test_a_file_uploaded_into_a_restricted_collection_is_not_found(committed):
    with committed():
        closed = Collection.get_first_root_node().add_child(name="人事")
        CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
        add_file(collection=closed)
    assert urls() == []


@pytest.fixture
def closed(committed):
    with committed():
        collection = Collection.get_first_root_node().add_child(name="人事")
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


def test_a_file_moved_between_collections_is_found_in_the_open_one(closed, committed):
    with committed():
        document = add_file()
    assert urls() == [document.url]
    with committed():
        document.collection = closed
        document.save()
    assert urls() == []
    with committed():
        document.collection = Collection.get_first_root_node()
        document.save()
    assert urls() == [document.url]


def test_files_moved_together_in_the_admin_are_gone_too(closed, committed, client_of, db):
    with committed():
        document = add_file()
    client = client_of(PersonFactory(is_superuser=True))
    path = f"/cms/bulk/portal/portaldocument/add_to_collection/?id={document.pk}&next=/cms/documents/"
    with committed():
        assert client.post(path, {"collection": closed.pk}).status_code == 302
    document.refresh_from_db()
    assert document.collection == closed
    assert urls() == []


def test_files_of_a_collection_moved_into_a_restricted_one_are_gone(closed, committed, client_of):
    root = Collection.get_first_root_node()
    with committed():
        collection = root.add_child(name="表格")
        document = add_file(collection=collection)
    assert urls() == [document.url]
    client = client_of(PersonFactory(is_superuser=True))
    with committed():
        data = {"name": "表格", "parent": closed.pk}
        assert client.post(f"/cms/collections/{collection.pk}/", data).status_code == 302
    assert Collection.objects.get(pk=collection.pk).get_parent() == closed
    assert urls() == []


def test_a_withdrawn_article_is_gone(committed):
    with committed():
        article = FaultArticleFactory(title="薪资保密故障", audience=Audience.PUBLIC)
        draft = FaultArticleFactory(title="薪资保密草稿", audience=Audience.PUBLIC, published=False)
    assert urls() == [article.get_absolute_url()]
    assert draft.pk
    with committed():
        withdraw_fault(article)
    assert urls() == []


def test_degraded_search_hides_the_same(home, closed, committed, monkeypatch):
    with committed():
        restrict(add_page(home, "closed"))
        add_page(home, "draft", live=False)
        add_page(home, "staff", audience=Audience.STAFF)
        page = add_page(home, "open")
        add_file(collection=closed)
        document = add_file()

    def broken(*args, **kwargs):
        raise service.EngineError("gone")

    monkeypatch.setattr(service, "find", broken)
    assert set(urls()) == {page.url, document.url}
    assert len(urls(reader=PersonFactory(roles=[Role.ENGINEER]))) == 3

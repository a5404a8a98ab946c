"""While there is no index: the same filters and the same permissions, asked of the database."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.enums import Audience, Role
from portal.models import DocumentText, PortalDocument
from portal.registry import search
from portal.registry.search import SearchDocument, SearchSource, organisation_scope
from portal.search.query.answers import Filters
from portal.search.query.lexicon_loading import forget_lexicon
from portal.search.results import fallback
from portal.search.results.fallback import search_database
from portal.search.results.visibility import is_visible, visible_to
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import EquipmentModelFactory, OrganisationFactory, PersonFactory

NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def _own_lexicon(db):
    forget_lexicon()
    yield
    forget_lexicon()


@pytest.fixture
def technician(db):
    return PersonFactory(roles=[Role.ENGINEER])


def refs(reader, query="不制冷", **filters):
    return [hit.ref for hit in search_database(query, reader, Filters(**filters)).hits]


def test_every_filter_holds(technician):
    machine = EquipmentModelFactory(name="卧式冰柜")
    facts = {"title": "不制冷", "brand": "海尔", "severity": "danger", "is_phone_doable": True, "equipment": [machine]}
    wanted = FaultArticleFactory(**facts)
    for other in ({"brand": "格力"}, {"severity": "stop"}, {"is_phone_doable": False}, {"equipment": []}):
        FaultArticleFactory(**facts | other)
    chosen = {"brand": "海尔", "severity": "danger", "phone": True, "equipment": "卧式冰柜", "kind": "fault"}
    assert refs(technician, **chosen) == [wanted.number]
    assert len(refs(technician)) == 5
    assert refs(technician, **chosen | {"kind": "manual"}) == []
    assert refs(NOBODY, **chosen) == []


def test_what_one_may_not_open_takes_no_place(technician, monkeypatch):
    monkeypatch.setattr(fallback, "MAX_RECORDS", 3)
    for _ in range(4):
        FaultArticleFactory(title="不制冷", audience=Audience.RESTRICTED)
    visible = FaultArticleFactory(title="不制冷", audience=Audience.STAFF)
    assert refs(technician) == [visible.number]
    assert refs(NOBODY) == []
    assert len(refs(PersonFactory(roles=[Role.EDITOR]))) == 3


def test_of_a_file_the_parts_that_say_it_are_shown(technician):
    document = PortalDocument.objects.create(title="冰柜手册", file="a.pdf", audience=Audience.STAFF)
    DocumentText.objects.create(document=document, text="封面\f冰柜手册说明\f附录\f", file_name="a.pdf")
    assert refs(technician, "冰柜手册") == [f"DOC-{document.pk}#2"]
    assert refs(technician, "冰柜") == [f"DOC-{document.pk}#2"]
    assert refs(technician, "手册") == [f"DOC-{document.pk}#2"]
    assert refs(NOBODY, "冰柜手册") == []


def test_a_scope_is_seen_by_those_who_have_the_organisation_in_sight(monkeypatch, db):
    monkeypatch.setattr(search, "_sources", {})
    organisation = OrganisationFactory()
    search.register(
        SearchSource("case", "Case", PortalDocument, PortalDocument.objects.all, lambda record: [], is_scoped=True)
    )
    scoped = SearchDocument(
        ref="C", kind="case", title="x", url="/", audience=Audience.STAFF, scope=organisation_scope(organisation.pk)
    )
    manager = PersonFactory(roles=[Role.MANAGER], organisation=organisation)
    stranger = PersonFactory(roles=[Role.MANAGER], organisation=OrganisationFactory())
    assert [is_visible(scoped, visible_to(reader)) for reader in (manager, stranger, NOBODY)] == [True, False, False]


def test_asking_costs_the_same_however_much_there_is(technician, django_assert_max_num_queries):
    for _ in range(30):
        FaultArticleFactory(title="不制冷")
    with django_assert_max_num_queries(26):
        assert len(refs(technician)) == fallback.MAX_OF_KIND

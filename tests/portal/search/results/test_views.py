"""The results page: what it says, to whom, how fast, and that it writes nothing."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from portal.enums import Audience, Role, Tier
from portal.models import PortalSettings, SynonymGroup
from portal.registry import field_cases
from portal.registry.search import SearchDocument
from portal.search.engine.base import EngineUnavailable
from portal.search.indexing import own_sources
from portal.search.indexing.documents import to_engine
from portal.search.query.answers import SearchAnswer
from portal.search.query.lexicon_loading import forget_lexicon
from portal.search.results import facets, service
from portal.search.results.presentation import sections_of
from tests.bench.relevance_corpus import faults
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import (
    EquipmentAliasFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
)

SECRET = SearchDocument(
    ref="AC-SECRET",
    kind="fault",
    title="E6 事故内部通报",
    url="/kb/faults/AC-SECRET/",
    codes=("E6",),
    equipment=("AC-FT",),
    equipment_names=("分体变频空调",),
    audience=Audience.RESTRICTED,
    text="机密处理意见",
)
OVEN = SearchDocument(
    ref="PUB-1",
    kind="manual",
    title="烤箱使用说明 3 清洁",
    url="/kb/manuals/PUB/",
    anchor="c3",
    equipment=("OV",),
    equipment_names=("烤箱",),
    audience=Audience.PUBLIC,
    text="每天清洁 <script>alert(1)</script> 门封。",
)


@pytest.fixture(scope="module")
def filled(_own_search_index):
    service.document_engine().rebuild([to_engine(document) for document in (*faults(), SECRET, OVEN)])


@pytest.fixture
def index(db, filled):
    """The demo faults, a restricted one and a public chapter."""
    forget_lexicon()
    PortalSettings.load()
    yield
    forget_lexicon()


@pytest.fixture
def technician(db):
    return PersonFactory(roles=[Role.ENGINEER])


def page(client, status=200, **parameters) -> str:
    response = client.get(reverse("search"), parameters)
    assert response.status_code == status
    return response.content.decode()


def test_results_say_code_title_and_why(index, client_of, technician):
    html = page(client_of(technician), q="E6 通讯")
    first = html.split('data-ref="AC-E6"')[1].split("</h3>")[0]
    assert '<span class="plate" translate="no">E6</span>' in first
    assert first.endswith("内外机<mark>通讯</mark>故障</a>")
    assert html.index('data-ref="AC-E6"') < html.index('data-ref="AC-e6low"')


def test_a_number_is_no_part_of_the_text_and_a_code_stands_once(index, technician):
    hit = next(hit for hit in service.search("E6", technician).hits if hit.ref == "AC-E6")
    assert "AC-E6" not in hit.snippet
    shown = sections_of(SearchAnswer(query="E6", hits=(hit,))).cards[0]
    assert shown.title == "内外机通讯故障"
    assert shown.codes == ("E6",)
    assert shown.note.count("E6") == 0


def test_a_bare_code_of_several_machines_is_a_choice(index, client_of, technician):
    EquipmentModelFactory(code="AC-UM", name="风管机")
    html = page(client_of(technician), q="E1")
    assert 'id="machine-1"' in html
    assert 'id="machine-2"' in html
    assert "风管机" in html


def test_nothing_found_offers_hotline_and_a_case(index, client_of, technician):
    field_cases.register_report_case(lambda reader: "/kb/cases/new/" if reader.is_authenticated else "")
    PortalSettings.objects.update(hotline="400-000-0000")
    html = page(client_of(technician), q="打印机卡纸")
    assert "data-ref" not in html
    assert "/kb/cases/new/?title=" in html
    token = re.search(r'data-token="([^"]+)"', html).group(1)
    assert f"&amp;search={token}" in html
    assert "tel:4000000000" in html
    field_cases._report_case.clear()


def test_what_one_may_not_open_is_nowhere(index, client_of, technician):
    html = page(client_of(technician), q="E6 事故内部通报")
    assert "AC-SECRET" not in html
    assert "机密" not in html
    editor = PersonFactory(roles=[Role.EDITOR])
    assert "AC-SECRET" in page(client_of(editor), q="E6 事故内部通报")
    customer = PersonFactory(organisation=OrganisationFactory(tier=Tier.CUSTOMER))
    assert "data-ref" not in page(client_of(customer), q="E6")


def test_totals_and_facets_count_only_what_is_visible(index, technician):
    everything = service.search("E6", PersonFactory(roles=[Role.EDITOR]))
    visible = service.search("E6", technician)
    nobody = service.search("E6", AnonymousUser())
    assert everything.total == visible.total + 1
    assert nobody.total == 0
    assert nobody.facets == ()


def test_text_of_documents_cannot_inject_markup(index, client_of):
    html = page(client_of(None), q="烤箱清洁")
    assert "/kb/manuals/PUB/#c3" in html
    assert "<script>alert(1)</script>" not in html


def test_an_ampersand_of_a_page_is_one(db):
    body = "<p>A &amp; B，压力 &lt; 2</p><p>第二段</p>"
    found = next(own_sources.page_documents(SimpleNamespace(pk=1, live=True, url="/p/", title="页", audience="public",
                                                            introduction="", body=body)))  # fmt: skip
    assert found.text.split() == ["A", "&", "B，压力", "<", "2", "第二段"]


def test_filters_stand_in_the_address_and_can_be_taken_away(index, technician, client_of):
    EquipmentModelFactory(code="RF-WG", name="卧式冰柜")
    html = page(client_of(technician), q="不制冷", equipment="RF-WG")
    assert 'data-ref="RF-NOCOOL"' in html
    assert 'data-ref="AC-F0"' not in html
    assert "equipment=RF-WG" not in html.split('aria-current="true"')[0].rsplit("<a", 1)[1]


def test_an_alias_filters_like_the_code(index, technician):
    machine = EquipmentModelFactory(code="RF-WG", name="卧式冰柜")
    EquipmentAliasFactory(model=machine, name="雪柜")
    forget_lexicon()
    by_code = service.search("不制冷", technician, service.Filters(equipment="RF-WG"))
    by_alias = service.search("不制冷", technician, service.Filters(equipment="雪柜"))
    assert [hit.ref for hit in by_code.hits] == [hit.ref for hit in by_alias.hits] != []


def test_filters_without_a_query_browse(index, client_of, technician):
    html = page(client_of(technician), severity="danger", page="1")
    assert 'data-ref="EX-ARC"' in html
    assert 'data-ref="AC-E6"' not in html
    answer = service.search("", technician, service.Filters(kind="fault"), page=2)
    assert (answer.total, answer.page, answer.pages, len(answer.hits)) == (57, 2, 6, 10)
    assert service.search("", technician, service.Filters(kind="fault"), page=99).page == 6


def test_htmx_gets_the_list_alone(index, client_of, technician):
    response = client_of(technician).get(
        reverse("search"), {"q": "E6"}, headers={"HX-Request": "true", "HX-Target": "results"}
    )
    html = response.content.decode()
    assert html.lstrip().startswith('<div class="results')
    assert "<html" not in html
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(("query", "most"), [("E6", 15), ("不制冷", 15), ("", 15), ("咖啡机磨豆", 15)])
def test_a_search_reads_little_and_writes_nothing(
    index, client_of, technician, django_assert_max_num_queries, query, most
):
    forget_lexicon()
    client = client_of(technician)
    with django_assert_max_num_queries(most) as captured:
        page(client, q=query)
    assert [row["sql"] for row in captured if not row["sql"].startswith("SELECT")] == []


WRONG = {
    "long": "x" * 10_000,
    "long chinese": "冰" * 10_000,
    "punctuation": "。，！？…—（）",
    "wildcards": "*?* ??? **",
    "quotes": '"\'"\'"(((',
    "control": "\x00\x01\x1b[31m\x7f",
    "everything": "*:*",
    "sql": "'; DROP TABLE kb_faultarticle; --",
    "emoji": "😀🔥👨‍👩‍👧",
    "right to left": "\u202e6E\u202c",
    "field": "audience:restricted OR kind:fault",
}


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG.keys())
def test_wrong_input_is_answered(index, client_of, technician, query):
    client = client_of(technician)
    html = page(client, q=query)
    assert "AC-SECRET" not in html
    for path in ("/api/v1/search", "/api/v1/suggest"):
        assert client.get(path, {"q": query}).status_code == 200


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": "0"}, {"page": "-1"}, {"page": "999999999999"}, {"page": "x"}, {"page": "²"}, {"kind": "nonsense"},
        {"equipment": "\x00"}, {"brand": "'" * 500}, {"severity": "*"}, {"phone": "maybe"},
    ],
)  # fmt: skip
def test_wrong_filters_are_answered(index, client_of, technician, parameters):
    page(client_of(technician), q="不制冷", **parameters)


def test_without_an_index_codes_and_titles_still_answer(index, client_of, technician, monkeypatch):
    def broken(*args, **kwargs):
        raise EngineUnavailable("gone")

    monkeypatch.setattr(service, "find", broken)
    html = page(client_of(technician), 503, q="E6")
    assert "alert--warning" in html
    part = client_of(technician).get(
        reverse("search"), {"q": "E6"}, headers={"HX-Request": "true", "HX-Target": "results"}
    )
    # htmx puts nothing else in place, and the notice stands in it.
    assert (part.status_code, "alert--warning" in part.content.decode()) == (200, True)


def test_the_one_page_of_a_search_without_an_index_leads_to_no_other(client_of, technician, monkeypatch):
    def broken(*args, **kwargs):
        raise EngineUnavailable("gone")

    monkeypatch.setattr(service, "find", broken)
    for _ in range(12):
        FaultArticleFactory(title="不制冷")
    html = page(client_of(technician), 503, q="不制冷", page="2")
    assert html.count('data-ref="') == 12
    assert 'rel="next"' not in html
    assert 'rel="prev"' not in html


def test_the_last_page_one_can_browse_leads_to_no_next(index, client_of, technician, monkeypatch):
    monkeypatch.setattr(facets, "MAX_PAGES", 2)
    first, last = (page(client_of(technician), kind="fault", page=number) for number in ("1", "2"))
    assert 'rel="next"' in first
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


def promoted(query, **facts):
    promotion = SearchPromotion(query=Query.get(query), sort_order=0, **facts)
    promotion.save()
    return promotion


def test_promotions_stand_first(index, client_of, technician):
    promoted("不制冷", external_link_url="https://portal.example/cold/", external_link_text="先看这里")
    html = page(client_of(technician), q="不制冷")
    assert html.index("先看这里") < html.index('data-ref="RF-NOCOOL"')


def test_promotions_stand_above_the_machines_of_a_code(index, client_of, technician):
    promoted("E1", external_link_url="https://portal.example/e1/", external_link_text="先看这里")
    html = page(client_of(technician), q="E1")
    assert html.index("先看这里") < html.index('id="machine-1"')
    assert html.count("先看这里") == 1


def test_what_is_promoted_is_not_listed_again(index, technician):
    answer = service.search("E1", technician)
    first = replace(answer.groups[0].hits[0], promoted=True)
    sections = sections_of(replace(answer, hits=(first, *answer.hits)))
    assert [card.url for card in sections.promoted] == [first.url]
    addresses = [card.url for card in sections.cards]
    assert len(addresses) == len(set(addresses))
    assert [card.place for card in sections.cards] == list(range(1, len(addresses) + 1))


def test_a_code_of_other_machines_is_said_to_be_theirs(index, client_of, technician):
    EquipmentModelFactory(code="GS-XX", name="燃气灶")
    forget_lexicon()
    html = page(client_of(technician), q="燃气灶E6")
    notice = html.split("alert--warning")[1].split("</div>")[0]
    assert "燃气灶" in notice
    assert "E6" in notice
    assert "请勿混用" in notice


def test_a_machine_not_known_here_is_named(index, client_of, technician):
    html = page(client_of(technician), q="微波炉不加热")
    assert "这里没有收录这种设备：微波炉" in html
    assert html.index("其他设备") < html.index("data-ref")


def test_a_synonym_works_without_a_restart(index, technician, django_capture_on_commit_callbacks):
    assert service.search("趴窝", technician).total == 0
    with django_capture_on_commit_callbacks(execute=True):
        SynonymGroup.objects.create(words="趴窝、不启动")
    assert service.search("趴窝", technician).hits[0].ref in {"RF-NOSTART", "MX-NOSTART"}

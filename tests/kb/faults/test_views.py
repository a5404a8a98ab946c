"""Articles as readers see them."""

import pytest

from kb.enums import Severity, Verification, Where
from portal.enums import Audience
from portal.models import PortalSettings
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory
from tests.factories.portal import AssignmentFactory, EquipmentCategoryFactory, EquipmentModelFactory

pytestmark = pytest.mark.django_db


def positions(html: str, *needles: str) -> list[int]:
    return [html.index(needle) for needle in needles]


def test_article_shows_safety_first_then_symptoms_then_pairs_then_the_work(client_of, engineer):
    chapter = ManualEditionFactory().chapters.first()
    article = FaultArticleFactory(
        severity=Severity.DANGER,
        symptom="库温不降",
        safety=["先断电挂牌"],
        pairs=[
            {"check_text": "看电源指示灯", "where": Where.PHONE},
            {"cause": "冷凝器脏堵", "check_text": "看翅片", "remedy": "清洗"},
            {"remedy": "修后试机三十分钟"},
        ],
        tools="万用表\n压力表",
        chapter=chapter,
    )
    html = client_of(engineer).get(article.get_absolute_url()).content.decode()
    main = html[html.index('<main class="page__main"') :]
    found = positions(
        main, "先断电挂牌", "库温不降", "看电源指示灯", "冷凝器脏堵", "修后试机三十分钟", "万用表", chapter.title
    )
    assert found == sorted(found)


def test_danger_safety_cannot_be_collapsed(client_of, engineer):
    article = FaultArticleFactory(severity=Severity.DANGER, safety=["先断电挂牌"])
    html = client_of(engineer).get(article.get_absolute_url()).content.decode()
    before = html[: html.index("先断电挂牌")]
    assert "safety--danger" in before
    assert before.count("<details") == before.count("</details")


def test_pair_says_whether_it_can_be_done_by_phone(client_of, engineer):
    article = FaultArticleFactory(pairs=[{"cause": "未插电", "check_text": "看插头", "where": Where.PHONE}])
    html = client_of(engineer).get(article.get_absolute_url()).content.decode()
    assert html.count("where--phone") == 1
    assert "电话可做" in html


def test_hotline_can_be_tapped(client_of):
    article = FaultArticleFactory(audience=Audience.PUBLIC)
    PortalSettings.objects.update(hotline="400-000-0000")
    assert 'href="tel:4000000000"' in client_of().get(article.get_absolute_url()).content.decode()


def test_disputed_article_warns_before_the_causes(client_of, engineer):
    article = FaultArticleFactory(verification=Verification.DISPUTED)
    html = client_of(engineer).get(article.get_absolute_url()).content.decode()
    warned, caused = positions(html, "来源说法不一", "冷凝器脏堵")
    assert warned < caused


def test_same_code_on_other_equipment_is_offered_and_lookalikes_stand_apart(client_of, engineer):
    article = FaultArticleFactory(codes=["E6"])
    other = FaultArticleFactory(codes=["E6"])
    small = FaultArticleFactory(codes=["e6"])
    padded = FaultArticleFactory(codes=["E06"])
    kin = client_of(engineer).get(article.get_absolute_url()).context["kin"]
    assert [row.article for row in kin.same] == [other]
    assert [row.article for row in kin.similar] == [small, padded]


def test_chooser_is_case_sensitive(client_of, engineer):
    upper = FaultArticleFactory(codes=["E6"])
    lower = FaultArticleFactory(codes=["e6"])
    client = client_of(engineer)
    first, second = (client.get(f"/kb/codes/{code}/").context["kin"] for code in ("E6", "e6"))
    assert [row.article for row in first.same] == [upper]
    assert [row.article for row in first.similar] == [lower]
    assert [row.article for row in second.same] == [lower]


def test_chooser_takes_codes_with_spaces_and_slashes(client_of, engineer):
    FaultArticleFactory(codes=["SPN 520192 FMI 3"])
    FaultArticleFactory(codes=["E42/E45"])
    client = client_of(engineer)
    for address in ("/kb/codes/SPN%20520192%20FMI%203/", "/kb/codes/E42/E45/"):
        assert len(client.get(address).context["kin"].same) == 1


def test_chooser_warns_when_only_lookalikes_exist(client_of, engineer):
    FaultArticleFactory(codes=["F0"])
    response = client_of(engineer).get("/kb/codes/Fo/")
    assert response.context["kin"].same == []
    assert "没有文章解释这个代码" in response.content.decode()


def test_number_in_another_case_is_another_article(client_of, engineer):
    FaultArticleFactory(number="AC-E6")
    assert client_of(engineer).get("/kb/faults/ac-e6/").status_code == 404


def test_list_filters_stand_in_the_address_and_combine(client_of, engineer):
    kitchen = EquipmentCategoryFactory()
    fridge = EquipmentCategoryFactory(parent=kitchen)
    wanted = FaultArticleFactory(category=fridge, severity=Severity.DANGER, brand="格力", is_phone_doable=True)
    FaultArticleFactory(category=fridge, severity=Severity.DANGER, brand="格力")
    FaultArticleFactory(severity=Severity.DANGER, brand="格力", is_phone_doable=True)
    address = f"/kb/faults/?category={kitchen.code}&severity=danger&brand=格力&phone=1"
    response = client_of(engineer).get(address)
    assert list(response.context["page_obj"]) == [wanted]
    away = [chip for _label, chips in response.context["filters"] for chip in chips if chip.active]
    assert all("=" in chip.url for chip in away)


@pytest.mark.parametrize("wrong", ["category=XX", "severity=x", "page=999", "page=x", "brand=%00", "phone=maybe"])
def test_list_answers_wrong_filters_without_an_error(client_of, engineer, wrong):
    FaultArticleFactory()
    assert client_of(engineer).get(f"/kb/faults/?{wrong}").status_code == 200


@pytest.mark.parametrize("code", ["%20", "a" * 500, "%F0%9F%98%80", "' OR 1=1 --", "..%2F..%2Fetc"])
def test_chooser_answers_nonsense_with_not_found(client_of, engineer, code):
    FaultArticleFactory(codes=["E6"])
    assert client_of(engineer).get(f"/kb/codes/{code}/").status_code == 404


def test_list_is_paginated_and_keeps_its_filters(client_of, engineer):
    category = EquipmentCategoryFactory()
    for _ in range(21):
        FaultArticleFactory(category=category, brand="格力")
    response = client_of(engineer).get("/kb/faults/?brand=格力")
    assert len(response.context["page_obj"]) == 20
    assert "page=2" in response.content.decode()


def test_list_answers_htmx_with_the_results_only(client_of, engineer):
    FaultArticleFactory()
    response = client_of(engineer).get("/kb/faults/", headers={"HX-Request": "true", "HX-Target": "results"})
    html = response.content.decode()
    assert 'id="results"' in html
    assert "<html" not in html


def test_empty_list_says_what_to_do_next(readers, client_of):
    assert "/accounts/login/" in client_of().get("/kb/faults/").content.decode()
    FaultArticleFactory()
    filtered = client_of(readers["engineer"]).get("/kb/faults/?severity=minor").content.decode()
    assert "没有符合条件的文章" in filtered


def test_overview_counts_by_category(client_of, engineer):
    category = EquipmentCategoryFactory()
    FaultArticleFactory(category=category)
    FaultArticleFactory(category=category, is_phone_doable=True)
    context = client_of(engineer).get("/kb/").context
    assert [(card.category, card.faults, card.manuals) for card in context["cards"]] == [(category, 2, 0)]
    assert context["phone_total"] == 1


def build_article(category, number):
    """An article with everything a page shows."""
    machines = [EquipmentModelFactory(category=category) for _ in range(2)]
    edition = ManualEditionFactory()
    return FaultArticleFactory(
        category=category,
        codes=["E6"],
        brand=f"品牌{number}",
        equipment=machines,
        chapter=edition.chapters.first(),
        aliases="外机不转\n显示E6",
    )


@pytest.mark.parametrize("articles", [1, 3])
def test_article_page_query_count_signed_in(client_of, engineer, django_assert_max_num_queries, articles):
    category = EquipmentCategoryFactory()
    found = [build_article(category, number) for number in range(articles)]
    # As people are: with a post, whose place comes with it.
    AssignmentFactory(person=engineer, organisation=engineer.organisation)
    client = client_of(engineer)
    PortalSettings.load()
    with django_assert_max_num_queries(12):
        assert client.get(found[0].get_absolute_url()).status_code == 200


@pytest.mark.parametrize("articles", [1, 3])
def test_article_page_query_count_anonymous(client_of, django_assert_max_num_queries, articles):
    category = EquipmentCategoryFactory()
    found = [build_article(category, number) for number in range(articles)]
    type(found[0]).objects.update(audience=Audience.PUBLIC)
    PortalSettings.load()
    with django_assert_max_num_queries(11):
        assert client_of().get(found[0].get_absolute_url()).status_code == 200


@pytest.mark.parametrize("articles", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"), [("/kb/faults/", 15), ("/kb/", 18), ("/kb/manuals/", 9), ("/kb/codes/E6/", 8)]
)
def test_lists_query_counts(client_of, engineer, django_assert_num_queries, address, queries, articles):
    category = EquipmentCategoryFactory()
    for number in range(articles):
        build_article(category, number)
    client = client_of(engineer)
    PortalSettings.load()
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200

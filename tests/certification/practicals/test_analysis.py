"""Checks that fail most in practicals: counted as signed, with the sections taught before, for who can rewrite them."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from certification.models import ChecklistItem, Requirement
from certification.practicals.analysis import checks
from courses.models import ModuleTopic
from portal.enums import Role
from tests.factories.certification import ChecklistFactory, PracticalAssessmentFactory
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def row(text, is_shown, *, is_critical=False):
    return {"text": text, "expected": "", "is_critical": is_critical, "is_shown": is_shown, "remark": "", "photos": []}


@pytest.fixture
def signed(network):
    """Three practicals: the gauge is forgotten twice, the power once of three, the label never."""
    sheet = network["checklist"]
    for power, gauge in ((False, False), (True, False), (True, True)):
        rows = [row("断电并挂牌", power, is_critical=True), row("接压力表", gauge), row("贴标签", True)]
        PracticalAssessmentFactory(checklist=sheet, rows=rows)
    return sheet


@pytest.fixture
def taught(network, signed):
    """The module before the practical teaches both; each topic cites a chapter."""
    edition = ManualEditionFactory(chapters=["断电与挂牌上锁", "压力表的使用"])
    chapters = {chapter.title: chapter for chapter in edition.chapters.all()}
    for order, (text, chapter) in enumerate(chapters.items()):
        topic = ModuleTopic(module=network["module"], text=text, sort_order=order)
        topic.save()
        topic.chapters.add(chapter)
        topic.save()
    return chapters


def test_checks_are_counted_in_the_words_that_were_signed(signed):
    found = checks()
    assert [(each.text, each.fails, each.of, each.is_critical) for each in found] == [
        ("接压力表", 2, 3, False),
        ("断电并挂牌", 1, 3, True),
    ]
    other = ChecklistFactory()
    PracticalAssessmentFactory(checklist=other, rows=[row("接压力表", False)])
    assert [(each.checklist, each.fails, each.of) for each in checks(other)] == [(other, 1, 1)]
    assert len(checks()) == 3


def test_the_section_whose_topic_shares_the_words_stands_first(signed, taught):
    gauge, power = checks()
    assert gauge.sections[0] == taught["压力表的使用"]
    assert power.sections[0] == taught["断电与挂牌上锁"]


def test_the_section_a_check_cites_itself_stands_first(signed, taught, client_of):
    cited = ManualEditionFactory(chapters=["停机步骤"]).chapters.first()
    ChecklistItem.objects.create(checklist=signed, text="断电并挂牌", chapter=cited)
    article = FaultArticleFactory()
    ChecklistItem.objects.create(checklist=signed, text="接压力表", article=article)
    gauge, power = checks()
    assert power.chapters == [cited, *power.sections]
    assert gauge.citations[0] == str(article)
    page = client_of(PersonFactory(roles=[Role.ADMINISTRATOR])).get(reverse("certification_practical_analysis")).text
    assert cited.get_absolute_url() in page
    assert article.get_absolute_url() in page
    assert reverse("wagtailsnippets_kb_faultarticle:edit", args=[article.pk]) in page


def test_a_checklist_no_scheme_asks_for_has_no_sections(signed):
    Requirement.objects.filter(checklist=signed).delete()
    assert [each.sections for each in checks()] == [[], []]


def test_the_page_shows_chart_table_and_links(signed, taught, client_of):
    page = client_of(PersonFactory(roles=[Role.ADMINISTRATOR])).get(reverse("certification_practical_analysis"))
    text = page.content.decode()
    assert "2 / 3" in text
    assert "<svg" in text
    chapter = taught["压力表的使用"]
    assert chapter.get_absolute_url() in text
    assert reverse("kb_edition_outline", args=[chapter.edition_id]) in text


def test_the_table_takes_all_of_them(signed, client_of):
    client = client_of(PersonFactory(roles=[Role.ADMINISTRATOR]))
    answer = client.get(reverse("certification_practical_analysis"), {"export": "xlsx", "checklist": signed.code})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [(line[1], line[3], line[4], line[5]) for line in rows[1:]] == [
        ("接压力表", 2, 3, 66.7),
        ("断电并挂牌", 1, 3, 33.3),
    ]


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.MANAGER, Role.DISPATCHER])
def test_it_is_closed_to_others(signed, client_of, role):
    page = client_of(PersonFactory(roles=[role])).get(reverse("certification_practical_analysis"))
    assert page.status_code in (302, 403)


@pytest.mark.parametrize("number", [1, 5])
def test_as_many_queries_for_many(network, django_assert_num_queries, number):
    for each in range(number):
        PracticalAssessmentFactory(checklist=network["checklist"], rows=[row(f"第 {each} 项", False)])
    with django_assert_num_queries(6):
        assert len(checks()) == number

"""Statutory cards of a guide: references to kinds, shown with what the rules demand, on page, paper and in search."""

import subprocess

import pytest
from django.urls import reverse

from kb.faults.queries import fault_facts, work_demands
from kb.faults.search import fault_documents, faults
from kb.models import FaultArticle
from portal.access.roles import synchronise_roles
from portal.enums import Role, Task
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    PersonFactory,
    StatutoryKindFactory,
    StatutoryRuleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cold():
    """A guide for a cold room whose repair needs one card by rule; the guide itself asks for another."""
    category = EquipmentCategoryFactory(name="冷冻设备")
    room = EquipmentModelFactory(name="冷库", category=category)
    rule = StatutoryRuleFactory(category=category, kind__name="制冷与空调设备安装修理作业", tasks=[Task.REPAIR])
    further = StatutoryKindFactory(name="低压电工作业")
    article = FaultArticleFactory(number="RF-1", category=category, equipment=[room], cards=[further])
    return {"category": category, "room": room, "rule": rule, "further": further, "article": article}


def test_article_keeps_its_kinds_through_revisions(cold):
    article = cold["article"]

    again = article.latest_revision.as_object()

    assert list(FaultArticle.objects.get(pk=article.pk).required_certificates.all()) == [cold["further"]]
    assert list(again.required_certificates.all()) == [cold["further"]]


def test_page_names_the_rules_cards_and_its_own_apart(cold, client_of, engineer):
    response = client_of(engineer).get(cold["article"].get_absolute_url())

    assert [demand.kind for demand in response.context["demands"]] == [cold["rule"].kind]
    assert response.context["further_cards"] == [cold["further"]]
    page = response.content.decode()
    assert page.index("制冷与空调设备安装修理作业") < page.index("本文另要求") < page.index("低压电工作业")


def test_card_the_rule_and_the_guide_name_stands_once(cold):
    article = FaultArticleFactory(category=cold["category"], equipment=[cold["room"]], cards=[cold["rule"].kind])

    facts = fault_facts(article, PersonFactory())

    assert ([demand.kind for demand in facts["demands"]], facts["further_cards"]) == ([cold["rule"].kind], [])


def test_guide_without_machines_goes_by_its_category(cold):
    assert [demand.kind for demand in work_demands(cold["category"], [], Task.REPAIR)] == [cold["rule"].kind]


def test_demand_of_some_machines_says_of_which(cold):
    chest = EquipmentModelFactory(category=cold["category"])
    StatutoryRuleFactory(category=None, model=chest, kind=cold["further"])

    found = work_demands(cold["category"], [cold["room"], chest], Task.REPAIR)

    assert [(demand.kind, demand.models) for demand in found] == [(cold["rule"].kind, ()), (cold["further"], (chest,))]


def test_paper_names_the_cards(cold, client_of, engineer):
    content = client_of(engineer).get("/kb/faults/RF-1.pdf").content
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True).stdout

    assert "制冷与空调设备安装修理作业" in text.decode()
    assert "低压电工作业" in text.decode()


def test_search_finds_a_guide_by_its_cards_and_follows_their_names(cold):
    (document,) = fault_documents(faults().get(pk=cold["article"].pk))

    assert "低压电工作业" in document.text


def test_editor_ticks_kinds_in_the_form(cold, client_of):
    synchronise_roles()
    client = client_of(PersonFactory(roles=[Role.EDITOR]))
    url = reverse(FaultArticle.snippet_viewset.get_url_name("edit"), args=[cold["article"].pk])

    page = client.get(url).content.decode()

    assert f'name="required_certificates" value="{cold["further"].pk}"' in page


def test_page_costs_the_same_for_one_and_for_many_machines(cold, client_of, engineer, django_assert_num_queries):
    # As people are: with a post, whose place comes with it.
    AssignmentFactory(person=engineer, organisation=engineer.organisation)
    client, url = client_of(engineer), cold["article"].get_absolute_url()
    client.get(url)
    with django_assert_num_queries(12) as first:
        client.get(url)
    article = cold["article"]
    article.equipment = [
        cold["room"],
        *(EquipmentModelFactory(category=EquipmentCategoryFactory(parent=cold["category"])) for _number in range(3)),
    ]
    article.save()

    with django_assert_num_queries(len(first)):
        client.get(url)

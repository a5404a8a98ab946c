"""The dispatcher's home is the question, answered in place."""

import pytest
from django.urls import reverse

from certification.models import DutyInquiry
from tests.factories.certification import certificate_for
from tests.factories.portal import EquipmentModelFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "duty-answer"}


def ask(client, **params):
    return client.get(reverse("certification:duty"), params, headers=HTMX)


def test_the_dispatchers_home_begins_with_the_question(network, client_of):
    page = client_of(network["dispatcher"]).get("/").content.decode()

    assert page.index('id="duty-question"') < page.index('id="home-search"')
    assert 'value="2026-03-18"' in page
    assert '<option value="repair" selected>' in page


@pytest.mark.parametrize("who", ["technician", "manager", "auditor", "trainer", "customer"])
def test_homes_of_others_begin_with_the_search(network, client_of, who):
    assert "duty-question" not in client_of(network[who]).get("/").content.decode()


def test_the_answer_comes_alone_with_the_way_out_and_is_kept(network, client_of):
    client = client_of(network["dispatcher"])
    answer = ask(client, person=network["technician"].staff_number, equipment="冷库", task="repair", on="2026-03-18")
    html = answer.content.decode()

    assert answer.status_code == 200
    assert "<html" not in html
    assert "verdict--refused" in html
    assert network["assessor"].name in html
    assert DutyInquiry.objects.count() == 1


def test_who_may_is_listed_with_the_way_to_the_page(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    html = ask(client_of(network["dispatcher"]), equipment="冷库").content.decode()
    assert network["technician"].name in html
    assert "/certification/duty/?equipment=" in html


def test_a_text_that_means_several_machines_is_chosen_in_place(network, client_of):
    for code in ("RF-ONE", "RF-TWO"):
        EquipmentModelFactory(code=code, name="冷柜", category=network["equipment"].category)
    answer = ask(client_of(network["dispatcher"]), equipment="冷柜", person=network["technician"].staff_number)

    assert answer.status_code == 422
    assert "equipment=RF-ONE" in answer.content.decode()


@pytest.mark.parametrize(
    "params", [{}, {"person": "没有", "equipment": "冷库"}, {"equipment": "没有"}, {"equipment": "冷库", "on": "x"}]
)
def test_refusals_are_shown_in_place(network, client_of, params):
    answer = ask(client_of(network["dispatcher"]), **params)
    assert answer.status_code == 422
    assert "无法回答" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_person_of_another_branch_is_out_of_scope(network, client_of):
    html = ask(client_of(network["dispatcher"]), person=network["stranger"].staff_number, equipment="冷库")
    assert html.status_code == 422
    assert "verdict" not in html.content.decode()

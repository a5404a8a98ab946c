"""The duty page and the tile on a machine's page: by task, or by post."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.enums import Role, Task
from portal.equipment.domain import renew_label
from tests.factories.certification import ConditionFactory, SchemeFactory, category_of, certificate_for
from tests.factories.portal import (
    EquipmentAliasFactory,
    EquipmentModelFactory,
    EquipmentUnitFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(network):
    """A colleague in the outlet who may operate cold rooms; the network's scheme opens repair and maintenance."""
    scheme = SchemeFactory(tasks=[Task.OPERATE], scopes=[category_of(network["scheme"])])
    certificate_for(network["colleague"], scheme)
    return network["colleague"]


def ask(client, **params):
    return client.get(reverse("certification:duty"), params)


def test_questions_that_differ_only_in_the_task_get_different_answers(network, operator, client_of):
    client = client_of(network["dispatcher"])
    params = {"person": operator.staff_number, "equipment": "RF-LK"}

    operate, repair = (ask(client, **params, task=task).content.decode() for task in ("operate", "repair"))
    api = [client.get("/api/v1/duty", params | {"task": task}).json()["allowed"] for task in ("operate", "repair")]

    assert "verdict--allowed" in operate
    assert "verdict--refused" in repair
    assert f"{operator.name}（{operator.staff_number}） · 维修 · 冷库" in repair
    assert api == [True, False]


def test_list_of_who_may_is_of_the_task_asked(network, operator, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["dispatcher"])

    def allowed(task):
        return [answer.person for answer in ask(client, equipment="RF-LK", task=task).context["page_obj"]]

    assert allowed("operate") == [operator]
    assert allowed("repair") == allowed("maintain") == [network["technician"]]
    assert allowed("install") == []


def test_condition_takes_people_off_the_list(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    certificate_for(network["colleague"], network["scheme"])
    certificate_for(network["colleague"], ConditionFactory(tasks=[Task.REPAIR]))

    response = ask(client_of(network["dispatcher"]), equipment="RF-LK")

    assert [answer.person for answer in response.context["page_obj"]] == [network["colleague"]]


def test_post_is_asked_about_instead_of_equipment(network, client_of):
    post = PositionFactory(organisation=network["outlet"].get_root(), title="服务接待", is_duty_gated=True)
    certificate_for(network["technician"], SchemeFactory(tasks=[Task.OPERATE], scopes=[], positions=[post]))
    client = client_of(network["dispatcher"])

    own = ask(client, person=network["technician"].staff_number, position="服务接待")
    other = ask(client, person=network["colleague"].staff_number, position=f"{post.organisation.code}/服务接待")

    assert "verdict--allowed" in own.content.decode()
    assert [answer.person for answer in own.context["page_obj"]] == [network["technician"]]
    assert "verdict--refused" in other.content.decode()


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"equipment": "冷库", "task": "demolish"}, 422),
        ({"position": "厂长"}, 404),
        ({"equipment": "冷库", "position": "厂长"}, 422),
    ],
)
def test_wrong_input_is_said_on_the_page(network, client_of, params, status):
    response = ask(client_of(network["dispatcher"]), **params)

    assert response.status_code == status
    assert "无法回答" in response.content.decode()


def test_posts_of_another_network_are_not_offered_and_not_found(network, client_of):
    PositionFactory(title="别家岗位")
    client = client_of(network["dispatcher"])

    assert "别家岗位" not in ask(client).content.decode()
    assert ask(client, position="别家岗位").status_code == 404


# --- the page a label opens -------------------------------------------------------------------------------------------


@pytest.fixture
def unit(network):
    return EquipmentUnitFactory(model=network["equipment"])


def test_label_shows_who_may_by_task(network, operator, unit, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["dispatcher"])
    url = reverse("unit_file", args=[unit.pk])

    repair = client.get(url).content.decode()
    operate = client.get(url, {"task": "operate"}).content.decode()
    nonsense = client.get(url, {"task": "demolish"}).content.decode()

    assert network["technician"].name in repair
    assert operator.name not in repair
    assert operator.name in operate
    assert network["technician"].name not in operate
    assert '<a class="tabs__link" href="?task=operate#who" aria-current="page">操作' in operate
    assert network["technician"].name in nonsense


def test_label_tells_an_engineer_about_the_task_opened(network, operator, unit, client_of):
    client = client_of(operator)
    url = reverse("unit_file", args=[unit.pk])

    assert "verdict--refused" in client.get(url).content.decode()
    assert "verdict--allowed" in client.get(url, {"task": "operate"}).content.decode()


def test_label_tells_people_of_a_customer_whether_they_may_operate_it(network, unit, client_of):
    contact = network["customer"]
    unit.customer = contact.organisation
    unit.save()
    operating = SchemeFactory(tasks=[Task.OPERATE], scopes=[network["equipment"].category])
    client, url = client_of(contact), reverse("unit_file", args=[unit.pk])

    before = client.get(url).content.decode()
    certificate_for(contact, operating)
    after = client.get(url).content.decode()
    repair = client.get(url, {"task": "repair"}).content.decode()

    assert '<a class="tabs__link" href="?task=operate#who" aria-current="page">操作' in before
    assert ["verdict--refused" in page for page in (before, after, repair)] == [True, False, True]
    assert "verdict--allowed" in after
    assert network["technician"].name not in after


def test_label_answers_nobody_who_is_not_signed_in(network, unit, client_of):
    page = client_of(None).get(f"/e/{renew_label(unit).secret}/")
    assert page.status_code == 200
    assert "verdict--" not in page.content.decode()


def test_as_of_is_asked_by_task(network, operator, client_of):
    client, today = client_of(network["auditor"]), timezone.localdate().isoformat()
    url = reverse("certification:as_of")

    operate, repair = (
        client.get(url, {"equipment": "冷库", "on": today, "task": task}).content.decode()
        for task in ("operate", "repair")
    )

    assert operator.name in operate
    assert operator.name not in repair


def test_matrix_names_tasks_and_marks_conditions(network, operator, client_of):
    condition = ConditionFactory(name="三级安全教育")
    certificate_for(operator, condition)

    page = client_of(network["manager"]).get(reverse("certification:matrix")).content.decode()

    assert "保养、维修" in page
    assert "附加条件 · 所有作业" in page


def test_cover_counts_openers_of_the_task_and_no_condition_alone(network, operator, client_of):
    certificate_for(network["technician"], ConditionFactory(tasks=[Task.INSTALL]))
    client, url = client_of(network["manager"]), reverse("certification:coverage")

    counted = {
        task: len(client.get(url, {"task": task}).context["covers"][0].certified)
        for task in ("", "operate", "repair", "nonsense")
    }

    assert counted == {"": 1, "operate": 1, "repair": 0, "nonsense": 1}


def test_person_without_organisation_opens_the_page(client_of):
    assert ask(client_of(PersonFactory(organisation=None, roles=[Role.ENGINEER]))).status_code == 200


# --- what is typed ----------------------------------------------------------------------------------------------------


def test_same_name_is_a_choice_of_one_tap(network, client_of):
    PersonFactory(name=network["technician"].name, organisation=network["outlet"])
    client = client_of(network["dispatcher"])

    page = ask(client, person="林小川", equipment="RF-LK")
    number = network["technician"].staff_number
    chosen = client.get(reverse("certification:duty") + f"?person=林小川&equipment=RF-LK&person={number}")

    assert page.status_code == 422
    assert f'<button class="btn btn--sm" type="submit" name="person" value="{number}">' in page.text
    assert chosen.context["answer"].person == network["technician"]


def test_word_several_machines_share_is_a_choice_and_enter_asks_anew(network, client_of):
    for code in ("BX-1", "BX-2"):
        EquipmentAliasFactory(model=EquipmentModelFactory(code=code), name="冰箱")

    page = ask(client_of(network["dispatcher"]), equipment="冰箱")

    buttons = re.findall(r"<button[^>]*type=\"submit\"[^>]*>", page.text[page.text.index('name="equipment"') :])
    assert page.status_code == 422
    # The first button of the form is what the Enter key presses.
    assert "name=" not in buttons[0]
    assert [re.search(r'value="([^"]+)"', button)[1] for button in buttons[1:3]] == ["BX-1", "BX-2"]


def test_pasted_list_is_answered_person_by_person(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    people = f"{network['technician'].staff_number}，杨振华、赵明远 ； NOBODY"

    page = ask(client_of(network["dispatcher"]), person=people, equipment="冷 库")

    rows = page.context["rows"]
    assert [row["answer"].allowed for row in rows[:2]] == [True, False]
    assert [row["problem"].code for row in rows[2:]] == ["person_out_of_scope", "unknown_person"]
    assert "不在您的范围内" in page.text


def test_too_long_a_list_is_refused(network, client_of):
    page = ask(client_of(network["dispatcher"]), person=",".join(f"N{n}" for n in range(101)), equipment="冷库")

    assert page.status_code == 422


@pytest.mark.parametrize("typed", ["ｌｉｎｘｉａｏｃｈｕａｎ", "lxc", "林 小川", "工号：{}", "{}\u200b"])
def test_matrix_finds_people_by_what_is_typed(network, client_of, typed):
    query = typed.format(network["technician"].staff_number)

    page = client_of(network["manager"]).get(reverse("certification:matrix"), {"q": query})

    assert [row.person for row in page.context["rows"]] == [network["technician"]]


def test_auditor_chooses_the_machine(network, client_of):
    for code in ("BX-1", "BX-2"):
        EquipmentAliasFactory(model=EquipmentModelFactory(code=code), name="冰箱")

    page = client_of(network["auditor"]).get(reverse("certification:as_of"), {"equipment": "冰 箱"})

    assert page.status_code == 422
    assert 'name="equipment" value="BX-2"' in page.text

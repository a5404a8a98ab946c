"""Rules on statutory cards: which equipment × task needs which, who edits them, where records contradict them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from certification.schemes.reach import tasks_of
from portal.access.roles import synchronise_roles
from portal.enums import Audience, Role, Task
from portal.equipment.labels import labels
from portal.equipment.statutory import (
    demands_of_category,
    demands_on,
    kinds_required,
    kinds_required_of,
    regulated_without_rule,
    rules_covering,
)
from portal.models import EquipmentModel, EquipmentUnit, StatutoryRule
from portal.registry.statutory import contradictions
from tests.factories.certification import SchemeFactory, StatutoryRequirementFactory
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import (
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    EquipmentUnitFactory,
    PersonFactory,
    StatutoryKindFactory,
    StatutoryRuleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cold():
    """Kitchen equipment above refrigeration, with a cold room."""
    kitchen = EquipmentCategoryFactory(name="商用厨房设备")
    refrigeration = EquipmentCategoryFactory(name="冷冻设备", parent=kitchen)
    return {"kitchen": kitchen, "category": refrigeration, "room": EquipmentModelFactory(category=refrigeration)}


# --- the query --------------------------------------------------------------------------------------------------------


def test_rules_of_category_ancestors_and_model_hold_together(cold):
    above = StatutoryRuleFactory(category=cold["kitchen"])
    near = StatutoryRuleFactory(category=cold["category"])
    own = StatutoryRuleFactory(category=None, model=cold["room"])
    StatutoryRuleFactory(category=EquipmentCategoryFactory(parent=cold["kitchen"]))
    StatutoryRuleFactory(category=None, model=EquipmentModelFactory(category=cold["category"]))

    assert kinds_required(cold["room"], Task.REPAIR) == [above.kind, near.kind, own.kind]


def test_rule_holds_for_its_tasks_and_without_any_for_all(cold):
    repair = StatutoryRuleFactory(category=cold["category"], tasks=[Task.REPAIR, Task.INSTALL])
    every = StatutoryRuleFactory(category=cold["category"])

    found = {task.value: kinds_required(cold["room"], task) for task in Task}

    assert found == {
        "operate": [every.kind],
        "maintain": [every.kind],
        "repair": [repair.kind, every.kind],
        "install": [repair.kind, every.kind],
        "commission": [every.kind],
    }


def test_rule_out_of_force_asks_for_nothing(cold):
    StatutoryRuleFactory(category=cold["category"], is_active=False)

    assert kinds_required(cold["room"], Task.REPAIR) == []


def test_kind_named_by_two_rules_is_asked_for_once(cold):
    kind = StatutoryKindFactory()
    StatutoryRuleFactory(category=cold["kitchen"], kind=kind)
    StatutoryRuleFactory(category=cold["category"], kind=kind, tasks=[Task.REPAIR])

    assert kinds_required(cold["room"], Task.REPAIR) == [kind]


def test_many_models_cost_as_many_queries_as_one(cold, django_assert_num_queries):
    rule = StatutoryRuleFactory(category=cold["category"])
    for _number in range(3):
        EquipmentModelFactory(category=EquipmentCategoryFactory(parent=cold["category"]))

    for number in (1, 4):
        models = list(EquipmentModel.objects.order_by("pk")[:number])
        with django_assert_num_queries(2):
            found = kinds_required_of(models, Task.REPAIR)
        assert found == {model.pk: [rule.kind] for model in models}


def test_no_models_need_nothing():
    assert rules_covering([]) == {}
    assert demands_on([]) == []


def test_demands_say_tasks_and_models(cold):
    other = EquipmentModelFactory(category=cold["category"])
    shared = StatutoryRuleFactory(category=cold["category"], tasks=[Task.INSTALL, Task.REPAIR])
    own = StatutoryRuleFactory(category=None, model=other)

    found = demands_on([cold["room"], other])

    assert [(demand.kind, demand.tasks, demand.models) for demand in found] == [
        (shared.kind, ("repair", "install"), ()),
        (own.kind, (), (other,)),
    ]
    assert demands_on([cold["room"]], Task.MAINTAIN) == []


def test_demands_of_a_category_are_those_of_everything_in_it(cold):
    above = StatutoryRuleFactory(category=cold["kitchen"], tasks=[Task.REPAIR])
    StatutoryRuleFactory(category=None, model=cold["room"])

    assert [demand.kind for demand in demands_of_category(cold["category"])] == [above.kind]
    assert demands_of_category(cold["category"], Task.OPERATE) == []


def test_regulated_models_without_rule_are_found(cold):
    covered = EquipmentModelFactory(category=cold["category"], is_regulated=True)
    bare = EquipmentModelFactory(is_regulated=True)
    StatutoryRuleFactory(category=cold["kitchen"])
    EquipmentModelFactory()

    assert list(regulated_without_rule()) == [bare]
    assert covered.is_regulated


# --- the records ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["both", "none"])
def test_rule_names_exactly_one_scope(cold, scope):
    fields = {"category": cold["category"], "model": cold["room"]} if scope == "both" else {"category": None}
    rule = StatutoryRule(kind=StatutoryKindFactory(), **fields)

    with pytest.raises(ValidationError):
        rule.clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()


@pytest.mark.parametrize("scope", ["category", "model"])
def test_rule_stands_once_a_kind_and_scope(cold, scope):
    fields = {"category": cold["category"]} if scope == "category" else {"category": None, "model": cold["room"]}
    rule = StatutoryRuleFactory(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        StatutoryRuleFactory(kind=rule.kind, **fields)


@pytest.mark.parametrize("tasks", [["fly"], ["repair", "repair"], "repair", {"repair": 1}])
def test_tasks_of_a_rule_are_known_tasks(tasks):
    with pytest.raises(ValidationError):
        StatutoryRule(kind=StatutoryKindFactory(), category=EquipmentCategoryFactory(), tasks=tasks).full_clean()


@pytest.mark.parametrize("codes", [["T", "T"], [""], "T", [1]])
def test_project_codes_are_short_texts_each_once(codes):
    kind = StatutoryKindFactory.build(project_codes=codes)

    with pytest.raises(ValidationError):
        kind.clean_fields()


# --- the editing area -------------------------------------------------------------------------------------------------


def rule_form(kind, category, **changes):
    return {
        "kind": kind.pk,
        "category": category.pk,
        "tasks": ["repair"],
        "source": "30号令",
        "is_active": "on",
    } | changes


def editor_of(client_of, role):
    synchronise_roles()
    return client_of(PersonFactory(roles=[role]))


def test_administrator_writes_kinds_and_rules(client_of, cold):
    client = editor_of(client_of, Role.ADMINISTRATOR)
    kind = StatutoryKindFactory()
    terms = {"name": "电梯修理", "code": "SK-T", "project_codes": "T", "renewal_lead_days": 90, "review_lead_days": 30}

    kinds = client.post(reverse("statutorykind:add"), terms)
    good = client.post(reverse("statutoryrule:add"), rule_form(kind, cold["category"]))
    twice = client.post(reverse("statutoryrule:add"), rule_form(kind, cold["category"]))
    both = client.post(reverse("statutoryrule:add"), rule_form(kind, cold["kitchen"], model=cold["room"].pk))

    assert [answer.status_code for answer in (kinds, good, twice, both)] == [302, 302, 200, 200]
    assert StatutoryRule.objects.get().tasks == ["repair"]
    assert type(kind).objects.get(code="SK-T").project_codes == ["T"]


@pytest.mark.parametrize("role", [Role.TRAINER, Role.EDITOR, Role.MANAGER, Role.AUDITOR])
def test_others_read_rules_and_change_none(client_of, cold, role):
    rule = StatutoryRuleFactory(category=cold["category"])
    client = editor_of(client_of, role)

    assert client.get(reverse("statutoryrule:index")).status_code == 200
    assert client.post(reverse("statutoryrule:edit", args=[rule.pk]), {}).status_code == 302
    assert client.post(reverse("statutoryrule:add"), rule_form(rule.kind, cold["kitchen"])).status_code == 302
    assert StatutoryRule.objects.get() == rule


def test_nobody_deletes_a_kind(client_of):
    kind = StatutoryKindFactory()

    editor_of(client_of, Role.ADMINISTRATOR).post(reverse("statutorykind:delete", args=[kind.pk]))

    assert type(kind).objects.filter(pk=kind.pk).exists()


# --- contradictions ---------------------------------------------------------------------------------------------------


def found():
    return [(str(row.subject), row.asked, row.ruled) for row in contradictions()]


def test_nothing_contradicts_where_all_agree(cold):
    rule = StatutoryRuleFactory(category=cold["category"])
    FaultArticleFactory(category=cold["category"], equipment=[cold["room"]], cards=[rule.kind])
    StatutoryRequirementFactory(scheme__scopes=[cold["category"]], statutory_kind=rule.kind)
    EquipmentModel.objects.update(is_regulated=True)

    assert contradictions() == []


def test_guide_that_asks_for_more_or_for_others_is_found(cold):
    rule, further = StatutoryRuleFactory(category=cold["category"]), StatutoryKindFactory()
    more = FaultArticleFactory(category=cold["category"], equipment=[cold["room"]], cards=[rule.kind, further])
    other = FaultArticleFactory(category=cold["category"], cards=[further])
    FaultArticleFactory(category=cold["category"], cards=[further], published=False)

    assert found() == [
        (str(more), (rule.kind.name, further.name), (rule.kind.name,)),
        (str(other), (further.name,), (rule.kind.name,)),
    ]
    assert [str(row.what) for row in contradictions()] == ["文章要求的证件多于规则", "文章要求的证件与规则不同"]


def test_guide_asking_for_a_card_of_another_task_is_found(cold):
    rule = StatutoryRuleFactory(category=cold["category"], tasks=[Task.MAINTAIN])
    article = FaultArticleFactory(category=cold["category"], equipment=[cold["room"]], cards=[rule.kind])

    assert found() == [(str(article), (rule.kind.name,), ())]


def test_regulated_model_without_rule_is_found():
    model = EquipmentModelFactory(is_regulated=True)

    assert found() == [(f"{model.name} {model.code}", (), ())]


def test_scheme_that_asks_for_what_no_rule_names_is_found(cold):
    wanted = StatutoryRequirementFactory(scheme__scopes=[cold["category"]])

    assert found() == [(wanted.scheme.name, (wanted.statutory_kind.name,), ())]


def test_scheme_that_asks_for_another_card_than_the_rule_is_found(cold):
    rule = StatutoryRuleFactory(category=None, model=cold["room"])
    wanted = StatutoryRequirementFactory(scheme__scopes=[cold["kitchen"]])
    StatutoryRequirementFactory(scheme=SchemeFactory(scopes=[cold["kitchen"]], is_active=False))

    assert found() == [(wanted.scheme.name, (wanted.statutory_kind.name,), (rule.kind.name,))]


def whats():
    return [str(row.what) for row in contradictions()]


def test_scheme_that_asks_for_the_card_of_another_of_its_tasks_is_found(cold):
    rule = StatutoryRuleFactory(category=cold["category"], tasks=[Task.REPAIR, Task.INSTALL])
    scheme = SchemeFactory(scopes=[cold["category"]], tasks=[Task.MAINTAIN, Task.REPAIR])
    StatutoryRequirementFactory(scheme=scheme, statutory_kind=rule.kind)

    assert found() == [(scheme.name, (rule.kind.name,), (rule.kind.name,))]
    assert whats() == ["规则不要求的作业，持证方案也要求证件：保养"]


def test_scheme_that_names_some_card_but_not_that_of_the_rule_is_found(cold):
    named, further = StatutoryRuleFactory(category=cold["category"]), StatutoryRuleFactory(category=cold["kitchen"])
    StatutoryRuleFactory(category=None, model=cold["room"])
    wanted = StatutoryRequirementFactory(scheme__scopes=[cold["category"]], statutory_kind=named.kind)

    assert [(subject, asked) for subject, asked, _ruled in found()] == [(wanted.scheme.name, (named.kind.name,))]
    assert whats() == [f"规则要求的证件，持证方案没有列出：{'、'.join(str(t.label) for t in tasks_of(wanted.scheme))}"]
    StatutoryRequirementFactory(scheme=wanted.scheme, statutory_kind=further.kind)
    assert whats() == []


def test_scheme_that_leaves_cards_to_the_rules_contradicts_none(cold):
    StatutoryRuleFactory(category=cold["category"], tasks=[Task.REPAIR])
    SchemeFactory(scopes=[cold["category"]], tasks=[Task.MAINTAIN, Task.REPAIR])

    assert contradictions() == []


def one_of_each(cold):
    further = StatutoryKindFactory()
    FaultArticleFactory(category=cold["category"], equipment=[cold["room"]], cards=[further])
    StatutoryRequirementFactory(scheme__scopes=[cold["category"]])
    EquipmentModelFactory(is_regulated=True)


def test_report_costs_the_same_for_one_and_for_many(cold, django_assert_num_queries):
    one_of_each(cold)
    with django_assert_num_queries(12) as first:
        contradictions()
    for _number in range(3):
        one_of_each(cold)

    with django_assert_num_queries(len(first)):
        contradictions()


def test_report_lists_links_pages_and_exports(client_of, cold):
    one_of_each(cold)
    for _number in range(50):
        EquipmentModelFactory(is_regulated=True)
    client = editor_of(client_of, Role.ADMINISTRATOR)
    url = reverse("statutory_report")

    page = client.get(url)
    rows = page.context["object_list"]
    second = client.get(url, {"p": 2})
    csv = client.get(url, {"export": "csv"}).content.decode("utf-8-sig")
    xlsx = client.get(url, {"export": "xlsx"})

    assert (page.status_code, len(rows), len(second.context["object_list"])) == (200, 50, 3)
    assert {client.get(row.url).status_code for row in rows[:1]} == {200}
    assert csv.splitlines()[0] == "记录,记录种类,矛盾之处,其要求的证件,规则要求的证件"
    assert len(csv.splitlines()) == 54
    assert xlsx["Content-Type"].endswith("spreadsheetml.sheet")


def test_every_link_of_the_report_leads_to_a_form(client_of, cold):
    one_of_each(cold)
    client = editor_of(client_of, Role.ADMINISTRATOR)

    assert [client.get(row.url).status_code for row in contradictions()] == [200, 200, 200]


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.ASSESSOR, Role.DISPATCHER, Role.CUSTOMER_CONTACT])
def test_report_is_closed_to_who_does_not_edit(client_of, role):
    assert editor_of(client_of, role).get(reverse("statutory_report")).status_code == 302


def test_report_is_offered_to_who_may_read_it(client_of):
    url = reverse("statutory_report")

    assert url in editor_of(client_of, Role.TRAINER).get(reverse("wagtailadmin_home")).content.decode()


# --- the machine ------------------------------------------------------------------------------------------------------


def test_page_and_label_of_a_machine_name_its_cards(client_of, cold):
    rule = StatutoryRuleFactory(category=cold["category"], tasks=[Task.REPAIR])
    upkeep = StatutoryRuleFactory(category=cold["category"], tasks=[Task.MAINTAIN])
    unit = EquipmentUnitFactory(model=cold["room"])
    page = client_of(PersonFactory(roles=[Role.ADMINISTRATOR])).get(reverse("unit_file", args=[unit.pk]))

    assert [demand.kind for demand in page.context["demands"]] == [rule.kind, upkeep.kind]
    assert rule.kind.name in page.content.decode()
    assert [label.cards for label in labels(EquipmentUnit.objects.select_related("model"))] == [(rule.kind.name,)]


def test_guide_shows_the_cards_of_the_rule_and_what_it_asks_besides(client_of, cold):
    rule, further = StatutoryRuleFactory(category=cold["category"], tasks=[Task.REPAIR]), StatutoryKindFactory()
    StatutoryRuleFactory(category=cold["category"], tasks=[Task.OPERATE])
    article = FaultArticleFactory(
        category=cold["category"], equipment=[cold["room"]], cards=[rule.kind, further], audience=Audience.PUBLIC
    )

    context = client_of().get(article.get_absolute_url()).context

    assert [demand.kind for demand in context["demands"]] == [rule.kind]
    assert context["further_cards"] == [further]

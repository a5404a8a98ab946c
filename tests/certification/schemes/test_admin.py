"""Schemes in the editing area: what they open, what they hold for, what they ask for."""

import pytest
from django.urls import reverse

from certification.models import Draft, Scheme
from certification.versions.domain import approve
from portal.access.roles import synchronise_roles
from portal.enums import Role, Task
from portal.models import AuditEvent, Organisation
from tests.factories.certification import QuizFactory, QuizRequirementFactory, SchemeFactory
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of):
    synchronise_roles()
    return client_of(PersonFactory(roles=[Role.ADMINISTRATOR]))


def rows(prefix, *contents, minimum=0):
    data = {
        f"{prefix}-TOTAL_FORMS": len(contents),
        f"{prefix}-INITIAL_FORMS": sum("id" in row for row in contents),
        f"{prefix}-MIN_NUM_FORMS": minimum,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(contents):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def form(*scopes, **fields):
    data = {
        "code": "CS-NEW",
        "name": "新方案",
        "effect": "opens",
        "valid_months": 24,
        "level": 0,
        "grace_days": 0,
        "year": "rolling",
        "is_active": "on",
    }
    requirement = {"kind": "quiz", "quiz": QuizFactory().pk, "ORDER": 1}
    return data | rows("scopes", *scopes) | rows("requirements", requirement, minimum=1) | fields


def approved():
    """Let somebody else approve every draft."""
    for draft in Draft.objects.order_by("pk"):
        approve(draft, by=PersonFactory(roles=[Role.MANAGER]), save=1)


def reach(scheme):
    tasks = [row.task for row in scheme.tasks.order_by("pk")]
    return tasks, [str(row) for row in scheme.scopes.all()]


def test_scheme_is_written_with_tasks_scopes_and_requirements(client):
    category, model = EquipmentCategoryFactory(), EquipmentModelFactory()
    data = form({"category": category.pk}, {"model": model.pk}, permitted_tasks=["operate", "maintain"])

    response = client.post(reverse("scheme:add"), data)

    assert response.status_code == 302
    approved()
    scheme = Scheme.objects.get()
    assert reach(scheme) == (["operate", "maintain"], [category.name, model.name])
    assert scheme.requirements.get().kind == "quiz"


def test_incomplete_requirement_is_refused(client):
    data = form({"category": EquipmentCategoryFactory().pk}, permitted_tasks=["operate"])

    response = client.post(reverse("scheme:add"), data | {"requirements-0-quiz": ""})

    assert response.status_code == 200
    assert not Scheme.objects.exists()


def test_tasks_are_changed_by_their_boxes_and_audited(client):
    category = EquipmentCategoryFactory()
    scheme = SchemeFactory(tasks=[Task.REPAIR, Task.MAINTAIN], scopes=[category])
    requirement = QuizRequirementFactory(scheme=scheme)
    kept = scheme.tasks.get(task="repair").pk
    url = reverse("scheme:edit", args=[scheme.pk])
    page = client.get(url).content.decode()
    data = form(
        {"id": scheme.scopes.get().pk, "category": category.pk}, code=scheme.code, permitted_tasks=["repair", "install"]
    )
    data |= rows(
        "requirements", {"id": requirement.pk, "kind": "quiz", "quiz": requirement.quiz.pk, "ORDER": 1}, minimum=1
    )

    response = client.post(url, data)

    assert page.count('name="permitted_tasks"') == len(Task)
    assert response.status_code == 302
    assert reach(scheme) == (["repair", "maintain"], [category.name])
    approved()
    assert reach(scheme) == (["repair", "install"], [category.name])
    assert scheme.tasks.get(task="repair").pk == kept
    changes = AuditEvent.objects.get(action="certification.version_approved").detail["changes"]
    assert {"task": "maintain"} in [change["old"] for change in changes if change["new"] is None]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"permitted_tasks": []}, "放行方案至少要选一项作业"),
        ({"permitted_tasks": ["repair"]}, "放行方案须指明适用设备"),
    ],
)
def test_scheme_that_opens_nothing_is_refused(client, fields, problem):
    response = client.post(reverse("scheme:add"), form(**fields))

    assert response.status_code == 200
    assert problem in response.content.decode()
    assert not Scheme.objects.exists()


def test_scope_is_a_category_or_a_model_and_not_both(client):
    model = EquipmentModelFactory()
    both = {"category": model.category.pk, "model": model.pk}

    response = client.post(reverse("scheme:add"), form(both, permitted_tasks=["repair"]))

    assert "类别和单一型号须选且只选一项" in response.content.decode()
    assert not Scheme.objects.exists()


def test_post_scheme_and_condition_need_no_scope(client):
    post = form(permitted_tasks=["operate"], positions=[PositionFactory(organisation=Organisation.objects.get()).pk])
    condition = form(code="CS-SAFE", effect="condition")

    for data in (post, condition):
        assert client.post(reverse("scheme:add"), data).status_code == 302
    approved()
    assert [reach(scheme) for scheme in Scheme.objects.order_by("pk")] == [(["operate"], []), ([], [])]


def test_list_shows_and_filters_tasks_and_effect_in_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    repair = SchemeFactory(name="维修资格", tasks=[Task.REPAIR])
    SchemeFactory(name="操作资格", tasks=[Task.OPERATE])
    SchemeFactory(name="安全教育", effect="condition", tasks=[], scopes=[])
    url = reverse("scheme:index")
    client.get(url)

    with django_assert_max_num_queries(20):
        everything = client.get(url).content.decode()
    repairing = client.get(url, {"tasks__task": "repair"}).content.decode()
    conditions = client.get(url, {"effect": "condition"}).content.decode()

    assert repair.scopes.get().category.name in everything
    assert "维修资格" in repairing
    assert "操作资格" not in repairing
    assert "安全教育" in conditions
    assert "维修资格" not in conditions

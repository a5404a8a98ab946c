"""The Wagtail admin of the ground floor: who edits what, and what is left on record."""

import json

import pytest
from django.urls import reverse

from portal.access.content_roles import synchronise_content_rights
from portal.enums import Role, Tier
from portal.equipment.domain import label_token
from portal.models import (
    AccessToken,
    AuditEvent,
    EquipmentCategory,
    EquipmentModel,
    EquipmentUnit,
    Organisation,
    Person,
)
from tests.factories.portal import (
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    EquipmentUnitFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db

LISTS = [
    "wagtailusers_users:index",
    "organisation:index",
    "position:index",
    "assignment:index",
    "equipmentcategory:index",
    "equipmentmodel:index",
    "equipmentunit:index",
    "access_tokens:index",
    "wagtailusers_api_tokens:index",
    "audit_report",
]


@pytest.fixture
def network():
    """A headquarters with an outlet, and somebody else's headquarters."""
    hq = OrganisationFactory(name="总公司")
    return {
        "hq": hq,
        "outlet": OrganisationFactory(name="服务处", parent=hq, tier=Tier.OUTLET),
        "rival": OrganisationFactory(name="别家公司"),
    }


@pytest.fixture
def administrator(network):
    """Administrator of the first network."""
    return PersonFactory(staff_number="S001", organisation=network["hq"], roles=[Role.ADMINISTRATOR])


@pytest.fixture
def client(client_of, administrator):
    """The administrator's browser."""
    return client_of(administrator)


def person_form(**changes):
    """What the form of a person posts."""
    form = {
        "staff_number": "N100",
        "name": "新来的",
        "mobile": "13800009999",
        "email": "",
        "joined_on": "2026-03-18",
        "is_active": "on",
        "new_password": "",
    }
    return form | changes


@pytest.mark.parametrize("name", LISTS)
def test_administrator_opens_every_list(client, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("role", [Role.EDITOR, Role.TRAINER, Role.MANAGER])
@pytest.mark.parametrize("name", LISTS)
def test_other_roles_of_the_admin_open_none_of_them(client_of, network, role, name):
    other = client_of(PersonFactory(organisation=network["hq"], roles=[role]))
    assert other.get(reverse("wagtailadmin_home")).status_code == 200
    answer = other.get(reverse(name))
    assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.ASSESSOR, Role.DISPATCHER, Role.CUSTOMER_CONTACT])
def test_roles_without_the_admin_stay_outside(client_of, network, role):
    client = client_of(PersonFactory(organisation=network["hq"], roles=[role]))
    assert client.get(reverse("wagtailadmin_home"), follow=True).status_code == 403


def test_auditor_reads_the_audit_log_and_changes_nothing(client_of, network):
    auditor = client_of(PersonFactory(organisation=network["hq"], roles=[Role.AUDITOR]))
    assert auditor.get(reverse("audit_report")).status_code == 200
    assert auditor.get(reverse("organisation:add")).status_code == 302


def test_menu_shows_only_what_the_role_edits(client_of, client, network):
    editor = client_of(PersonFactory(organisation=network["hq"], roles=[Role.EDITOR]))
    assert "/cms/users/" in client.get(reverse("wagtailadmin_home")).content.decode()
    assert "/cms/users/" not in editor.get(reverse("wagtailadmin_home")).content.decode()


def test_person_is_entered_with_roles(client, network):
    roles = list(Role)
    groups = {group.name: group.pk for group in Person.groups.field.related_model.objects.all()}
    data = person_form(
        organisation=network["outlet"].pk,
        roles=[groups["engineer"], groups["trainer"]],
        new_password="a-long-enough-secret",
    )
    answer = client.post(reverse("wagtailusers_users:add"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    person = Person.objects.get(staff_number="N100")
    assert person.role_names == {"engineer", "trainer"}
    assert person.check_password("a-long-enough-secret")
    event = AuditEvent.objects.get(action="portal.person_added")
    assert event.detail["password_changed"] is True
    assert "secret" not in str(event.detail)
    assert len(roles) == len(Role)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new_password": "short"}, "new_password"),
        ({"staff_number": "s001"}, "__all__"),
        ({"staff_number": "no spaces"}, "staff_number"),
        ({"organisation": ""}, "organisation"),
        ({"organisation": "rival"}, "organisation"),
    ],
)
def test_person_form_names_the_mistake(client, network, changes, field):
    data = person_form(organisation=network["outlet"].pk) | changes
    if data["organisation"] == "rival":
        data["organisation"] = network["rival"].pk
    answer = client.post(reverse("wagtailusers_users:add"), data)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Person.objects.filter(name="新来的").exists()


def test_people_of_another_network_do_not_exist(client, network):
    stranger = PersonFactory(organisation=network["rival"], name="外人")
    assert "外人" not in client.get(reverse("wagtailusers_users:index")).content.decode()
    for name in ("edit", "history", "usage"):
        assert client.get(reverse(f"wagtailusers_users:{name}", args=[stranger.pk])).status_code == 404
    data = person_form(organisation=network["hq"].pk, staff_number=stranger.staff_number)
    assert client.post(reverse("wagtailusers_users:edit", args=[stranger.pk]), data).status_code == 404
    stranger.refresh_from_db()
    assert stranger.name == "外人"


def test_superuser_is_edited_by_nobody_else(client, network):
    boss = PersonFactory(organisation=network["hq"], is_superuser=True)
    assert client.get(reverse("wagtailusers_users:edit", args=[boss.pk])).status_code == 404


def test_nobody_becomes_superuser_by_the_form(client, network):
    data = person_form(organisation=network["hq"].pk, is_superuser="on")
    client.post(reverse("wagtailusers_users:add"), data)
    assert not Person.objects.get(staff_number="N100").is_superuser


def test_administrator_cannot_lock_themselves_out(client, administrator, network):
    data = person_form(staff_number="S001", organisation=network["hq"].pk, is_active="")
    assert client.post(reverse("wagtailusers_users:edit", args=[administrator.pk]), data).status_code == 302
    fresh = Person.objects.get(pk=administrator.pk)
    assert fresh.is_active
    assert fresh.role_names == {"administrator"}


def test_people_are_never_deleted(client, network):
    person = PersonFactory(organisation=network["hq"])
    answer = client.post(reverse("wagtailusers_users:delete", args=[person.pk]))
    assert answer.status_code in (302, 403)
    bulk = reverse("wagtail_bulk_action", args=["portal", "person", "delete"])
    client.post(f"{bulk}?id={person.pk}")
    assert Person.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize(("place", "given"), [("outlet", True), ("rival", False)])
def test_role_is_given_to_several_only_in_sight(client, network, place, given):
    person = PersonFactory(organisation=network[place])
    group = Person.groups.field.related_model.objects.get(name="trainer")
    address = reverse("wagtail_bulk_action", args=["portal", "person", "assign_role"])
    client.post(f"{address}?id={person.pk}", {"role": group.pk})
    assert Person.objects.get(pk=person.pk).has_role(Role.TRAINER) is given
    assert AuditEvent.objects.filter(action="portal.role_given").exists() is given


def test_organisation_is_added_and_moved_in_the_tree(client, network):
    data = {
        "name": "新网点",
        "code": "new",
        "tier": "outlet",
        "parent": network["hq"].pk,
        "areas": "成都，雅安\n成都",
        "min_certified": 1,
    }
    answer = client.post(reverse("organisation:add"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    added = Organisation.objects.get(code="new")
    assert added.get_parent() == network["hq"]
    assert sorted(added.areas.values_list("prefecture", flat=True)) == ["成都", "雅安"]
    region = OrganisationFactory(name="大区", parent=network["hq"], tier=Tier.REGION)
    client.post(reverse("organisation:edit", args=[added.pk]), data | {"parent": region.pk, "areas": "乐山"})
    moved = Organisation.objects.get(code="new")
    assert moved.get_parent().pk == region.pk
    assert list(moved.areas.values_list("prefecture", flat=True)) == ["乐山"]
    assert Organisation.find_problems() == ([], [], [], [], [])
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "portal.organisation_added",
        "portal.organisation_changed",
    }


@pytest.mark.parametrize(
    ("tier", "parent"), [("region", "outlet"), ("hq", "hq"), ("customer", ""), ("outlet", "rival")]
)
def test_organisation_form_refuses_a_wrong_place(client, network, tier, parent):
    data = {"name": "X", "code": "x", "tier": tier, "parent": network[parent].pk if parent else "", "min_certified": 1}
    answer = client.post(reverse("organisation:add"), data)
    assert "parent" in answer.context["form"].errors
    assert not Organisation.objects.filter(code="x").exists()


def test_organisation_of_another_network_does_not_exist(client, network):
    assert "别家公司" not in client.get(reverse("organisation:index")).content.decode()
    assert client.get(reverse("organisation:edit", args=[network["rival"].pk])).status_code == 404


def test_assignment_form_refuses_the_same_post_twice(client, network):
    person, position = PersonFactory(organisation=network["hq"]), PositionFactory(organisation=network["hq"])
    data = {
        "person": person.pk,
        "position": position.pk,
        "organisation": network["hq"].pk,
        "start": "2026-03-01",
        "end": "",
    }
    assert client.post(reverse("assignment:add"), data).status_code == 302
    assert "position" in client.post(reverse("assignment:add"), data).context["form"].errors
    assert "end" in client.post(reverse("assignment:add"), data | {"end": "2026-02-01"}).context["form"].errors
    assert person.assignments.count() == 1


def test_category_and_model_keep_the_words_people_use(client):
    root = EquipmentCategoryFactory(code="CK")
    data = {"name": "冷冻设备", "code": "RF", "kind": "machine", "parent": root.pk, "aliases": "冷柜\n雪柜、冷柜"}
    assert client.post(reverse("equipmentcategory:add"), data).status_code == 302
    category = EquipmentCategory.objects.get(code="RF")
    assert (category.get_parent(), category.aliases) == (root, ["冷柜", "雪柜"])
    data = {"name": "冷库", "code": "RF-LK", "category": category.pk, "alias_words": "冻库\n冷藏库"}
    assert client.post(reverse("equipmentmodel:add"), data).status_code == 302
    model = EquipmentModel.objects.get(code="RF-LK")
    client.post(reverse("equipmentmodel:edit", args=[model.pk]), data | {"alias_words": "冻库，小冷库"})
    assert sorted(model.aliases.values_list("name", flat=True)) == ["冻库", "小冷库"]


def test_new_machine_gets_its_label(client, network):
    data = {"serial": "SC-9", "model": EquipmentModelFactory().pk, "customer": "", "place": ""}
    assert client.post(reverse("equipmentunit:add"), data).status_code == 302
    unit = EquipmentUnit.objects.get(serial="SC-9")
    assert AccessToken.objects.get().subject == f"unit:{unit.pk}"


def test_secret_link_is_listed_without_its_secret_and_revoked(client):
    token = label_token(EquipmentUnitFactory())
    page = client.get(reverse("access_tokens:index")).content.decode()
    assert token.subject in page
    assert token.secret not in page
    assert token.digest not in page
    assert client.post(reverse("access_tokens:delete", args=[token.pk])).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert client.get(reverse("unit", args=[token.secret])).status_code == 404
    assert AuditEvent.objects.filter(action="portal.link_revoked").exists()


def test_secret_link_is_neither_made_nor_changed_by_hand(client):
    token = label_token(EquipmentUnitFactory())
    assert client.get(reverse("access_tokens:add")).status_code == 302
    assert client.get(reverse("access_tokens:edit", args=[token.pk])).status_code == 302


def test_audit_log_is_found_by_staff_number_and_has_no_way_to_change(client, administrator, network):
    client.post(reverse("wagtailusers_users:add"), person_form(organisation=network["hq"].pk))
    found = client.get(reverse("audit_report"), {"actor": "s001"}).content.decode()
    assert "登记人员" in found
    assert "登记人员" not in client.get(reverse("audit_report"), {"actor": "X9"}).content.decode()
    assert client.post(reverse("audit_report")).status_code == 405


def test_editor_publishes_a_page_and_uploads(client_of, network):
    from portal.demo.loaders import load_pages
    from portal.models import HomePage, InformationPage

    synchronise_content_rights()
    load_pages()
    editor = client_of(PersonFactory(organisation=network["hq"], roles=[Role.EDITOR]))
    address = reverse("wagtailadmin_pages:add", args=["portal", "informationpage", HomePage.objects.get().pk])
    block = {"key": "a", "text": "正文", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    body = json.dumps({"entityMap": {}, "blocks": [block]})
    data = {
        "title": "春季安全提示",
        "slug": "spring",
        "introduction": "",
        "body": body,
        "audience": "public",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "action-publish": "1",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    answer = editor.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    page = InformationPage.objects.get(slug="spring")
    assert "春季安全提示" in client_of().get(page.get_url()).content.decode()
    assert editor.get(reverse("wagtailimages:add_multiple")).status_code == 200
    assert editor.get(reverse("wagtaildocs:add_multiple")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "make", "queries"),
    [
        ("wagtailusers_users:index", lambda place: PersonFactory(organisation=place, roles=[Role.ENGINEER]), 16),
        ("organisation:index", lambda place: OrganisationFactory(parent=place, tier=Tier.OUTLET), 15),
        ("position:index", lambda place: PositionFactory(organisation=place), 14),
        ("equipmentunit:index", lambda place: EquipmentUnitFactory(), 14),
    ],
)
def test_lists_ask_the_same_number_of_queries_for_any_length(
    client, network, name, make, queries, count, django_assert_num_queries
):
    for _ in range(count):
        make(network["hq"])
    client.get(reverse(name))
    with django_assert_num_queries(queries):
        client.get(reverse(name))

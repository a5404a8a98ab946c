"""What the audit log keeps of a write: old and new values, of rows too, and nothing that opens a door."""

import pytest
from django.urls import reverse

from kb.faults.domain import publish_fault
from portal.access import audit
from portal.access.changes import added, between, compare, since, snapshot, stored
from portal.enums import Role, Tier
from portal.equipment.domain import add_model
from portal.models import AuditEvent, EquipmentModel, Person, PortalSettings, Position
from portal.organisations.domain import add_organisation
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import (
    EquipmentAliasFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hq():
    """The headquarters of the network."""
    return OrganisationFactory(name="总公司")


@pytest.fixture
def client(client_of, hq):
    """The administrator's browser."""
    return client_of(PersonFactory(staff_number="S001", organisation=hq, roles=[Role.ADMINISTRATOR]))


def changes_of(action):
    return AuditEvent.objects.filter(action=action).latest("pk").detail["changes"]


def test_foreign_keys_are_named_and_rows_compared_by_key():
    model = EquipmentModelFactory(name="立式冰柜")
    kept, gone = EquipmentAliasFactory(model=model, name="冰柜"), EquipmentAliasFactory(model=model, name="冷柜")
    before = snapshot(model)
    gone.delete()
    kept.name = "大冰柜"
    kept.save()
    EquipmentAliasFactory(model=model, name="雪柜")
    model.category = EquipmentCategoryFactory(name="制冷设备")
    found = since(before, model)
    assert {change.pop("of") for change in found} == {"portal.equipmentmodel"}
    assert found == [
        {"field": "category", "old": str(EquipmentModel.objects.get(pk=model.pk).category), "new": "制冷设备"},
        {"field": "aliases[1]", "old": {"name": "冰柜"}, "new": {"name": "大冰柜"}},
        {"field": "aliases[2]", "old": None, "new": {"name": "雪柜"}},
        {"field": "aliases[2]", "old": {"name": "冷柜"}, "new": None},
    ]


def test_nothing_differs_from_itself_and_everything_from_nothing():
    position = PositionFactory(title="制冷技工")
    content = snapshot(position)
    assert between(Position, content, content) == []
    assert {change["field"]: change["new"] for change in added(position)}["title"] == "制冷技工"
    lost = {change.field: (change.old, change.new) for change in compare(Position, content, None)}
    assert lost["title"] == ("制冷技工", None)


def test_a_password_is_never_kept():
    person = PersonFactory(password="first-secret-9")
    before = stored(person)
    person.set_password("second-secret-9")
    person.save()
    assert since(before, person) == []
    assert "password" not in {change["field"] for change in added(person)}


def test_a_node_that_moves_says_from_where_to_where(client, hq):
    west, east = (OrganisationFactory(name=name, parent=hq, tier=Tier.REGION) for name in ("西区", "东区"))
    outlet = OrganisationFactory(name="服务处", code="out-1", parent=west, tier=Tier.OUTLET)
    form = {"name": "服务处", "code": "out-1", "tier": "outlet", "parent": east.pk, "areas": "海淀", "min_certified": 1}
    answer = client.post(reverse("organisation:edit", args=[outlet.pk]), form)
    assert answer.status_code == 302, answer.context["form"].errors
    kept = {change["field"]: (change["old"], change["new"]) for change in changes_of("portal.organisation_changed")}
    assert (kept["parent"], kept["areas[1]"]) == (("西区", "东区"), (None, {"prefecture": "海淀"}))


def test_form_of_a_post_keeps_old_and_new(client, hq):
    position = PositionFactory(title="技工", organisation=hq)
    form = {"organisation": hq.pk, "title": "制冷技工", "headcount": position.headcount or "", "responsibilities": ""}
    client.post(reverse("position:edit", args=[position.pk]), form)
    assert changes_of("portal.position_changed") == [{"field": "title", "old": "技工", "new": "制冷技工"}]
    client.post(reverse("position:edit", args=[position.pk]), form)
    assert AuditEvent.objects.filter(action="portal.position_changed").count() == 1


def test_deleted_post_keeps_what_it_said(client, hq):
    position = PositionFactory(title="技工", organisation=hq)
    client.post(reverse("position:delete", args=[position.pk]))
    kept = {change["field"]: (change["old"], change["new"]) for change in changes_of("portal.position_deleted")}
    assert (kept["title"], kept["organisation"]) == (("技工", None), ("总公司", None))


def test_roles_and_sign_in_of_several_people_keep_old_and_new(client, hq):
    person = PersonFactory(organisation=hq, roles=[Role.ENGINEER])
    address = reverse("wagtail_bulk_action", args=["portal", "person", "set_active_state"])
    client.post(f"{address}?id={person.pk}", {"mark_as_active": "False"})
    assert changes_of("portal.person_changed") == [{"field": "is_active", "old": True, "new": False}]
    group = Person.groups.field.related_model.objects.get(name=Role.TRAINER)
    address = reverse("wagtail_bulk_action", args=["portal", "person", "assign_role"])
    client.post(f"{address}?id={person.pk}", {"role": group.pk})
    (change,) = changes_of("portal.role_given")
    assert (change["field"], change["old"], sorted(change["new"])) == ("groups", ["engineer"], ["engineer", "trainer"])


def test_settings_keep_old_and_new(client):
    settings = PortalSettings.load()
    address = reverse("wagtailsettings:edit", args=["portal", "portalsettings", settings.pk])
    fields = [field.name for field in PortalSettings._meta.fields if field.name != "id"]
    client.post(address, {name: getattr(settings, name) for name in fields} | {"expiring_days": 30})
    assert changes_of("portal.portalsettings_changed") == [{"field": "expiring_days", "old": 60, "new": 30}]


def test_publication_is_compared_with_the_one_before():
    article = FaultArticleFactory(title="不制冷", codes=["E6"])
    first = {change["field"]: change["new"] for change in changes_of("kb.fault_published")}
    assert (first["title"], first["codes[1]"]) == ("不制冷", {"code": "E6"})
    article.title = "不制冷报警"
    article.codes.get().delete()
    publish_fault(type(article).objects.get(pk=article.pk))
    article.refresh_from_db()
    article.title = "不制冷报警"
    publish_fault(article)
    assert {"field": "title", "old": "不制冷", "new": "不制冷报警"} in changes_of("kb.fault_published")


def test_verbs_keep_what_they_added():
    add_organisation("hq-9", "总部", Tier.HQ, areas=["海淀"])
    kept = {change["field"]: change["new"] for change in changes_of("portal.organisation_added")}
    assert (kept["code"], kept["areas[1]"]) == ("hq-9", {"prefecture": "海淀"})
    add_model("M-9", "冰柜", EquipmentCategoryFactory(), aliases=["雪柜"])
    kept = {change["field"]: change["new"] for change in changes_of("portal.model_added")}
    assert kept["aliases[1]"] == {"name": "雪柜"}


def test_the_service_log_names_fields_without_values(monkeypatch):
    told = []
    monkeypatch.setattr(audit.logger, "info", lambda action, **facts: told.append((action, facts)))
    changes = [{"field": "mobile", "old": "13800000001", "new": "13800000002"}]
    audit.record("portal.person_changed", "portal.person:1", changes=changes)
    facts = {"subject": "portal.person:1", "actor": None, "fields": ["mobile"]}
    assert told == [("portal.person_changed", facts)]

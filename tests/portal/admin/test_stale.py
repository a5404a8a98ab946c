"""No form of a record without revisions overwrites what somebody else has stored since it was opened."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.access.roles import synchronise_roles
from portal.admin.stale import RefusesStaleSaves
from portal.admin.viewsets import GroundFloorViewSet
from portal.enums import Role
from portal.models import EquipmentModel, PortalSettings, Position
from tests.factories.certification import (
    ChecklistFactory,
    QuestionBankFactory,
    QuestionFactory,
    QuizFactory,
    QuizRequirementFactory,
)
from tests.factories.kb import ManualFactory
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentAliasFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    EquipmentUnitFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)


@pytest.fixture
def administrator(db):
    """An administrator of the network."""
    hq = OrganisationFactory()
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR, Role.EDITOR], is_superuser=True)


@pytest.fixture
def client(client_of, administrator):
    """The administrator's browser."""
    return client_of(administrator)


def fields_of(response):
    """What a browser posts of a form it has just opened, untouched."""
    html = response.content.decode()
    html = html[html.index('id="w-editor-form"') :]
    html = html[: html.index("</form>")]
    form = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        form.setdefault(name[1], []).append(value[1] if value else ("on" if kind and kind[1] == "checkbox" else ""))
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>\s*([^<]*)</textarea>', html):
        form[name] = text
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        form[name] = re.findall(r'<option value="([^"]*)"[^>]* selected', options)
    return {name: value for name, value in form.items() if "__prefix__" not in name}


CASES = {
    "organisation": (lambda place: OrganisationFactory(parent=place, tier="region"), "name", "phone"),
    "position": (lambda place: PositionFactory(organisation=place), "title", "responsibilities"),
    "equipmentcategory": (lambda _place: EquipmentCategoryFactory(), "name", "name_en"),
    "equipmentmodel": (lambda _place: EquipmentModelFactory(), "name", "brand"),
    "equipmentunit": (lambda place: EquipmentUnitFactory(customer=place), "place", "serial"),
    "questionbank": (lambda _place: QuestionBankFactory(), "name", "code"),
    "wagtailsnippets_kb_manual": (lambda _place: ManualFactory(), "title", "summary"),
    "wagtailusers_users": (lambda place: PersonFactory(organisation=place), "name", "mobile"),
}


@pytest.mark.parametrize("kind", CASES)
def test_stale_save_is_refused_with_both_values_and_keeps_what_was_typed(client, administrator, kind):
    make, mine, theirs = CASES[kind]
    record = make(administrator.organisation)
    address = reverse(f"{kind}:edit", args=[record.pk])
    opened = fields_of(client.get(address))
    assert opened["seen_version"]
    assert client.post(address, opened | {theirs: "T9000"}).status_code == 302
    refused = client.post(address, opened | {mine: "M7000"})
    assert refused.status_code == 409
    html = refused.content.decode()
    assert html.count("M7000") >= 2
    assert "T9000" in html
    record.refresh_from_db()
    assert (getattr(record, theirs), getattr(record, mine) != "M7000") == ("T9000", True)
    again = fields_of(refused) | {theirs: "T9000"}
    assert client.post(address, again).status_code == 302
    record.refresh_from_db()
    assert (getattr(record, theirs), getattr(record, mine)) == ("T9000", "M7000")


DRAFTED = {
    "checklist": (ChecklistFactory, "title", "pass_percent"),
    "scheme": (lambda: QuizRequirementFactory().scheme, "name", "valid_months"),
    "quiz": (QuizFactory, "title", "minutes"),
}


@pytest.mark.parametrize("kind", DRAFTED)
def test_draft_of_a_record_is_not_overwritten_either(client, kind):
    make, mine, theirs = DRAFTED[kind]
    address = reverse(f"{kind}:edit", args=[make().pk])
    opened = fields_of(client.get(address))
    assert client.post(address, opened | {theirs: "77"}).status_code == 302
    refused = client.post(address, opened | {mine: "我的写法"})
    assert refused.status_code == 409
    html = refused.content.decode()
    assert html.count("我的写法") >= 2
    assert "77" in html
    assert client.post(address, fields_of(refused) | {theirs: "77"}).status_code == 302


def test_words_of_a_question_are_not_overwritten_either(client):
    question = QuestionFactory()
    address = reverse("question:edit", args=[question.pk])
    opened = fields_of(client.get(address))
    assert client.post(address, opened | {"explanation": "别人的解析"}).status_code == 302
    refused = client.post(address, opened | {"stem": "我的题目"})
    assert refused.status_code == 409
    assert "别人的解析" in refused.content.decode()


def test_settings_are_not_overwritten_either(client):
    settings = PortalSettings.load()
    address = reverse("wagtailsettings:edit", args=["portal", "portalsettings", settings.pk])
    opened = fields_of(client.get(address))
    assert client.post(address, opened | {"hotline": "400-111"}).status_code == 302
    refused = client.post(address, opened | {"hours_note": "9–18"})
    assert refused.status_code == 409
    assert "400-111" in refused.content.decode()
    assert PortalSettings.objects.get().hours_note != "9–18"


def test_second_click_on_save_is_no_refusal(client, administrator):
    post = PositionFactory(organisation=administrator.organisation)
    address = reverse("position:edit", args=[post.pk])
    form = fields_of(client.get(address)) | {"title": "调度员"}
    assert [client.post(address, form).status_code for _click in range(2)] == [302, 302]


def test_rows_of_another_table_count_as_the_record(client):
    machine = EquipmentModelFactory()
    address = reverse("equipmentmodel:edit", args=[machine.pk])
    opened = fields_of(client.get(address))
    EquipmentAliasFactory(model=machine, name="大冷柜")
    refused = client.post(address, opened | {"brand": "北冰"})
    assert refused.status_code == 409
    assert "大冷柜" in refused.content.decode()
    assert machine.aliases.count() == 1


def test_roles_given_meanwhile_are_shown_and_kept(client, administrator):
    person = PersonFactory(organisation=administrator.organisation)
    address = reverse("wagtailusers_users:edit", args=[person.pk])
    opened = fields_of(client.get(address))
    given = PersonFactory(roles=[Role.DISPATCHER]).groups.get()
    person.groups.add(given)
    refused = client.post(address, opened | {"name": "改名"})
    assert refused.status_code == 409
    assert str(Role.DISPATCHER.label) in refused.content.decode()
    assert list(person.groups.all()) == [given]


def test_signing_in_meanwhile_does_not_make_a_form_stale(client, client_of, administrator):
    person = PersonFactory(organisation=administrator.organisation)
    address = reverse("wagtailusers_users:edit", args=[person.pk])
    opened = fields_of(client.get(address))
    client_of(person).get("/")
    assert client.post(address, opened | {"name": "改名"}).status_code == 302


def test_deleted_assignment_is_not_saved_again(client, administrator):
    assignment = AssignmentFactory(organisation=administrator.organisation)
    address = reverse("assignment:edit", args=[assignment.pk])
    opened = fields_of(client.get(address))
    assignment.delete()
    assert client.post(address, opened).status_code == 404


def every_viewset(base):
    """All viewsets below ``base`` that stand for a model."""
    for kind in base.__subclasses__():
        if getattr(kind, "model", None):
            yield kind
        yield from every_viewset(kind)


def test_every_viewset_of_records_without_revisions_refuses_stale_saves():
    careless = [
        kind.__name__
        for kind in every_viewset(GroundFloorViewSet)
        if not issubclass(kind.edit_view_class, RefusesStaleSaves)
    ]
    assert careless == []


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_refused(administrator):
    post = PositionFactory(organisation=administrator.organisation)
    address = reverse("position:edit", args=[post.pk])
    barrier, answers = threading.Barrier(2), {}

    def save(field):
        client = Client()
        client.force_login(administrator)
        form = fields_of(client.get(address)) | {field: "改过"}
        barrier.wait()
        answers[field] = client.post(address, form).status_code
        connection.close()

    threads = [threading.Thread(target=save, args=(field,)) for field in ("title", "responsibilities")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [302, 409]
    stored = Position.objects.get(pk=post.pk)
    assert [stored.title, stored.responsibilities].count("改过") == 1
    assert EquipmentModel.objects.count() == 0

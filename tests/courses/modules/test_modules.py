"""Modules: published in the editing area, found by search; panels and demo records."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import LogContext

from courses.demo import load_coming_sessions, load_past_sessions
from courses.enums import SessionState
from courses.models import Enrolment, HourCredit, Session, TrainingModule
from courses.modules.demo import load_modules
from courses.modules.domain import publish_module
from courses.modules.errors import ModuleNotPublishable
from courses.modules.search import module_documents, modules
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.queries import next_session_with_seat
from portal.enums import Audience, Role
from portal.models import AuditEvent, Person
from portal.registry.demo import loaders
from tests.factories.courses import EnrolmentFactory, ModuleTopicFactory, TrainingModuleFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

ADD = "wagtailsnippets_courses_trainingmodule:add"


@pytest.fixture
def typed(world):
    """What an editor types for a new module."""
    return {
        "code": "TM-11",
        "level": "basic",
        "prerequisite_policy": "block",
        "trainer_policy": "warn",
        "title": "制冰机技术培训",
        "summary": "结构、清洗和常见故障。",
        "category": world.module.category_id,
        "minutes": 240,
        "place": "培训中心",
        "for_whom": "技术工程师",
        "audience": "staff",
        "trainers": [world.trainer.pk],
        "topics-TOTAL_FORMS": 1,
        "topics-INITIAL_FORMS": 0,
        "topics-MIN_NUM_FORMS": 0,
        "topics-MAX_NUM_FORMS": 1000,
        "topics-0-topic": "",
        "topics-0-text": "产品的特点",
        "topics-0-ORDER": 1,
    }


def prerequisites_refused(client_of, world, typed, module, *wanted):
    address = reverse("wagtailsnippets_courses_trainingmodule:edit", args=[module.pk])
    facts = typed | {"code": module.code, "prerequisites": [one.pk for one in wanted], "action-publish": "1"}
    page = client_of(world.trainer).post(address, facts)
    return [] if page.status_code == 302 else list(page.context["form"].errors.get("prerequisites", []))


def test_circle_of_prerequisites_is_refused_by_name(client_of, world, typed):
    first, second = (TrainingModuleFactory(title=title) for title in ("甲模块", "乙模块"))
    second.prerequisites.set([first])
    second.save()
    world.module.prerequisites.set([second])
    world.module.save()
    (said,) = prerequisites_refused(client_of, world, typed, first, world.module)
    assert "甲模块 → 冷冻设备技术培训 → 乙模块 → 甲模块" in said
    assert prerequisites_refused(client_of, world, typed, first, first) != []
    assert prerequisites_refused(client_of, world, typed, second, first) == []


def test_drafts_and_templates_are_no_prerequisites(client_of, world, typed):
    draft = TrainingModuleFactory(title="还是草稿", live=False)
    template = TrainingModuleFactory(title="是模板", live=False, is_template=True)
    (said,) = prerequisites_refused(client_of, world, typed, world.module, draft, template)
    assert "还是草稿、是模板" in said


@pytest.mark.parametrize(("facts", "field"), [({"is_template": True}, "__all__"), ({}, "is_active")])
def test_course_on_offer_needs_a_published_module_and_takes_no_template(client_of, world, facts, field):
    module = TrainingModuleFactory(live=False, **facts)
    rows = {"parts-TOTAL_FORMS": 1, "parts-INITIAL_FORMS": 0, "parts-MIN_NUM_FORMS": 1, "parts-MAX_NUM_FORMS": 1000}
    typed = {"code": "KC-9", "title": "课程", "level": "basic", "audience": "staff", "is_active": "on"}
    given = typed | rows | {"parts-0-module": module.pk, "parts-0-ORDER": 1}
    client, address = client_of(world.trainer), reverse("wagtailsnippets_courses_course:add")
    assert field in client.post(address, given).context["form"].errors
    assert client.post(address, given | {"parts-0-module": world.module.pk}).status_code == 302


def test_trainer_publishes_a_module_in_the_editing_area(client_of, world, typed):
    client = client_of(world.trainer)
    assert client.get(reverse(ADD)).status_code == 200
    client.post(reverse(ADD), typed | {"action-publish": "1"})
    module = TrainingModule.objects.get(code="TM-11")
    assert (module.live, list(module.trainers.all())) == (True, [world.trainer])
    assert "产品的特点" in client_of(world.technician).get(module.get_absolute_url()).text
    assert AuditEvent.objects.get(action="courses.module_published").actor == world.trainer


def test_draft_is_kept_unseen_and_may_be_incomplete(client_of, world, typed):
    client_of(world.trainer).post(reverse(ADD), typed | {"topics-TOTAL_FORMS": 0})
    module = TrainingModule.objects.get(code="TM-11")
    assert not module.live
    assert client_of(world.technician).get(module.get_absolute_url()).status_code == 404


def test_module_without_content_is_not_published(client_of, world, typed):
    response = client_of(world.trainer).post(reverse(ADD), typed | {"topics-TOTAL_FORMS": 0, "action-publish": "1"})
    assert "至少填写一条培训内容" in response.text
    assert not TrainingModule.objects.filter(code="TM-11").exists()
    with pytest.raises(ModuleNotPublishable):
        publish_module(TrainingModuleFactory(live=False))


def test_who_is_no_editor_does_not_come_in(client_of, world, typed):
    for person in (world.technician, world.contact, world.auditor):
        assert client_of(person).post(reverse(ADD), typed).status_code == 302
    assert not TrainingModule.objects.filter(code="TM-11").exists()


@pytest.mark.parametrize(
    ("role", "publishes"),
    [(Role.TRAINER, True), (Role.EDITOR, True), (Role.ADMINISTRATOR, True), (Role.MANAGER, False)],
)
def test_editing_roles_publish_and_managers_only_read(world, role, publishes):
    person = PersonFactory(organisation=world.hq, roles=[role])
    assert person.has_perm("courses.view_trainingmodule")
    assert person.has_perms(["courses.add_trainingmodule", "courses.publish_trainingmodule"]) is publishes


def test_preview_is_the_page_itself(client_of, world):
    ModuleTopicFactory(module=world.module, text="产品的特点")
    response = world.module.make_preview_request(preview_mode="")
    assert response.status_code == 200
    assert "产品的特点" in response.rendered_content


def test_published_module_is_found_and_a_draft_is_not(world):
    machine = EquipmentModelFactory(name="冷库")
    world.module.equipment.add(machine)
    world.module.save()
    ModuleTopicFactory(module=world.module, text="电路接线图")
    TrainingModuleFactory(live=False)
    (found,) = modules()
    (document,) = module_documents(found)
    assert (document.key, document.audience, document.equipment) == (
        f"module:{world.module.code}",
        Audience.STAFF,
        (machine.code,),
    )
    assert "电路接线图" in document.text
    assert "冷库" in document.equipment_names


def test_home_shows_the_next_session_and_what_one_teaches(client_of, world, make_session):
    session = make_session(title="我的下一班")
    EnrolmentFactory(session=session, person=world.technician)
    assert "我的下一班" in client_of(world.technician).get(reverse("home")).text
    assert "我的下一班" in client_of(world.trainer).get(reverse("home")).text
    assert "我的下一班" not in client_of(world.stranger).get(reverse("home")).text
    assert "还没有报名" in client_of(world.stranger).get(reverse("home")).text


DEMO_STEPS = ("organisations", "positions", "people", "equipment", "manuals", "modules", "training", "sessions")


@pytest.mark.django_db
def test_demo_training_has_hours_for_the_qualified_a_seat_for_the_newcomer_and_loads_once():
    for loader in loaders():
        if loader.name in DEMO_STEPS:
            loader.load()
    module = TrainingModule.objects.get(code="TM-01")
    people = {number: Person.objects.get(staff_number=number) for number in ("T001", "T002", "T011", "T012")}
    assert {number: minutes_credited(person, module) for number, person in people.items()} == {
        "T001": 0,
        "T002": 480,
        "T011": 240,
        "T012": 480,
    }
    session = next_session_with_seat(people["T001"], module)
    assert session.free_seats > 0
    assert TrainingModule.objects.filter(live=True).count() == 10
    assert Enrolment.objects.filter(state="waitlisted").exists()
    assert not HourCredit.objects.filter(recorded_at__gt=timezone.now()).exists()
    assert not Session.objects.filter(state=SessionState.SCHEDULED, ends_at__lt=timezone.now()).exists()

    before = (Session.objects.count(), Enrolment.objects.count(), HourCredit.objects.count())
    assert (load_modules(), load_past_sessions(), load_coming_sessions()) == (
        {"modules": 0, "templates": 0, "courses": 0},
        {"sessions held": 0},
        {"sessions": 0},
    )
    assert (Session.objects.count(), Enrolment.objects.count(), HourCredit.objects.count()) == before


@pytest.mark.django_db
def test_withdrawing_a_module_keeps_what_changed_and_who_did_it():
    module, keeper = TrainingModuleFactory(), PersonFactory()
    with LogContext(user=keeper):
        UnpublishAction(module, user=keeper).execute(skip_permission_checks=True)
    event = AuditEvent.objects.get(action="courses.module_withdrawn")
    assert (event.actor, event.detail["changes"]) == (keeper, [{"field": "live", "old": True, "new": False}])

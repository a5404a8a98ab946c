"""Copies of modules and templates; courses that bundle modules."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.models import Course, CourseModule, TrainingModule
from courses.modules.domain import copy_module, publish_module
from courses.modules.errors import ModuleCodeTaken, NotYourModules
from portal.enums import Audience
from portal.models import AuditEvent
from tests.factories.courses import (
    CourseFactory,
    HourCreditFactory,
    ModuleTopicFactory,
    TrainingModuleFactory,
)
from tests.factories.kb import ManualEditionFactory, TopicFactory
from tests.factories.portal import EquipmentModelFactory


@pytest.fixture
def source(world):
    """A published module with a topic that cites a chapter, a machine, a trainer and a prerequisite."""
    module = TrainingModuleFactory(code="TM-OLD", title="旧模块", trainers=[world.trainer], edition="A/1")
    chapter = ManualEditionFactory(chapters=["说明"]).chapters.get()
    ModuleTopicFactory(module=module, text="产品的特点", topic=TopicFactory(), chapters=[chapter])
    module = TrainingModule.objects.get(pk=module.pk)
    module.equipment.set([EquipmentModelFactory()])
    module.prerequisites.set([world.module])
    return publish_module(module, by=world.trainer)


def said(module):
    """What a module says, but for what makes it this one."""
    rows = [(row.text, row.topic, list(row.chapters.all())) for row in module.topics.all()]
    machines, trainers = list(module.equipment.all()), list(module.trainers.all())
    return rows, machines, trainers, list(module.prerequisites.all()), module.minutes, module.category, module.edition


def test_copy_says_the_same_and_is_a_draft(world, source):
    copied = copy_module(source, code="TM-NEW", title="新模块", by=world.trainer)
    found = TrainingModule.objects.get(code="TM-NEW")
    assert said(found) == said(TrainingModule.objects.get(pk=source.pk))
    assert (found.live, found.title, found.pk) == (False, "新模块", copied.pk)
    assert found.get_latest_revision_as_object().title == "新模块"
    event = AuditEvent.objects.get(action="courses.module_copied")
    assert (event.actor, event.detail["source"]) == (world.trainer, "TM-OLD")


def test_copy_and_source_change_apart(world, source):
    copied = copy_module(source, code="TM-NEW", title="新模块", by=world.trainer)
    row = copied.topics.get()
    row.text = "改过的"
    row.save()
    row.chapters.clear()
    row.save()
    kept = TrainingModule.objects.get(pk=source.pk).topics.get()
    assert (kept.text, kept.chapters.count()) == ("产品的特点", 1)


@pytest.mark.parametrize("code", ["TM-OLD", "tm-old", " TM-OLD "])
def test_code_of_another_module_is_refused(world, source, code):
    with pytest.raises(ModuleCodeTaken):
        copy_module(source, code=code, title="新模块", by=world.trainer)
    assert TrainingModule.objects.count() == 2


@pytest.mark.parametrize("who", ["technician", "manager", "auditor", "contact"])
def test_who_writes_no_modules_copies_none(client_of, world, source, who):
    with pytest.raises(NotYourModules):
        copy_module(source, code="TM-NEW", title="新模块", by=getattr(world, who))
    address = reverse("courses:module_copy", args=[source.code])
    assert client_of(getattr(world, who)).post(address, {"code": "X", "title": "X"}).status_code == 403
    assert TrainingModule.objects.count() == 2


def test_editor_copies_a_template_by_the_form(client_of, world):
    template = TrainingModuleFactory(code="MB-1", is_template=True, live=False)
    ModuleTopicFactory(module=template)
    client = client_of(world.trainer)
    address = reverse("courses:module_copy", args=["MB-1"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"code": "MB-1", "title": "同号"}).status_code == 422
    assert client.post(address, {"code": "", "title": ""}).status_code == 422
    answer = client.post(address, {"code": "TM-20", "title": "由模板而来"})
    found = TrainingModule.objects.get(code="TM-20")
    assert answer.url == reverse("wagtailsnippets_courses_trainingmodule:edit", args=[found.pk])
    assert (found.is_template, found.topics.count()) == (False, 1)


def test_template_is_never_published(world):
    template = TrainingModuleFactory(is_template=True, live=False)
    ModuleTopicFactory(module=template)
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        publish_module(TrainingModule.objects.get(pk=template.pk))
    assert not TrainingModule.objects.get(pk=template.pk).live


def test_course_shows_its_modules_in_order_with_what_is_credited(client_of, world):
    second = TrainingModuleFactory(title="第二个模块", minutes=240)
    hidden = TrainingModuleFactory(title="草稿模块", live=False)
    course = CourseFactory(modules=[second, world.module, hidden])
    HourCreditFactory(person=world.technician, module=second, minutes=300)
    page = client_of(world.technician).get(course.get_absolute_url()).text
    assert page.index("第二个模块") < page.index(world.module.title)
    assert "草稿模块" not in page
    # More than the whole of a module counts as the whole.
    assert "4 小时 / 12 小时" in page
    assert course.get_absolute_url() in client_of(world.technician).get("/courses/").text
    assert course.title in client_of(world.technician).get(second.get_absolute_url()).text


def test_course_one_may_not_open_is_not_there(client_of, world):
    for course in (CourseFactory(audience=Audience.RESTRICTED), CourseFactory(is_active=False)):
        assert client_of(world.technician).get(course.get_absolute_url()).status_code == 404
    staff = CourseFactory()
    assert client_of(world.contact).get(staff.get_absolute_url()).status_code == 404
    assert client_of().get(staff.get_absolute_url()).status_code == 404
    assert client_of().get(CourseFactory(audience=Audience.PUBLIC).get_absolute_url()).status_code == 200


def test_course_has_each_module_once(world):
    course = CourseFactory(modules=[world.module])
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseModule.objects.create(course=course, module=world.module)


def test_trainer_writes_a_course_in_the_editing_area(client_of, world):
    typed = {"code": "KC-1", "title": "上岗课程", "level": "basic", "audience": "staff", "is_active": "on"}
    typed |= {"parts-TOTAL_FORMS": 1, "parts-INITIAL_FORMS": 0, "parts-MIN_NUM_FORMS": 0, "parts-MAX_NUM_FORMS": 99}
    typed |= {"parts-0-module": world.module.pk, "parts-0-ORDER": 1}
    address = reverse("wagtailsnippets_courses_course:add")
    client_of(world.technician).post(address, typed)
    assert not Course.objects.exists()
    client_of(world.trainer).post(address, typed)
    assert [part.module for part in Course.objects.get(code="KC-1").parts.all()] == [world.module]


@pytest.mark.parametrize("count", [1, 3])
def test_course_takes_the_same_queries_at_any_length(client_of, world, django_assert_num_queries, count):
    course = CourseFactory(modules=[TrainingModuleFactory() for _ in range(count)])
    client = client_of(world.technician)
    client.get(course.get_absolute_url())
    with django_assert_num_queries(11):
        client.get(course.get_absolute_url())

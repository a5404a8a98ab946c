"""Topics pasted as lines or as a cell of a plan."""

import pytest
from django.urls import reverse

from courses.models import ModuleTopic, PlanSlip, TrainingModule
from courses.modules.pasting import add_topics, pasted_topics
from tests.factories.courses import ModuleTopicFactory, TrainingModuleFactory
from tests.factories.kb import TopicFactory

pytestmark = pytest.mark.django_db
EDIT = "wagtailsnippets_courses_trainingmodule:edit"


def read(text):
    return [(row.text, row.topic and row.topic.code) for row in pasted_topics(text)]


def test_lines_are_put_to_topics_by_name_code_and_what_other_modules_write():
    TopicFactory(code="F1", name="常见故障", name_en="Faults")
    ModuleTopicFactory(topic=TopicFactory(code="C1", name="结构"), text="产品的特点")
    assert read("1. 常见故障\n产品的特点\n本机专项\n") == [("常见故障", "F1"), ("产品的特点", "C1"), ("本机专项", None)]
    assert read("f1") == [("常见故障", "F1")]
    assert read("Faults") == [("Faults", "F1")]


def test_cell_of_a_plan_is_parted_and_put_right():
    PlanSlip.objects.create(wrong="赏见", right="常见")
    TopicFactory(code="F1", name="常见故障的分析及处理方法")
    assert read("产品的特点，赏见故障的分析及处理方法；维护、保养知识") == [
        ("产品的特点", None),
        ("常见故障的分析及处理方法", "F1"),
        ("维护、保养知识", None),
    ]


def test_topic_not_on_offer_is_not_recognised():
    TopicFactory(code="F1", name="常见故障", is_active=False)
    assert read("常见故障") == [("常见故障", None)]


def test_words_that_stand_there_are_not_added_again():
    module = TrainingModuleFactory()
    ModuleTopicFactory(module=module, text="产品的特点", sort_order=4)
    add_topics(module, pasted_topics("产品的 特点\n正确操作"))
    module.save()
    rows = ModuleTopic.objects.filter(module=module).order_by("sort_order")
    assert [(row.text, row.sort_order) for row in rows] == [("产品的特点", 4), ("正确操作", 5)]


def form(module, **changes):
    """What the browser sends for a module without typed topics."""
    typed = {"code": module.code, "title": module.title, "category": module.category_id, "minutes": 60}
    typed |= {"prerequisite_policy": "block", "trainer_policy": "warn"}
    typed |= {"level": "basic", "audience": "staff", "topics-TOTAL_FORMS": 0, "topics-INITIAL_FORMS": 0}
    return typed | {"topics-MIN_NUM_FORMS": 0, "topics-MAX_NUM_FORMS": 1000, "action-publish": "1"} | changes


def test_editor_publishes_what_was_pasted(client_of, world):
    module = TrainingModuleFactory(live=False)
    client_of(world.trainer).post(reverse(EDIT, args=[module.pk]), form(module, pasted="产品的特点\n正确操作方法"))
    found = TrainingModule.objects.get(pk=module.pk)
    assert (found.live, [row.text for row in found.topics.all()]) == (True, ["产品的特点", "正确操作方法"])


def test_line_too_long_is_refused_and_nothing_is_kept(client_of, world):
    module = TrainingModuleFactory(live=False)
    page = client_of(world.trainer).post(reverse(EDIT, args=[module.pk]), form(module, pasted="长" * 161))
    assert "超过 160" in page.text
    assert not ModuleTopic.objects.exists()

"""The list of topics: kept in the editing area, recognised as people type them, named by chapters and questions."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import translation

from kb.manuals.domain import new_edition
from kb.models import Topic
from kb.topics.queries import offered_topics, topics_by_wording
from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.kb import ManualChapterFactory, ManualEditionFactory, TopicFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
ADD = "topics:add"
TYPED = {"code": "T11", "name": "应急处置", "name_en": "Emergencies", "kind": "general", "order": 11, "is_active": "on"}


@pytest.fixture
def someone(db):
    """Return a function making a person of a role."""
    place = OrganisationFactory()
    return lambda role: PersonFactory(organisation=place, roles=[role])


@pytest.mark.parametrize("role", [Role.EDITOR, Role.TRAINER, Role.ADMINISTRATOR])
def test_who_edits_keeps_the_list(client_of, someone, role):
    editor = someone(role)
    client_of(editor).post(reverse(ADD), TYPED)
    topic = Topic.objects.get(code="T11")
    assert (topic.name, topic.kind) == ("应急处置", "general")
    assert AuditEvent.objects.get(subject=f"kb.topic:{topic.pk}").actor == editor
    assert not editor.has_perm("kb.delete_topic")


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.DISPATCHER, Role.AUDITOR, Role.CUSTOMER_CONTACT])
def test_others_do_not(client_of, someone, role):
    client_of(someone(role)).post(reverse(ADD), TYPED)
    assert not Topic.objects.exists()


@pytest.mark.parametrize("code", ["", "T 11", "主题", "-T", "T" * 13])
def test_code_is_short_and_plain(code):
    with pytest.raises(ValidationError):
        TopicFactory.build(code=code).full_clean()


def test_code_stays(client_of, someone):
    topic = TopicFactory(code="T01", name="结构")
    address = reverse("topics:edit", args=[topic.pk])
    client_of(someone(Role.EDITOR)).post(address, TYPED | {"code": "T99", "name": "结构"})
    topic.refresh_from_db()
    assert topic.code == "T01"
    client_of(someone(Role.EDITOR)).post(address, TYPED | {"code": "T01", "name": "构造"})
    topic.refresh_from_db()
    assert topic.name == "构造"


@pytest.mark.parametrize("facts", [{"name": ""}, {"kind": "x"}])
def test_database_keeps_out_what_is_no_topic(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(**{"code": "X", "name": "某主题"} | facts)


def test_topic_a_chapter_names_is_not_deleted():
    topic = TopicFactory()
    edition = new_edition(ManualEditionFactory(chapters=["说明"]).manual, "A/2")
    chapter = ManualChapterFactory(edition=edition, number="7", topic=topic)
    assert chapter.topic_id == topic.code
    with pytest.raises(ProtectedError):
        topic.delete()


def test_name_is_in_the_readers_language():
    topic = TopicFactory(name="结构", name_en="Structure")
    with translation.override("en"):
        assert str(topic) == "Structure"
    with translation.override("zh-hans"):
        assert str(topic) == "结构"


def test_topics_are_recognised_as_people_type_them_while_on_offer():
    topic = TopicFactory(code="T08", name="常见故障", name_en="Common faults")
    TopicFactory(code="T09", name="旧主题", is_active=False)
    found = topics_by_wording()
    assert {found["t08"], found["常见故障"]} == {topic}
    assert list(offered_topics()) == [topic]
    assert offered_topics(keep="T09").count() == 2

"""Topics cite a chapter of an edition and stay with it until an editor lets them follow."""

import pytest

from courses.models import ModuleTopic, TrainingModule
from courses.modules.domain import publish_module
from kb.enums import CitationChoice
from kb.manuals.citations import CitationKey, citations_of
from kb.manuals.decisions import DROP, STAY, Decision
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.verdicts import EDITORIAL
from portal.models import AuditEvent
from tests.factories.courses import ModuleTopicFactory, TrainingModuleFactory
from tests.factories.kb import ManualChapterFactory, ManualEditionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    """An edition whose first chapter is about features."""
    return ManualEditionFactory(edition="A/1", chapters=["产品的特点", "已并入别章"])


@pytest.fixture
def draft(old):
    """Its successor, which knows only fans."""
    made = new_edition(old.manual, "A/2")
    for chapter in list(made.chapters.all()):
        chapter.delete()
    ManualChapterFactory(edition=made, number="1", title="风机")
    return made


def key_of(topic):
    return CitationKey("topic", topic.pk, topic.chapters.get().pk)


def test_topic_of_features_is_not_led_to_fans(client_of, world, old, draft):
    topics = [
        ModuleTopicFactory(module=world.module, chapters=[chapter]) for chapter in old.chapters.order_by("number")
    ]
    before = [list(topic.chapters.all()) for topic in topics]
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    assert [list(ModuleTopic.objects.get(pk=topic.pk).chapters.all()) for topic in topics] == before
    html = client_of(world.technician).get(world.module.get_absolute_url()).text
    number = old.manual.number
    assert f'href="/kb/manuals/{number}/A-1/#chapter-1"' in html
    assert "A/1 第 1 章 产品的特点" in html
    assert f'href="/kb/manuals/{number}/A-2/#chapter-1"' in html
    assert "较新版次 A/2，第 1 章" in html
    assert "较新版次 A/2，没有第 2 章" in html
    assert "1 风机" not in html


def test_topic_is_listed_under_its_module(world, old):
    topic = ModuleTopicFactory(module=world.module, chapters=[old.chapters.first()], text="产品的特点")
    (citation,) = citations_of(old.chapters.all())
    assert citation.key == key_of(topic)
    assert citation.title == f"{world.module.code} {world.module.title} · 产品的特点"


def test_topics_follow_or_are_dropped_as_decided(world, old, draft):
    first, second = old.chapters.order_by("number")
    followed, dropped, kept = (
        ModuleTopicFactory(module=world.module, chapters=[chapter]) for chapter in (first, second, second)
    )
    target = draft.chapters.get()
    decisions = {
        key_of(followed): Decision(CitationChoice.FOLLOW, target.pk),
        key_of(dropped): DROP,
        key_of(kept): STAY,
    }
    publish_edition(draft, decisions=decisions, by=world.trainer, verdict=EDITORIAL)
    cited = [list(ModuleTopic.objects.get(pk=topic.pk).chapters.all()) for topic in (followed, dropped, kept)]
    assert cited == [[target], [], [second]]
    moved = AuditEvent.objects.get(action="kb.citation_moved")
    assert (moved.subject, moved.actor) == (f"courses.moduletopic:{followed.pk}", world.trainer)


def test_unpublished_changes_of_a_module_follow_with_it(world, old, draft):
    topic = ModuleTopicFactory(module=world.module, chapters=[old.chapters.first()])
    module = publish_module(TrainingModule.objects.get(pk=world.module.pk))
    module.title = "改写中"
    module.save_revision()
    target = draft.chapters.get()
    publish_edition(draft, decisions={key_of(topic): Decision(CitationChoice.FOLLOW, target.pk)}, verdict=EDITORIAL)
    written = TrainingModule.objects.get(pk=module.pk).get_latest_revision_as_object()
    assert (written.title, written.topics.get().chapters.get()) == ("改写中", target)
    publish_module(written)
    assert ModuleTopic.objects.get(module=module).chapters.get() == target


def test_form_names_the_pinned_chapter_with_its_edition(client_of, world, old, draft):
    ModuleTopicFactory(module=world.module, chapters=[old.chapters.first()])
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    html = client_of(world.trainer).get(f"/cms/snippets/courses/trainingmodule/edit/{world.module.pk}/").text
    assert f"{old.manual.number} A/1 · 1 产品的特点" in html


@pytest.mark.parametrize("topics", [1, 20])
def test_topics_are_read_in_a_fixed_number_of_queries(old, django_assert_num_queries, topics):
    for _ in range(topics):
        ModuleTopicFactory(module=TrainingModuleFactory(), chapters=[old.chapters.first()])
    chapters = list(old.chapters.all())
    with django_assert_num_queries(4):
        assert len(citations_of(chapters)) == topics

"""Topics pasted as lines or as a cell of a plan: taken apart, put right, each with the topic of the list it means."""

from collections.abc import Sequence

from courses.models import ModuleTopic, PlanSlip, TrainingModule
from courses.wording import topics_of
from kb.models import Topic
from kb.topics.queries import topics_by_wording
from portal.typed import name_key


def pasted_topics(text: str) -> list[ModuleTopic]:
    """Return the topics of ``text``, unsaved, each with the topic of the list it is about.

    A line is recognised by the name or the code of a topic, or because another module has the same words; one nobody
    knows is a topic of the module alone.
    """
    slips = dict(PlanSlip.objects.values_list("wrong", "right"))
    listed, written = topics_by_wording(), _topics_in_use()
    known = [topic.name for topic in listed.values()] + list(written)
    found = []
    for line in topics_of(text, slips, known).items:
        key = name_key(line)
        topic = listed.get(key) or written.get(key)
        # A line that is only a code means the topic by its name.
        words = topic.name if topic is not None and key == name_key(topic.code) else line
        found.append(ModuleTopic(topic=topic, text=words))
    return found


def _topics_in_use() -> dict[str, Topic]:
    """Return what published modules write about each topic, by its key."""
    rows = ModuleTopic.objects.filter(module__live=True, topic__is_active=True).select_related("topic")
    return {name_key(row.text): row.topic for row in rows if row.topic is not None}


def add_topics(module: TrainingModule, topics: Sequence[ModuleTopic]) -> None:
    """Put ``topics`` below those of ``module`` in memory; words that stand there already are not added again."""
    there = {name_key(row.text) for row in module.topics.all()}
    last = max((row.sort_order or 0 for row in module.topics.all()), default=-1)
    for row in topics:
        if name_key(row.text) in there:
            continue
        there.add(name_key(row.text))
        last += 1
        row.sort_order = last
        module.topics.add(row)

"""Topics on offer, and which one a written line is about."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from kb.models import Topic
from portal.typed import name_key


def offered_topics(keep: str | None = None) -> QuerySet[Topic]:
    """Return the topics on offer, and the one of code ``keep`` whatever became of it."""
    return Topic.objects.filter(Q(is_active=True) | Q(code=keep))


def topics_by_wording() -> Mapping[str, Topic]:
    """Return the topics on offer by the key of their code and names, as people type them."""
    found: dict[str, Topic] = {}
    for topic in offered_topics():
        for written in (topic.code, topic.name, topic.name_en):
            if written:
                found.setdefault(name_key(written), topic)
    return found

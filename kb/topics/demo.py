"""The topics of the demo organisation's training."""

from kb.models import Topic
from portal.registry.demo import data


def load_topics() -> dict[str, int]:
    """The list of topics; those that stand there already stay as they are."""
    added = 0
    for order, row in enumerate(data("topics")["topics"], start=1):
        facts = {"name": row["name"], "name_en": row["name_en"], "kind": row["kind"], "order": order}
        added += Topic.objects.get_or_create(code=row["code"], defaults=facts)[1]
    return {"topics": added}

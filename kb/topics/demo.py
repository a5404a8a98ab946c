"""The topics of the demo organisation's training."""

from kb.models import Topic
from portal.registry.demo import data, has


def load_topics() -> dict[str, int]:
    """The list of topics; those that stand there already stay as they are.

    Loaders of what names topics call it first, so that each may be run by itself.
    """
    added = 0
    if not has("topics"):
        return {"topics": added}
    for order, row in enumerate(data("topics")["topics"], start=1):
        facts = {"name": row["name"], "name_en": row["name_en"], "kind": row["kind"], "order": order}
        added += Topic.objects.get_or_create(code=row["code"], defaults=facts)[1]
    return {"topics": added}

"""Load the starter lists of synonyms, with which every installation begins.

They are words of the trade and of everyday speech, not one organisation's. Each list is loaded once and never again:
``StarterList`` remembers it, so that a group an editor deleted or changed stays as the editor left it, and a list that
a later version brings is still loaded.
"""

import json
from pathlib import Path

from django.db import transaction

from portal.models import StarterList, SynonymGroup
from portal.search.query.lexicon_loading import forget_once_committed

FOLDER = Path(__file__).parent / "starter"
#: Words of the trade; everyday, English and traditional words; everyday words for what machines do.
LISTS = ("synonyms", "synonyms_general", "synonyms_everyday")


@transaction.atomic
def load_starter_words() -> dict[str, int]:
    """Load the lists that were never loaded; return how many groups each of them added, by its name."""
    loaded = set(StarterList.objects.values_list("name", flat=True))
    added = {name: _load(name) for name in LISTS if name not in loaded}
    if added:
        forget_once_committed()
    return added


def _load(name: str) -> int:
    StarterList.objects.create(name=name)
    known = {frozenset(group.terms) for group in SynonymGroup.objects.all()}
    groups = []
    for row in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")):
        if frozenset(row["terms"]) in known:
            continue
        known.add(frozenset(row["terms"]))
        group = SynonymGroup(
            words="、".join(row["terms"]), kind=row["kind"], field=row["field"], note=row["note"][:120]
        )
        group.full_clean(validate_unique=False, validate_constraints=False)
        groups.append(group)
    SynonymGroup.objects.bulk_create(groups)
    return len(groups)

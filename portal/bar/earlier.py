"""How machines, rules and posts stood before somebody's own changes that nobody has confirmed.

The gate judges the author of such changes by both: as it stands, and as it stood. Read once for all questions asked
together, then asked in memory.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from portal.bar.words import field_words
from portal.equipment.queries import self_and_ancestor_paths
from portal.equipment.statutory import every_rule
from portal.models import (
    Assignment,
    BarChange,
    EquipmentCategory,
    EquipmentModel,
    Organisation,
    Position,
    StatutoryKind,
    StatutoryRule,
)
from portal.models.bar import PARENT

MODEL, CATEGORY, RULE, POST, HELD = (
    model._meta.label_lower for model in (EquipmentModel, EquipmentCategory, StatutoryRule, Position, Assignment)
)
#: What a row of :func:`unsettled_from` holds, in order.
COLUMNS = ("pk", "record_label", "record_id", "record", "field", "before", "after", "changed_by_id", "recorded_at")


@dataclass(frozen=True)
class Unsettled:
    """A change that was not confirmed, or not yet at the moment asked about.

    Args:
        settled_at: when it was confirmed or changed back; None as long as it waits.
    """

    key: int
    label: str
    record: int
    name: str
    field: str
    before: Any
    after: Any
    author: int
    recorded_at: dt.datetime
    settled_at: dt.datetime | None = None

    def waits_at(self, moment: dt.datetime) -> bool:
        """Whether it was made and not settled by then."""
        return self.recorded_at <= moment and (self.settled_at is None or self.settled_at > moment)

    @property
    def words(self) -> str:
        """What was changed of what."""
        return f"{self.name} · {field_words(self.label, self.field)}"


def unsettled_from(rows: Iterable[Sequence[Any]]) -> tuple[Unsettled, ...]:
    """Read rows of :data:`COLUMNS`, as a database hands them over inside JSON."""
    return tuple(
        Unsettled(key, label, record, name, changed, _json(before), _json(after), author, _moment(recorded))
        for key, label, record, name, changed, before, after, author, recorded in rows
    )


def unsettled_since(moment: dt.datetime, **narrowed: Any) -> tuple[Unsettled, ...]:
    """Return the changes that waited at ``moment`` or later: one query.

    Args:
        narrowed: further conditions, by field.
    """
    open_then = Q(decision__isnull=True) | Q(decision__recorded_at__gt=moment)
    rows = BarChange.objects.filter(open_then, changed_by__isnull=False, **narrowed).order_by("pk")
    return tuple(Unsettled(*row) for row in rows.values_list(*COLUMNS, "decision__recorded_at"))


def _json(value: Any) -> Any:
    # SQLite hands JSON inside JSON over as text.
    return json.loads(value) if isinstance(value, str) else value


def _moment(text: str) -> dt.datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    # SQLite keeps moments in UTC without saying so.
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Ground:
    """Categories, rules and kinds of card as they stand, read once for all who have changes of their own."""

    categories: Mapping[int, EquipmentCategory] = field(default_factory=dict)
    rules: Sequence[StatutoryRule] = ()
    kinds: Mapping[int, StatutoryKind] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, changes: Collection[Unsettled]) -> "Ground":
        """Read what ``changes`` are judged against: four queries at most, none where only posts were changed."""
        if all(change.label == POST for change in changes):
            return cls()
        categories = {category.pk: category for category in EquipmentCategory.objects.all()}
        named = {change.before["kind"]["id"] for change in changes if change.label == RULE and change.before}
        left = {change.before["organisation"]["id"] for change in changes if change.label == HELD}
        places = dict(Organisation.objects.filter(pk__in=left).values_list("pk", "path")) if left else {}
        return cls(categories, every_rule(), StatutoryKind.objects.in_bulk(named) if named else {}, places)


class Earlier:
    """The ground as it stood before one person's changes.

    Args:
        changes: the person's own, the first one first; none of them settled.
    """

    def __init__(self, changes: Sequence[Unsettled], ground: Ground) -> None:
        self._ground = ground
        # What stood there before the first of them is what stood there before all of them.
        self._first: dict[tuple[str, int, str], Unsettled] = {}
        for change in changes:
            self._first.setdefault((change.label, change.record, change.field), change)
        self._by_path = {category.path: category for category in ground.categories.values()}
        self.rules = self._rules()

    def machine(self, model: EquipmentModel) -> EquipmentModel:
        """Return the machine as it stood: regulated or not, in its category, which stood where it stood."""
        earlier = copy(model)
        earlier.is_regulated = self._before(MODEL, model.pk, "is_regulated", model.is_regulated)
        stood = self._before(MODEL, model.pk, "category", {"id": model.category_id})
        category = copy(self._ground.categories.get(stood["id"], model.category))
        category.stood_in = self._paths_above(category)
        earlier.category = category
        return earlier

    def post(self, position: Position) -> Position:
        """Return the post as it stood: for certified people only, or not."""
        earlier = copy(position)
        earlier.is_duty_gated = self._before(POST, position.pk, "is_duty_gated", position.is_duty_gated)
        return earlier

    def posts_held(self, day: dt.date) -> tuple[frozenset[int], frozenset[str]]:
        """Return the posts and places (paths) the person was in that day before leaving or changing them."""
        said = [change.before for change in self._first.values() if change.label == HELD]
        held = [post for post in said if post["start"] <= day.isoformat() <= (post["end"] or "9999")]
        places = (self._ground.places.get(post["organisation"]["id"]) for post in held)
        return frozenset(post["position"]["id"] for post in held), frozenset(path for path in places if path)

    def bearing_on(self, subject: EquipmentModel | Position) -> list[Unsettled]:
        """Return the changes that bear on a machine or a post."""
        if isinstance(subject, Position):
            return [change for change in self._first.values() if (change.label, change.record) == (POST, subject.pk)]
        stood = self.machine(subject).category.stood_in or frozenset()
        paths = stood | set(self_and_ancestor_paths(subject.category))
        return [change for change in self._first.values() if self._bears(change, subject.pk, paths)]

    def is_moved(self, model: int, path: str) -> bool:
        """Whether a machine (its key and the path of its category) was moved by one of the changes."""
        return any(
            (label == MODEL and name == "category" and record == model)
            or (label == CATEGORY and record in self._ground.categories and self._is_below(path, record))
            for label, record, name in self._first
        )

    def _is_below(self, path: str, category: int) -> bool:
        return bool(path) and path.startswith(self._ground.categories[category].path)

    def touches(self, models: Collection[int], paths: Collection[str], posts: Collection[int]) -> bool:
        """Whether one of the changes bears on machines of a scope, named singly or by the paths of categories."""
        return any(self._is_about(change, models, paths, posts) for change in self._first.values())

    def _is_about(
        self, change: Unsettled, models: Collection[int], paths: Collection[str], posts: Collection[int]
    ) -> bool:
        if change.label == POST:
            return change.record in posts
        named, places = self._named_by(change)
        within = any(place.startswith(path) or path.startswith(place) for place in places for path in paths)
        return within or not named.isdisjoint(models)

    def _bears(self, change: Unsettled, model: int, paths: Collection[str]) -> bool:
        if change.label == HELD:
            return True
        named, places = self._named_by(change)
        if change.label == MODEL:
            return model in named
        return model in named or not places.isdisjoint(paths)

    def _named_by(self, change: Unsettled) -> tuple[set[int], set[str]]:
        """Return the machines and the categories a change names: what it is of, and what it says and said."""
        models, categories = set(), set()
        if change.label == MODEL:
            models.add(change.record)
            categories |= {value["id"] for value in (change.before, change.after) if isinstance(value, dict)}
        elif change.label == CATEGORY:
            categories.add(change.record)
        elif change.label == RULE:
            said = [value for value in (change.before, change.after) if value]
            models |= {value["model"]["id"] for value in said if value["model"]}
            categories |= {value["category"]["id"] for value in said if value["category"]}
        known = (self._ground.categories.get(key) for key in categories)
        return models, {category.path for category in known if category is not None}

    def _before(self, label: str, record: int, name: str, now: Any) -> Any:
        change = self._first.get((label, record, name))
        return now if change is None else change.before

    def _paths_above(self, category: EquipmentCategory) -> frozenset[str]:
        """Return the paths of a category and of all it stood below, by where those stand now."""
        found: set[str] = set()
        node: EquipmentCategory | None = category
        while node is not None and node.path not in found:
            found.add(node.path)
            node = self._stood_below(node)
        return frozenset(found)

    def _stood_below(self, node: EquipmentCategory) -> EquipmentCategory | None:
        change = self._first.get((CATEGORY, node.pk, PARENT))
        if change is None:
            return self._by_path.get(node.path[: -EquipmentCategory.steplen])
        return self._ground.categories.get(change.before["id"]) if change.before else None

    def _rules(self) -> list[StatutoryRule]:
        changed = {change.record: change.before for change in self._first.values() if change.label == RULE}
        kept = [rule for rule in self._ground.rules if rule.pk not in changed]
        restored = [self._rule(key, said) for key, said in changed.items() if said and said["is_active"]]
        return [*kept, *restored]

    def _rule(self, key: int, said: Mapping[str, Any]) -> StatutoryRule:
        rule = StatutoryRule(pk=key, kind=self._ground.kinds[said["kind"]["id"]], tasks=said["tasks"])
        if said["category"]:
            rule.category = self._ground.categories.get(said["category"]["id"])
        if said["model"]:
            rule.model_id = said["model"]["id"]
        return rule

"""Ground floor of the growth data: regions, outlets, machines, people with posts."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Max, Model
from django.utils import timezone

from portal.enums import Role, Tier
from portal.models import (
    Assignment,
    EquipmentCategory,
    EquipmentModel,
    EquipmentUnit,
    Organisation,
    Person,
    Position,
)

# Rows a statement; SQLite takes 250,000 variables.
BATCH = 5_000
OUTLETS_A_REGION = 100
PEOPLE_AN_OUTLET = 40


@dataclass(frozen=True)
class Ground:
    """What the rest of the data is about.

    Args:
        people: keys of the people added.
        outlets: keys of the outlets added.
        categories: the equipment categories added, one a scheme.
    """

    people: range
    outlets: list[int]
    categories: list[EquipmentCategory]


def create(rows: Iterable[Model]) -> int:
    """Write rows of one model in batches and return how many there were."""
    written, left = 0, iter(rows)
    while batch := list(islice(left, BATCH)):
        type(batch[0])._base_manager.bulk_create(batch)
        written += len(batch)
    return written


def next_key(model: type[Model]) -> int:
    """Return the first key no row of ``model`` has."""
    return (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def add_ground(people: int, schemes: int) -> Ground:
    """Add ``people`` people in outlets of 40, and for each scheme a category with its machines."""
    outlets = add_outlets(max(people // PEOPLE_AN_OUTLET, 2))
    categories = add_machines(schemes, models=max(people // 200, schemes), units=max(people // 20, 20), outlets=outlets)
    return Ground(add_people(people, outlets), outlets, categories)


def add_outlets(number: int) -> list[int]:
    """Add outlets below new regions of a hundred each, a third of them below the region of the demo's manager."""
    root = Organisation.objects.get(code="KT")
    managed = Organisation.objects.get(code="KT-W")
    regions = [managed, *_children(root, "GR", Tier.REGION, max(2 * number // OUTLETS_A_REGION // 3, 1))]
    shares = [number // 3, *_parts(number - number // 3, len(regions) - 1)]
    found: list[int] = []
    for region, share in zip(regions, shares, strict=True):
        found += [node.pk for node in _children(region, f"{region.code}-G", Tier.OUTLET, share)]
    return found


def _parts(number: int, into: int) -> list[int]:
    return [number // into + (1 if rest < number % into else 0) for rest in range(into)]


def _children(parent: Any, prefix: str, tier: Tier, number: int) -> list[Any]:
    """Add ``number`` places below ``parent``, behind those it has."""
    last = parent.get_last_child()
    path = last.path if last else None
    nodes = []
    for index in range(number):
        path = Organisation(path=path)._inc_path() if path else Organisation._get_path(parent.path, parent.depth + 1, 1)
        nodes.append(
            Organisation(
                path=path,
                depth=parent.depth + 1,
                numchild=0,
                name=f"{prefix} 服务网点 {index:04}",
                code=f"{prefix}{index:04}",
                tier=tier,
                min_certified=2,
            )
        )
    create(nodes)
    Organisation.objects.filter(pk=parent.pk).update(numchild=parent.get_children_count() + number)
    return list(Organisation.objects.filter(code__in=[node.code for node in nodes]).order_by("path"))


def add_machines(categories: int, *, models: int, units: int, outlets: list[int]) -> list[EquipmentCategory]:
    """Add equipment categories with models and units, evenly."""
    root = EquipmentCategory.objects.get(code="CK")
    made = [root.add_child(code=f"G{number:03}", name=f"设备类别 {number:03}") for number in range(categories)]
    create(
        EquipmentModel(
            code=f"GM-{number:05}",
            name=f"设备型号 {number:05}",
            category=made[number % categories],
            brand=f"品牌{number % 20}",
            family=f"系列{number % 60}",
        )
        for number in range(models)
    )
    keys = list(EquipmentModel.objects.filter(code__startswith="GM-").values_list("pk", flat=True))
    create(
        EquipmentUnit(
            serial=f"GS{number:07}", model_id=keys[number % len(keys)], customer_id=outlets[number % len(outlets)]
        )
        for number in range(units)
    )
    return made


def add_people(number: int, outlets: list[int]) -> range:
    """Add people, each with a post of technical engineer in an outlet."""
    first = next_key(Person)
    keys = range(first, first + number)
    unusable = make_password(None)
    create(
        Person(
            pk=key,
            staff_number=f"G{index:06}",
            name=f"{'赵钱孙李周吴郑王冯陈'[index % 10]}{'建国芳敏静强磊洋艳勇'[index // 10 % 10]}{index % 97}",
            password=unusable,
            mobile=f"138{index:08}",
            organisation_id=outlets[index % len(outlets)],
            joined_on=dt.date(2015, 1, 1) + dt.timedelta(days=index % 3000),
        )
        for index, key in enumerate(keys)
    )
    engineer = Position.objects.get(title="技术工程师")
    create(_posts(keys, outlets, engineer.pk))
    _roles(keys)
    return keys


def _posts(keys: range, outlets: list[int], position: int) -> Iterator[Assignment]:
    start = timezone.localdate() - dt.timedelta(days=700)
    for index, key in enumerate(keys):
        yield Assignment(
            person_id=key, position_id=position, organisation_id=outlets[index % len(outlets)], start=start
        )


def _roles(keys: range) -> None:
    """Make everybody an engineer, and one in fifty a trainer."""
    through: Any = Person.groups.through
    groups = dict(Person.groups.field.related_model.objects.values_list("name", "pk"))
    create(through(person_id=key, group_id=groups[Role.ENGINEER]) for key in keys)
    create(through(person_id=key, group_id=groups[Role.TRAINER]) for key in keys[::50])

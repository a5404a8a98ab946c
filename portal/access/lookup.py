"""Find people, equipment, tasks and posts by what people type: numbers, codes, names, aliases.

Each has a form for many texts, which asks the database a fixed number of times and returns refusals as data.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TypeVar

from django.db.models import Q
from django.db.models.functions import Lower

from portal.access.sight import DUTY_ROLES, below, people_in_sight
from portal.enums import Task
from portal.errors import (
    AmbiguousEquipment,
    AmbiguousPosition,
    DomainError,
    UnknownEquipment,
    UnknownPerson,
    UnknownPosition,
    UnknownTask,
)
from portal.models import EquipmentAlias, EquipmentModel, Organisation, Person, Position

Record = TypeVar("Record")
# Candidates named in a message.
NAMED = 6


def _found(record: Record | DomainError) -> Record:
    if isinstance(record, DomainError):
        raise record
    return record


def find_equipment(text: str) -> EquipmentModel:
    """Return the one model with this code, name or alias.

    Raises:
        UnknownEquipment: nothing answers to it.
        AmbiguousEquipment: several models do; the message lists their codes.
    """
    return _found(find_equipments([text])[text])


def find_equipments(texts: Collection[str]) -> dict[str, EquipmentModel | DomainError]:
    """Return the model for each text, or why there is none: two queries. A code goes before a name, before an alias.

    The errors are those of :func:`find_equipment`.
    """
    wanted = {text: text.strip() for text in texts}
    folded = {text.lower() for text in wanted.values() if text}
    by_name: dict[str, list[EquipmentModel]] = defaultdict(list)
    by_alias: dict[str, list[EquipmentModel]] = defaultdict(list)
    models = EquipmentModel.objects.select_related("category")
    named = models.alias(folded=Lower("code")).filter(Q(folded__in=folded) | Q(name__in=set(wanted.values()) - {""}))
    by_code = {}
    for model in named:
        by_code[model.code.lower()] = model
        by_name[model.name].append(model)
    aliases = EquipmentAlias.objects.alias(folded=Lower("name")).filter(folded__in=folded)
    for alias in aliases.select_related("model__category").order_by("model__category__path", "model__code"):
        if alias.model not in by_alias[alias.name.lower()]:
            by_alias[alias.name.lower()].append(alias.model)

    def answer(text: str) -> EquipmentModel | DomainError:
        if text.lower() in by_code:
            return by_code[text.lower()]
        found = by_name[text] or by_alias[text.lower()]
        if len(found) == 1:
            return found[0]
        if not found:
            return UnknownEquipment(equipment=text[:60])
        candidates = "、".join(f"{model.name} {model.code}" for model in found[:NAMED])
        return AmbiguousEquipment(equipment=text[:60], candidates=candidates)

    return {text: answer(plain) for text, plain in wanted.items()}


def find_person_for_duty(asker: Person, staff_number: str) -> Person:
    """Return the person the asker may ask about.

    Raises:
        UnknownPerson: no such number, or outside the asker's sight: both look the same.
    """
    return _found(find_people_for_duty(asker, [staff_number])[staff_number])


def find_people_for_duty(asker: Person, staff_numbers: Iterable[str]) -> dict[str, Person | DomainError]:
    """Return the person for each number, or the same refusal as :func:`find_person_for_duty`, in one query.

    About oneself one may always ask, about others in sight the roles of ``DUTY_ROLES`` do.
    """
    wanted = {number: number.strip() for number in staff_numbers}
    folded = {number.lower() for number in wanted.values()}
    asked = people_in_sight(asker) if asker.has_role(*DUTY_ROLES) else Person.objects.filter(pk=asker.pk)
    people = asked.alias(folded=Lower("staff_number")).filter(folded__in=folded).select_related("organisation")
    found = {person.staff_number.lower(): person for person in people} if asker.is_active else {}
    return {number: found.get(plain.lower()) or UnknownPerson(person=plain[:30]) for number, plain in wanted.items()}


def find_task(text: str) -> Task:
    """Return the task by its value or its name on screen; repair when nothing is given.

    Raises:
        UnknownTask: it is none of the five.
    """
    wanted = text.strip().lower()
    if not wanted:
        return Task.REPAIR
    for task in Task:
        if wanted in (task.value, str(task.label).lower()):
            return task
    raise UnknownTask(task=text.strip()[:30], tasks=", ".join(Task.values))


def positions_in_network(asker: Person) -> list[Position]:
    """Return the posts of the asker's network; without a place of work all there are."""
    positions = Position.objects.select_related("organisation").order_by("organisation__path", "title")
    roots = {place.path[: Organisation.steplen] for place in asker.places}
    if asker.is_superuser or not roots:
        return list(positions)
    return list(positions.filter(organisation__in=Organisation.objects.filter(below(roots)).order_by().values("pk")))


def find_position(asker: Person, text: str) -> Position:
    """Return the post of the asker's network with this title, or with "<organisation's code>/<title>".

    Raises:
        UnknownPosition: there is none.
        AmbiguousPosition: several have the title.
    """
    return _found(position_named(positions_in_network(asker), text))


def position_named(positions: Iterable[Position], text: str) -> Position | DomainError:
    """Return the one of ``positions`` that is meant, or why none is; see :func:`find_position`."""
    wanted = text.strip()
    found = []
    for position in positions:
        if wanted.lower() == position_label(position).lower():
            return position
        if wanted == position.title:
            found.append(position)
    if len(found) == 1:
        return found[0]
    if not found:
        return UnknownPosition(position=wanted[:80])
    candidates = "、".join(position_label(position) for position in found[:NAMED])
    return AmbiguousPosition(position=wanted[:80], candidates=candidates)


def position_label(position: Position) -> str:
    """Write a post so that it can be found again: KT/技术工程师."""
    return f"{position.organisation.code}/{position.title}"

"""Registry of where something is taught and asked: modules and quizzes, for pages of the apps below them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from portal.models import EquipmentCategory, EquipmentModel


@dataclass(frozen=True)
class Matter:
    """What is to be learnt.

    Args:
        models: the machines it is about; none when it holds for the whole category.
        record: the fault article it is, if it is one.
    """

    category: EquipmentCategory
    models: Sequence[EquipmentModel] = ()
    record: Model | None = None


@dataclass(frozen=True)
class Lesson:
    """One place to learn or to be asked.

    Args:
        kind: what it is: module, quiz.
        note: what it takes, such as its hours.
    """

    kind: Any
    label: str
    url: str
    icon: str
    note: Any = ""


Maker = Callable[[Matter, Any], Iterable[Lesson]]

_makers: list[tuple[int, Maker]] = []


def register_lessons(order: int, maker: Maker) -> None:
    """Have ``maker(matter, reader)`` name lessons the reader may open. Orders: courses 20, certification 30."""
    _makers.append((order, maker))
    _makers.sort(key=lambda entry: entry[0])


def lessons_on(matter: Matter, reader: Any) -> list[Lesson]:
    """Return where ``matter`` is taught and asked, as far as ``reader`` may open it."""
    return [lesson for _order, maker in _makers for lesson in maker(matter, reader)]

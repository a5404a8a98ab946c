"""May the reader do the work of an article today, on which machines; and where it is taught and asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from kb.models import FaultArticle
from portal.enums import Task
from portal.models import EquipmentModel
from portal.registry import duty
from portal.registry.duty import DutyAnswer, DutyQuestion
from portal.registry.learning import Lesson, Matter, lessons_on

#: An article that names no machine holds for its category; so many machines of it are asked about.
ASKED = 20


@dataclass(frozen=True)
class Today:
    """What the gate says to the reader about the work of an article.

    Args:
        task: the work asked about.
        allowed: machines the reader may do it on today, by themselves and without anybody answering for it.
        limited: machines they may do it on under a guide only, overridden, or with a limit; one for each such way.
        refused: a refusal for each way it is refused, with the machines it is for.
        lessons: where it is taught and asked.
    """

    task: Task
    allowed: Sequence[DutyAnswer] = ()
    limited: "Sequence[Group]" = field(default_factory=list)
    refused: "Sequence[Group]" = field(default_factory=list)
    lessons: Sequence[Lesson] = ()

    @property
    def is_asked(self) -> bool:
        """Whether there was a machine and a reader to ask about."""
        return bool(self.allowed or self.limited or self.refused)


@dataclass(frozen=True)
class Group:
    """One way the gate answers, with all the machines it answers that way for."""

    answer: DutyAnswer
    machines: list[EquipmentModel]


def today_of(article: FaultArticle, reader: Any) -> Today:
    """Return what the gate says to ``reader`` about the article's work, and where it is taught; no name, no answer."""
    named = list(article.equipment.all())
    machines = (named or _of_category(article)) if article.words.is_gated else []
    task = Task(article.task)
    lessons = lessons_on(Matter(article.category, named, article), reader)
    if not reader.is_authenticated or not machines:
        return Today(task, lessons=lessons)
    day, now = timezone.localdate(), timezone.now()
    answers = duty.ask_many([DutyQuestion(reader, day, now, equipment=machine, task=task) for machine in machines])
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], Group] = {}
    for answer in answers:
        if not answer.is_free:
            why = (answer.state, tuple((reason.code, str(reason.message)) for reason in answer.reasons))
            groups.setdefault(why, Group(answer, [])).machines.append(answer.equipment)
    return Today(
        task,
        allowed=[answer for answer in answers if answer.is_free],
        limited=[group for group in groups.values() if group.answer.allowed],
        refused=[group for group in groups.values() if not group.answer.allowed],
        lessons=lessons,
    )


def _of_category(article: FaultArticle) -> list[EquipmentModel]:
    """Return the machines of the category and those below it."""
    below = EquipmentModel.objects.filter(category__path__startswith=article.category.path)
    return list(below.select_related("category").order_by("code")[:ASKED])

"""Read what a list asks: people, machines and days as pasted, or the rows of a table."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from django.utils.translation import gettext_lazy as _

from certification.duty.batch import Asked
from certification.duty.errors import NoPeopleNamed, TooManyDays, TooManyQuestions
from portal.access.dates import parse_day
from portal.enums import Task
from portal.exchange.imports.columns import recognise, rows_below
from portal.exchange.imports.reading import read_tables
from portal.registry.imports import Column
from portal.typed import plain, split_list

# Questions of one list; a thousand people are asked about for two machines, or for two days.
MOST = 2_000
# Days between a first and a last one.
LONGEST = 31
_SPAN = re.compile(r"^(?P<first>.+?)\s*(?:至|到|~|～|—|–|\.\.)+\s*(?P<last>.+)$")
# What is an entry by itself between blanks: a number, or a Chinese name written without any.
_ENTRY = re.compile(r"\d|[\u4e00-\u9fff·]{2,}")

COLUMNS = (
    Column("person", _("Person"), ("工号", "姓名", "人员", "员工", "person", "staff number"), True),
    Column("equipment", _("Equipment"), ("设备", "设备型号", "型号", "机型", "序列号", "机号", "equipment", "machine")),
    Column("task", _("Task"), ("作业", "作业类型", "任务", "task")),
    Column("on", _("Day"), ("日期", "作业日期", "上岗日期", "day", "date", "on")),
    Column("second", _("Second person"), ("第二人", "搭档", "同行人员", "协同人员", "second", "partner")),
)


@dataclass(frozen=True)
class Line:
    """A question of a list, and where it stands there: the row of the table, or the place of the person."""

    number: int
    asked: Asked


def days_typed(text: str) -> list[str]:
    """Return the days of a pasted list as ISO, first to last where two are joined; today where nothing is typed.

    Raises:
        ImpossibleDate: one of them is no day.
        TooManyDays: a span is too long or ends before it begins.
    """
    found: list[str] = []
    for entry in split_list(text) or [""]:
        span = _SPAN.match(entry)
        if span is None:
            found.append(parse_day(entry).isoformat())
            continue
        first, last = parse_day(span["first"]), parse_day(span["last"])
        length = (last - first).days + 1
        if not 0 < length <= LONGEST:
            raise TooManyDays(limit=LONGEST)
        found += [(first + dt.timedelta(days=day)).isoformat() for day in range(length)]
    return list(dict.fromkeys(found))


def people_typed(text: str) -> list[str]:
    """Return the entries of a pasted list of people; blanks part numbers and Chinese names, not the words of a name."""
    found: list[str] = []
    for entry in split_list(text):
        parts = entry.split()
        found += parts if all(_ENTRY.search(plain(part)) for part in parts) else [entry]
    return list(dict.fromkeys(found))


def crossed(
    people: Sequence[str], machines: Sequence[str], days: Sequence[str], task: str, second: str = ""
) -> list[Line]:
    """Return every person on every machine on every day, with the same second person.

    Raises:
        NoPeopleNamed: nobody, or no machine is named.
        TooManyQuestions: more than one list holds.
    """
    if not people or not machines:
        raise NoPeopleNamed
    check_number(len(people) * len(machines) * len(days))
    return [
        Line(number, Asked(person, machine, task=task, on=day, second=second))
        for (number, person), machine, day in product(enumerate(people, 1), machines, days)
    ]


def check_number(number: int, most: int = MOST) -> None:
    """Refuse a list that is too long.

    Raises:
        TooManyQuestions: naming both numbers.
    """
    if number > most:
        raise TooManyQuestions(count=number, limit=most)


def table_lines(
    content: bytes, machines: Sequence[str], days: Sequence[str], task: str, second: str = "", *, file_name: str = ""
) -> list[Line]:
    """Return the questions of a table; what a row leaves out is taken from what is given for all rows.

    Args:
        file_name: of an uploaded table; none for pasted cells.

    Raises:
        UnreadableImport: the file cannot be read.
        NoPeopleNamed: no column names people, or a row names no machine and none is given.
        TooManyQuestions: more than one list holds.
    """
    sheets = read_tables(content, file_name)
    chosen = recognise(sheets, COLUMNS)
    if "person" not in chosen.places:
        raise NoPeopleNamed
    found: list[Line] = []
    for row, _faults in rows_below(sheets, chosen):
        if not row["person"]:
            continue
        named = [row["equipment"]] if row["equipment"] else machines
        if not named:
            raise NoPeopleNamed
        on = [row["on"]] if row["on"] else days
        asked = {"task": task_written(row["task"]) or task, "second": row["second"] or second}
        found += [Line(row.number, Asked(row["person"], each, on=day, **asked)) for each, day in product(named, on)]
        check_number(len(found))
    return found


def task_written(text: str) -> str:
    """Return the task a cell names by its code or its word on screen; the text itself where it is neither."""
    typed = plain(text).casefold()
    return next((task.value for task in Task if typed in (task.value, plain(str(task.label)).casefold())), text.strip())


def as_text(lines: Iterable[Line]) -> str:
    """Return lines as a table to paste, for the next post of the form."""
    rows = ["\t".join(str(column.key) for column in COLUMNS)]
    rows += [
        "\t".join([each.asked.person, each.asked.equipment or "", each.asked.task, each.asked.on, each.asked.second])
        for each in lines
    ]
    return "\n".join(rows)


def with_choices(lines: Sequence[Line], chosen: Mapping[str, str]) -> list[Line]:
    """Return the lines with what was chosen for texts that may mean several records."""
    return [
        Line(
            each.number,
            replace(
                each.asked,
                person=chosen.get(each.asked.person, each.asked.person),
                equipment=chosen.get(each.asked.equipment or "", each.asked.equipment),
                second=chosen.get(each.asked.second, each.asked.second),
            ),
        )
        for each in lines
    ]

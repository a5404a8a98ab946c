"""Import holidays and working days, as the yearly notice gives them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.days.domain import put_day
from courses.enums import DayKind
from courses.models import SpecialDay
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import changes, day_in, differing, text_in
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, TableRow, Verdict
from portal.typed import name_key

COLUMNS = (
    Column("day", gettext_lazy("Day"), ("日期", "日", "day", "date"), True),
    Column("kind", gettext_lazy("Kind"), ("类型", "性质", "安排", "放假或上班", "kind"), True),
    Column("name", gettext_lazy("Holiday it belongs to"), ("节日", "名称", "节假日", "holiday", "name"), True),
)
# As notices, calendars and people write it.
WORDS = {
    DayKind.HOLIDAY: ("放假", "休", "休假", "休息", "节假日", "放假日", "holiday", "off"),
    DayKind.WORKING: ("上班", "班", "补班", "调休上班", "工作日", "上班日", "working", "work"),
}
KINDS = {name_key(word): kind for kind, words in WORDS.items() for word in words}


class DayDesk:
    """Days of one table."""

    def __init__(self, by: Any, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        days = {day for row in rows if (day := day_in(row, "day", Verdict(Outcome.SAME)))}
        self.known = {special.day: special for special in SpecialDay.objects.filter(day__in=days)}
        self.said: dict[dt.date, int] = {}

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would add or change."""
        verdict = Verdict(Outcome.SAME)
        day, facts = self._facts(row, verdict)
        if day in self.said:
            text = _("This stands in row %(row)d already.") % {"row": self.said[day]}
            verdict.problems.append(Problem("day", text))
        if day is not None:
            self.said.setdefault(day, row.number)
        if verdict.problems or day is None:
            return verdict
        known = self.known.get(day)
        verdict.changes += changes(SpecialDay, known, differing(known, facts))
        if verdict.changes:
            verdict.outcome = Outcome.ADD if known is None else Outcome.CHANGE
        return verdict

    @staticmethod
    def _facts(row: TableRow, verdict: Verdict) -> tuple[dt.date | None, dict[str, Any]]:
        day = day_in(row, "day", verdict)
        if not row["day"]:
            verdict.problems.append(Problem("day", _("This is needed.")))
        kind = KINDS.get(name_key(row["kind"]))
        if kind is None:
            verdict.problems.append(Problem("kind", _("Write 放假 (day off) or 上班 (working day).")))
        return day, {"kind": kind, "name": text_in(row, "name", verdict, longest=40, is_needed=True)}

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Put the day on record, or correct it."""
        day, facts = self._facts(row, Verdict(Outcome.SAME))
        if day is None:
            return []
        known = self.known.get(day)
        before = {name: getattr(known, name) for name in differing(known, facts)} if known is not None else None
        special = put_day(day, facts["kind"], facts["name"], by=self.by)
        return [made(special) if before is None else made(special, before)]


kind = ImportKind(
    key="holidays",
    label=gettext_lazy("Holidays and working days"),
    help=gettext_lazy("One row a day: the day, 放假 or 上班, the holiday it belongs to."),
    columns=COLUMNS,
    may_use=lambda person: person.is_authenticated and person.has_perm("courses.add_specialday"),
    desk=DayDesk,
    order=62,
)

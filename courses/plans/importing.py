"""Import the table of a training plan into a project; every change to what was written is accepted by the operator."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import PlanRow, PlanSlip, Project, TrainingModule
from courses.plans.domain import next_number, put_row
from courses.plans.flattened import arrange
from courses.plans.permissions import can_edit_project, visible_projects
from courses.sessions.permissions import can_schedule
from courses.wording import Read, is_total, machines_of, minutes_of, topics_of, unglued
from portal.enums import Role
from portal.exchange.imports.undoing import made
from portal.models import EquipmentAlias, EquipmentModel, Person
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, Question, TableRow, Verdict
from portal.typed import name_key

PROPOSED, WRITTEN, LEAVE = "proposed", "written", "leave"
_COLON = ("：", ":")
_BRACKETS = re.compile(r"[()（）]")

COLUMNS = (
    Column("equipment", gettext_lazy("Equipment"), ("设备名称", "设备", "培训设备", "equipment"), True),
    Column("contents", gettext_lazy("Covering content"), ("培训内容", "内容", "课程内容", "contents"), True),
    Column("trainer", gettext_lazy("Taught by"), ("培训人员", "培训讲师", "讲师", "授课人", "培训师", "trainer")),
    Column(
        "place",
        gettext_lazy("Place, trainees"),
        ("地点、受训人员", "地点、授训人员", "地点及受训人员", "地点受训人员", "培训地点", "地点", "受训人员", "place"),
    ),
    Column("hours", gettext_lazy("Hours"), ("培训时间(h)", "培训时间", "课时", "学时", "时长", "小时", "hours"), True),
    Column("number", gettext_lazy("No."), ("序号", "编号", "no")),
)


@dataclass
class _Row:
    """A row taken apart."""

    category: str
    machines: Read
    topics: Read
    minutes: int
    trainer: Person | None
    module: TrainingModule | None

    @property
    def changes(self) -> list[tuple[str, str]]:
        return [*self.machines.changes, *self.topics.changes]


class PlanDesk:
    """The rows of a table, beside those the project has."""

    def __init__(self, by: Person, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.project = Project.objects.select_related("customer", "organisation").get(pk=options["project"])
        self.slips = dict(PlanSlip.objects.values_list("wrong", "right"))
        names = EquipmentModel.objects.filter(name__contains="、").values_list("name", flat=True)
        aliases = EquipmentAlias.objects.filter(name__contains="、").values_list("name", flat=True)
        self.whole = {*names, *aliases}
        self.topics = self._known_topics(rows)
        trainers = Person.objects.filter(is_active=True, groups__name=Role.TRAINER)
        self.trainers: dict[str, list[Person]] = {}
        for trainer in trainers:
            self.trainers.setdefault(trainer.name_key, []).append(trainer)
        self.modules = list(TrainingModule.objects.filter(live=True).prefetch_related("equipment__aliases"))
        self.module_names = [(module, self._names(module)) for module in self.modules]
        self.there = {self._key(row.category, row.equipment): row for row in self.project.rows.all()}
        self.seen: dict[str, int] = {}
        self.hours = 0

    def _known_topics(self, rows: Sequence[TableRow]) -> set[str]:
        """Return the topics written in the catalogue and elsewhere in the table; a glued pair is none of them."""
        taught = TrainingModule.objects.filter(live=True, topics__isnull=False)
        catalogue = set(taught.values_list("topics__text", flat=True))
        written = {topic for row in rows for topic in topics_of(row["contents"], self.slips).items}
        known = catalogue | written
        return catalogue | {topic for topic in written if len(unglued(topic, known - {topic})) == 1}

    @staticmethod
    def _names(module: TrainingModule) -> set[str]:
        names = {name_key(module.title)}
        for machine in module.equipment.all():
            names |= {name_key(machine.name), *(name_key(alias.name) for alias in machine.aliases.all())}
        return names

    @staticmethod
    def _key(category: str, machines: Sequence[str]) -> str:
        return name_key(f"{category}|{'|'.join(machines)}")

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would add or change; a row put right is asked about."""
        cells = [row["number"], row["equipment"], row["contents"]]
        if is_total(cells):
            return self._total(row)
        verdict = Verdict(Outcome.SAME)
        read = self._read(row, verdict, put_right=answer != WRITTEN)
        if verdict.problems or read is None or answer == LEAVE:
            return verdict
        key = self._key(read.category, read.machines.items)
        if key in self.seen:
            text = _("The same machines stand in row %(row)d already.") % {"row": self.seen[key]}
            verdict.problems.append(Problem("equipment", text))
            return verdict
        self.seen[key] = row.number
        self.hours += read.minutes
        if read.changes and answer not in (PROPOSED, WRITTEN):
            self._ask(read, verdict)
            return verdict
        verdict.notes += [_("“%(raw)s” is read as “%(read)s”") % {"raw": raw, "read": to} for raw, to in read.changes]
        self._compare(row, read, self.there.get(key), verdict)
        return verdict

    def _total(self, row: TableRow) -> Verdict:
        written = minutes_of(row["hours"])
        note = _("Total row: %(written)s; the rows above add up to %(hours)s h.")
        hours = format(self.hours / 60, "g")
        verdict = Verdict(Outcome.SAME, notes=[note % {"written": row["hours"] or "—", "hours": hours}])
        if written is not None and written != self.hours:
            verdict.notes.append(_("The total does not fit the rows; the rows are taken."))
        return verdict

    def _ask(self, read: _Row, verdict: Verdict) -> None:
        said = "；".join(f"{raw} → {to}" for raw, to in read.changes[:8])
        verdict.question = Question(
            _("Put right: %(changes)s") % {"changes": said},
            [(PROPOSED, _("As proposed")), (WRITTEN, _("As written")), (LEAVE, _("Leave this row out"))],
        )

    def _read(self, row: TableRow, verdict: Verdict, *, put_right: bool) -> _Row | None:
        slips = self.slips if put_right else {}
        category, machines = _category(row["equipment"])
        read = machines_of(machines, slips, self.whole)
        topics = topics_of(row["contents"], slips, self.topics if put_right else ())
        minutes = minutes_of(row["hours"])
        if not read.items:
            verdict.problems.append(Problem("equipment", _("Name at least one machine.")))
        if not topics.items:
            verdict.problems.append(Problem("contents", _("Name what is covered.")))
        if minutes is None:
            text = _("“%(text)s” is no number of hours; write 8, 1.5 or 45 min.") % {"text": row["hours"][:30]}
            verdict.problems.append(Problem("hours", text))
        if len(category) > 120 or any(len(item) > 160 for item in (*read.items, *topics.items)):
            verdict.problems.append(Problem("contents", _("An entry is longer than 160 characters.")))
        if verdict.problems or minutes is None:
            return None
        trainer = self._trainer(row["trainer"], verdict)
        return _Row(category, read, topics, minutes, trainer, self._module(category, read.items))

    def _trainer(self, text: str, verdict: Verdict) -> Person | None:
        found = self.trainers.get(name_key(text), []) if text else []
        if len(found) == 1:
            return found[0]
        if text:
            verdict.notes.append(
                _("%(name)s: several trainers have this name; choose one in the grid.") % {"name": text}
                if found
                else _("%(name)s is no trainer of the portal; choose one in the grid.") % {"name": text}
            )
        return None

    def _module(self, category: str, machines: Sequence[str]) -> TrainingModule | None:
        """Return the module that teaches most of these machines."""
        names = [name for name in (*machines, category) if name]
        # 货物电梯(传菜梯) is one machine under two names.
        keys = {name_key(part) for name in names for part in (name, *_BRACKETS.split(name))} - {""}
        scored = [(len(keys & names), -len(names), -module.pk, module) for module, names in self.module_names]
        best = max(scored, default=None, key=lambda entry: entry[:3])
        return best[3] if best is not None and best[0] else None

    def _compare(self, row: TableRow, read: _Row, there: PlanRow | None, verdict: Verdict) -> None:
        for name, value in self._facts(row, read).items():
            before = getattr(there, name) if there is not None else None
            if name != "raw" and value != before and (value or before):
                label = str(PlanRow._meta.get_field(name).verbose_name)
                verdict.changes.append((label, _shown(before), _shown(value)))
        if verdict.changes:
            verdict.outcome = Outcome.ADD if there is None else Outcome.CHANGE
        if read.machines.is_open_ended:
            verdict.notes.append(_("The list of machines is not closed (等)."))
        if read.module is None:
            verdict.notes.append(_("No module of the catalogue teaches these machines."))

    def _facts(self, row: TableRow, read: _Row) -> dict[str, Any]:
        return {
            "category": read.category,
            "equipment": read.machines.items,
            "is_open_ended": read.machines.is_open_ended,
            "contents": read.topics.items,
            "trainer_name": row["trainer"][:60],
            "trainer": read.trainer,
            "place_and_trainees": row["place"][:160],
            "minutes": read.minutes,
            "module": read.module,
            "raw": dict(row.values),
        }

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Add the row, or change the one with the same machines."""
        read = self._read(row, Verdict(Outcome.SAME), put_right=answer != WRITTEN)
        if read is None:
            return []
        there = self.there.get(self._key(read.category, read.machines.items))
        facts = self._facts(row, read)
        if there is None:
            return [made(put_row(self.project, by=self.by, number=next_number(self.project), **facts))]
        changed = {name: value for name, value in facts.items() if getattr(there, name) != value}
        before = {name: getattr(there, name) for name in changed}
        return [made(put_row(self.project, by=self.by, row=there, **changed), before)] if changed else []


def _category(text: str) -> tuple[str, str]:
    """Part 冷冻设备：冷库、… into category and machines; without a colon there is no category."""
    for colon in _COLON:
        head, found, rest = text.partition(colon)
        if found and rest.strip() and "、" not in head:
            return head.strip(), rest
    return "", text


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _options(person: Any, address: Mapping[str, str]) -> dict[str, Any]:
    """Return the project the address names.

    Raises:
        Http404: it is none that ``person`` may change.
    """
    project = visible_projects(person).filter(code=address.get("project", "")).first()
    if project is None or not can_edit_project(person, project):
        raise Http404
    return {"project": project.pk}


kind = ImportKind(
    key="plan",
    label=gettext_lazy("Training plan"),
    help=gettext_lazy("The tender's table: equipment, content, trainer, place and trainees, hours."),
    columns=COLUMNS,
    may_use=can_schedule,
    desk=PlanDesk,
    options=_options,
    arrange=arrange,
    is_listed=False,
    order=60,
)

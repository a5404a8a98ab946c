"""Import equipment models with their other names, and single machines by serial number."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.lookup import find_equipments
from portal.access.sight import organisations_in_sight, units_in_sight
from portal.equipment.domain import add_aliases, add_model, add_unit, change_model, change_unit
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import changes, day_in, differing, one_of, text_in
from portal.models import AccessToken, EquipmentAlias, EquipmentCategory, EquipmentModel, EquipmentUnit
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, TableRow, Verdict
from portal.typed import name_key, number_form, number_key, split_list

MODEL_COLUMNS = (
    Column(
        "code", gettext_lazy("Model code"), ("型号", "型号编码", "编码", "代码", "设备编码", "规格型号", "code"), True
    ),
    Column("name", gettext_lazy("Name"), ("名称", "设备名称", "型号名称", "设备", "name"), True),
    Column("category", gettext_lazy("Category"), ("类别", "设备类别", "分类", "大类", "category"), True),
    Column("brand", gettext_lazy("Brand"), ("品牌", "厂家", "生产厂家", "brand")),
    Column("family", gettext_lazy("Family"), ("系列", "产品系列", "family")),
    Column("aliases", gettext_lazy("Aliases"), ("别名", "俗称", "其他名称", "aliases")),
)
UNIT_COLUMNS = (
    Column("serial", gettext_lazy("Serial number"), ("序列号", "机号", "出厂编号", "设备编号", "编号", "serial"), True),
    Column("model", gettext_lazy("Model"), ("型号", "设备型号", "设备名称", "设备", "名称", "model"), True),
    Column("customer", gettext_lazy("Customer"), ("客户", "使用单位", "客户名称", "单位", "customer")),
    Column("place", gettext_lazy("Place"), ("安装位置", "位置", "安装地点", "地点", "place")),
    Column("purchased_on", gettext_lazy("Purchased on"), ("购买日期", "采购日期", "购置日期", "purchased")),
    Column("installed_on", gettext_lazy("Installed on"), ("安装日期", "installed")),
    Column(
        "warranty_until", gettext_lazy("Warranty until"), ("保修期至", "质保期至", "保修截止", "质保到期", "warranty")
    ),
)


class ModelDesk:
    """Types of machines of one table."""

    def __init__(self, by: Any, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.categories = list(EquipmentCategory.objects.all())
        keys = {number_key(row["code"]) for row in rows} - {""}
        known = EquipmentModel.objects.filter(code_key__in=keys).select_related("category").prefetch_related("aliases")
        self.known = {number_form(model.code): model for model in known}
        self.said: dict[str, int] = {}

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would add or change."""
        verdict = Verdict(Outcome.SAME)
        facts, aliases = self._facts(row, verdict)
        key = number_form(row["code"])
        if key in self.said:
            text = _("This stands in row %(row)d already.") % {"row": self.said[key]}
            verdict.problems.append(Problem("code", text))
        self.said.setdefault(key, row.number)
        if verdict.problems:
            return verdict
        known = self.known.get(key)
        fresh, new = differing(known, facts), self._new_aliases(known, aliases)
        verdict.changes += changes(EquipmentModel, known, fresh)
        if new:
            verdict.changes.append((str(EquipmentAlias._meta.verbose_name_plural), "", "、".join(new)))
        if verdict.changes:
            verdict.outcome = Outcome.ADD if known is None else Outcome.CHANGE
        return verdict

    def _facts(self, row: TableRow, verdict: Verdict) -> tuple[dict[str, Any], list[str]]:
        text_in(row, "code", verdict, longest=30, is_needed=True)
        facts: dict[str, Any] = {"name": text_in(row, "name", verdict, longest=120, is_needed=True)}
        facts["category"] = one_of(self.categories, row["category"], "category", verdict)
        if facts["category"] is None and not row["category"]:
            verdict.problems.append(Problem("category", _("This is needed.")))
        facts["brand"] = text_in(row, "brand", verdict, longest=60)
        facts["family"] = text_in(row, "family", verdict, longest=80)
        aliases = split_list(row["aliases"])
        if any(len(alias) > 80 for alias in aliases):
            verdict.problems.append(Problem("aliases", _("At most %(number)d characters.") % {"number": 80}))
        return facts, aliases

    @staticmethod
    def _new_aliases(known: EquipmentModel | None, aliases: list[str]) -> list[str]:
        there = {name_key(alias.name) for alias in known.aliases.all()} if known is not None else set()
        return [alias for alias in aliases if name_key(alias) not in there]

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Add or correct the model and add the other names."""
        facts, aliases = self._facts(row, Verdict(Outcome.SAME))
        known = self.known.get(number_form(row["code"]))
        if known is None:
            code = " ".join(row["code"].split())
            return [
                made(add_model(code, facts.pop("name"), facts.pop("category"), aliases=aliases, actor=self.by, **facts))
            ]
        notes = []
        if fresh := differing(known, facts):
            before = {name: getattr(known, name) for name in fresh}
            notes.append(made(change_model(known, actor=self.by, **fresh), before))
        if new := self._new_aliases(known, aliases):
            notes += [made(alias) for alias in add_aliases(known, new, actor=self.by)]
        return notes


class UnitDesk:
    """Single machines of one table, judged by the sight of who imports them."""

    def __init__(self, by: Any, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.models = find_equipments({row["model"] for row in rows if row["model"]}, by)
        self.customers = list(organisations_in_sight(by))
        keys = {number_key(row["serial"]) for row in rows} - {""}
        known = EquipmentUnit.objects.filter(serial_key__in=keys).select_related("model", "customer")
        self.known = {number_form(unit.serial): unit for unit in known}
        self.seen = set(units_in_sight(by).filter(serial_key__in=keys).values_list("pk", flat=True))
        self.said: dict[str, int] = {}

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would add or change."""
        verdict = Verdict(Outcome.SAME)
        facts = self._facts(row, verdict)
        key = number_form(row["serial"])
        known = self.known.get(key)
        if known is not None and known.pk not in self.seen:
            verdict.problems.append(Problem("serial", _("This machine belongs to somebody outside your branch.")))
        if key in self.said:
            text = _("This stands in row %(row)d already.") % {"row": self.said[key]}
            verdict.problems.append(Problem("serial", text))
        self.said.setdefault(key, row.number)
        if verdict.problems:
            return verdict
        if known is not None and known.model != facts["model"]:
            text = _("This number is on file as another model (%(model)s).") % {"model": known.model}
            verdict.problems.append(Problem("model", text))
            return verdict
        fresh = differing(known, facts)
        verdict.changes += changes(EquipmentUnit, known, fresh)
        if fresh:
            verdict.outcome = Outcome.ADD if known is None else Outcome.CHANGE
        return verdict

    def _facts(self, row: TableRow, verdict: Verdict) -> dict[str, Any]:
        text_in(row, "serial", verdict, longest=60, is_needed=True)
        model = self.models.get(row["model"])
        if not isinstance(model, EquipmentModel):
            verdict.problems.append(Problem("model", str(model) if model else _("This is needed.")))
        facts: dict[str, Any] = {"model": model, "place": text_in(row, "place", verdict, longest=120)}
        facts["customer"] = one_of(self.customers, row["customer"], "customer", verdict)
        for name in ("purchased_on", "installed_on", "warranty_until"):
            facts[name] = day_in(row, name, verdict)
        return facts

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Put the machine on file, or correct its file."""
        facts = self._facts(row, Verdict(Outcome.SAME))
        known = self.known.get(number_form(row["serial"]))
        if known is None:
            return [made(add_unit(" ".join(row["serial"].split()), facts.pop("model"), actor=self.by, **facts))]
        fresh = differing(known, facts)
        before = {name: getattr(known, name) for name in fresh}
        return [made(change_unit(known, actor=self.by, **fresh), before)]


def _take_back(unit: EquipmentUnit, by: Any) -> None:
    """Remove a machine and make its printed label worthless."""
    for token in AccessToken.objects.filter(subject=f"unit:{unit.pk}", revoked_at__isnull=True):
        token.revoke()
    unit.delete()


models_kind = ImportKind(
    key="equipment-models",
    label=gettext_lazy("Equipment models"),
    help=gettext_lazy("One row a model: code, name, category, other names people use."),
    columns=MODEL_COLUMNS,
    may_use=lambda person: person.is_authenticated and person.has_perm("portal.add_equipmentmodel"),
    desk=ModelDesk,
    order=30,
)
units_kind = ImportKind(
    key="equipment-units",
    label=gettext_lazy("Single machines"),
    help=gettext_lazy("One row a machine by its serial number, with model, customer and warranty."),
    columns=UNIT_COLUMNS,
    may_use=lambda person: person.is_authenticated and person.has_perm("portal.add_equipmentunit"),
    desk=UnitDesk,
    undo={"portal.equipmentunit": _take_back},
    order=31,
)

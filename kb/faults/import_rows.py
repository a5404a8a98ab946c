"""Rows of a table of faults as trades write them: a row a cause, groups said once, one code for several machines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kb.models import FaultArticle
from portal.models import EquipmentCategory, EquipmentModel
from portal.registry.imports import Column, TableRow
from portal.typed import name_key

COLUMNS = (
    Column("machines", _("Equipment models"), ("机型", "适用机型", "设备型号", "型号", "设备", "设备名称", "machines")),
    Column("category", _("Category"), ("类别", "设备类别", "分类", "大类", "category")),
    Column("brand", _("Brand"), ("品牌", "厂家", "brand")),
    Column("family", _("Family"), ("系列", "产品系列", "family")),
    Column("code", _("Fault code"), ("故障代码", "代码", "报警代码", "报警码", "显示代码", "错误代码", "code")),
    Column("title", _("Title"), ("故障名称", "故障", "名称", "故障内容", "报警名称", "故障含义", "title")),
    Column("symptom", _("Symptom"), ("故障现象", "现象", "症状", "symptom")),
    Column("severity", _("Severity"), ("严重程度", "等级", "故障等级", "severity")),
    Column("safety", _("Warning"), ("安全注意", "注意事项", "安全提示", "警告", "warning")),
    Column("cause", _("Possible cause"), ("可能原因", "原因", "故障原因", "原因分析", "cause"), True),
    Column("check", _("Check"), ("检查", "检查方法", "判断方法", "检测方法", "排查方法", "check")),
    Column("remedy", _("Remedy"), ("处理", "处理方法", "排除方法", "解决方法", "维修方法", "处理措施", "remedy")),
    Column("part", _("Part"), ("零件", "部件", "配件", "备件", "part")),
)
#: What is said of the article; the rest is said of one cause.
HEAD = ("machines", "category", "brand", "family", "code", "title", "symptom", "severity")
PAIR = ("cause", "check", "remedy")


def filled(rows: Sequence[TableRow]) -> dict[tuple[str, int], dict[str, str]]:
    """Return the values of each row, with what a group says once: a table without merged cells leaves them empty below.

    A row that names neither code nor title goes on with the fault above; one that names no machine and no category is
    about those above.
    """
    found: dict[tuple[str, int], dict[str, str]] = {}
    above: dict[str, str] = {}
    sheet = ""
    for row in rows:
        values = {column.key: row[column.key].strip() for column in COLUMNS}
        if row.sheet == sheet and not values["code"] and not values["title"]:
            values |= {key: values[key] or above[key] for key in HEAD}
        elif row.sheet == sheet and not values["machines"] and not values["category"]:
            values |= {key: values[key] or above[key] for key in ("machines", "category", "brand", "family")}
        found[row.sheet, row.number] = above = values
        sheet = row.sheet
    return found


@dataclass(frozen=True)
class Facts:
    """A row, read.

    Args:
        scope: what a code is unique in, as :attr:`kb.models.FaultArticle.code_scope`.
        pair: cause, check and remedy.
    """

    category: EquipmentCategory
    machines: Sequence[EquipmentModel]
    codes: Sequence[str]
    scope: str
    title: str
    head: dict[str, Any]
    pair: dict[str, str]
    safety: str

    @property
    def key(self) -> tuple[str, str]:
        """Which article it belongs to: the first code in its family, else the title in its category."""
        return self.scope, self.codes[0] if self.codes else f"={name_key(self.title)}"

    @property
    def cause_key(self) -> str:
        """The cause as it is compared; a check without a cause by what is checked."""
        return name_key(self.pair["cause"] or self.pair["check_text"] or self.pair["remedy"])


@dataclass
class Group:
    """The rows that make one article.

    Args:
        known: an article that stands there already; nothing is written to it.
        row: where it begins.
        said: causes with the rows that say them.
    """

    known: FaultArticle | None
    row: int
    title: str
    rows: list[Facts] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    is_written: bool = False

    @property
    def machines(self) -> set[int]:
        """The machines of the rows so far."""
        return {machine.pk for facts in self.rows for machine in facts.machines}

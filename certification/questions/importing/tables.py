"""Excel and CSV in the form of Chinese question banks: 题型, 题干, 选项A–F, 答案, 解析, 难度."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import get_column_letter

from certification.questions.importing.gift import FALSE, TRUE
from certification.questions.importing.records import Finding, Parsed, Written
from certification.questions.kinds.base import Option
from certification.questions.kinds.fill import split_variants
from certification.questions.kinds.lines import decimal_of
from certification.questions.kinds.matching import draft_of
from portal.exchange.imports.columns import Chosen, recognise, rows_below
from portal.exchange.imports.reading import fault_text, read_tables
from portal.registry.imports import Column, TableRow

LETTERS = "ABCDEF"
COLUMNS = [
    Column("ref", gettext_lazy("reference"), ("编号", "题号", "题目编号")),
    Column("kind", gettext_lazy("question type"), ("题型", "题目类型", "试题类型")),
    Column("stem", gettext_lazy("question text"), ("题干", "题目内容", "题目", "试题内容"), is_required=True),
    Column("answer", gettext_lazy("right answer"), ("答案", "正确答案", "标准答案", "参考答案"), is_required=True),
    *(Column(each, each, (f"选项{each}", f"答案{each}", each)) for each in LETTERS),
    Column("explanation", gettext_lazy("explanation"), ("解析", "答案解析", "试题解析")),
    Column("difficulty", gettext_lazy("difficulty"), ("难度", "难易度", "难度等级")),
]
KINDS = {
    "单选": "single",
    "多选": "multi",
    "不定项": "multi",
    "判断": "judge",
    "填空": "fill",
    "数值": "numeric",
    "计算": "numeric",
    "简答": "written",
    "问答": "written",
    "排序": "order",
    "匹配": "match",
    "连线": "match",
}
HARD = {"易": 1, "简单": 1, "容易": 1, "低": 1, "中": 2, "中等": 2, "一般": 2, "难": 3, "困难": 3, "高": 3}
RIGHT = frozenset({"对", "正确", "是", "√", "T", "TRUE"})
WRONG = frozenset({"错", "错误", "否", "×", "X", "F", "FALSE"})


class _Bad(Exception):
    """A cell that cannot be read: column key, words."""


def parse(content: bytes, name: str = "") -> Parsed:
    """Read the table that has the columns; problems name sheet and cell.

    Raises:
        UnreadableImport: no table at all.
    """
    found, sheets = Parsed(), read_tables(content, name)
    chosen = recognise(sheets, COLUMNS)
    missing = chosen.missing(COLUMNS)
    if missing:
        text = _("columns are missing: %(names)s") % {"names": "、".join(column.titles[0] for column in missing)}
        found.problems.append(Finding(sheets[chosen.sheet].name, text))
        return found
    for row, faults in rows_below(sheets, chosen):
        found.problems += [Finding(_cell(row, chosen, key), fault_text(code)) for key, code in faults.items()]
        try:
            found.questions.append(_question(row, chosen))
        except _Bad as error:
            key, text = error.args
            found.problems.append(Finding(_cell(row, chosen, key), text))
    return found


def _cell(row: TableRow, chosen: Chosen, key: str) -> str:
    place = chosen.places.get(key, chosen.places["stem"])
    return f"{row.sheet}!{get_column_letter(place + 1)}{row.number}"


def _question(row: TableRow, chosen: Chosen) -> Written:
    cells = {column.key: row[column.key] if column.key in chosen.places else "" for column in COLUMNS}
    if not cells["stem"]:
        raise _Bad("stem", _("there is no question text"))
    if not cells["answer"]:
        raise _Bad("answer", _("there is no answer"))
    question = Written(_cell(row, chosen, "stem"), _kind(cells), cells["stem"], ref=cells["ref"])
    if cells["explanation"]:
        question.fields["explanation"] = cells["explanation"]
    if cells["difficulty"]:
        level = cells["difficulty"].removesuffix("度")
        if level not in HARD and level not in {"1", "2", "3"}:
            raise _Bad("difficulty", _("“%(text)s” is no difficulty: 易, 中, 难 or 1 to 3") % {"text": level[:20]})
        question.fields["difficulty"] = HARD.get(level) or int(level)
    _answer(question, cells)
    return question


def _kind(cells: dict[str, str]) -> str:
    """Return the kind named, or the one the answer looks like."""
    if cells["kind"]:
        kind = next((key for name, key in KINDS.items() if cells["kind"].startswith(name)), "")
        if not kind:
            names = "、".join(KINDS)
            raise _Bad("kind", _("“%(text)s” is none of %(names)s") % {"text": cells["kind"][:20], "names": names})
        return kind
    if not cells["A"]:
        return "judge" if cells["answer"].upper() in RIGHT | WRONG else "fill"
    return "multi" if len(_letters(cells["answer"])) > 1 else "single"


def _letters(answer: str) -> set[str]:
    return set(re.sub(r"[\s,，、;；]", "", answer.upper().translate({0xFF21 + at: 65 + at for at in range(26)})))


def _answer(question: Written, cells: dict[str, str]) -> None:
    answer = cells["answer"]
    if question.kind in {"single", "multi"}:
        letters = _letters(answer)
        wrong = sorted(each for each in letters if each not in LETTERS or not cells[each])
        if wrong:
            raise _Bad("answer", _("“%(text)s” names an answer that is not there") % {"text": answer[:20]})
        question.options = [Option(cells[each], each in letters) for each in LETTERS if cells[each]]
    elif question.kind == "judge":
        # Where 正确 and 错误 stand in the columns, the answer may be their letter.
        word = cells.get(answer.upper(), "") or answer
        if word.upper() not in RIGHT | WRONG:
            raise _Bad("answer", _("“%(text)s” is neither 对 nor 错") % {"text": answer[:20]})
        right = word.upper() in RIGHT
        question.options = [Option(TRUE, right), Option(FALSE, not right)]
    elif question.kind == "numeric":
        value, _sign, tolerance = answer.partition("±")
        try:
            row = {"value": f"{decimal_of(value):f}", "tolerance": f"{decimal_of(tolerance or '0'):f}", "credit": "100"}
        except ArithmeticError:
            raise _Bad("answer", _("“%(text)s” is no number") % {"text": answer[:40]}) from None
        question.parameters = {"values": [row]}
    elif question.kind == "order":
        question.options = [Option(part.strip(), True, False) for part in re.split(r"→|->", answer) if part.strip()]
    elif question.kind == "match":
        rows = [re.split(r"→|->", part, maxsplit=1) for part in re.split(r"[;；\n]", answer) if part.strip()]
        if any(len(row) != 2 for row in rows):
            raise _Bad("answer", _("write pairs as 红→停；绿→行"))
        pairs = [(left.strip(), right.strip()) for left, right in rows]
        draft = draft_of([pair for pair in pairs if pair[0]], [right for left, right in pairs if not left])
        question.options, question.parameters = list(draft.options), dict(draft.parameters)
    elif question.kind == "fill":
        blanks = [part for part in re.split(r"[;；]", answer) if part.strip()]
        question.parameters = {
            "blanks": [[{"text": word.strip(), "credit": "100"} for word in split_variants(part)] for part in blanks]
        }
    else:
        question.parameters = {"guide": answer}

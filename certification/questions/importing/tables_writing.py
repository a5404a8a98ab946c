"""Write a bank as the Excel table its import reads; what a cell cannot say is named."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from certification.models import QuestionVersion
from certification.questions.importing.losses import losses
from certification.questions.importing.records import Finding
from certification.questions.importing.tables import COLUMNS, LETTERS
from certification.questions.kinds.lines import decimal_of, share_of
from portal.exchange.exports import Table

NAMES = {
    "single": "单选题",
    "multi": "多选题",
    "judge": "判断题",
    "fill": "填空题",
    "numeric": "数值题",
    "written": "简答题",
    "order": "排序题",
    "match": "匹配题",
}
# Of what a question may have beside its words, see ``losses``.
CARRIED = frozenset({"explanation", "difficulty"})
LEVELS = {1: "易", 2: "中", 3: "难"}


def table_of(versions: Iterable[QuestionVersion]) -> tuple[Table, list[Finding]]:
    """Return the table and what is not in it, by reference.

    Args:
        versions: current ones, with question and choices prefetched.
    """
    rows, notes = [], []
    for version in versions:
        answer = _answer(version)
        notes += [Finding(version.question.ref, text) for text in _lost(version, answer)]
        if answer is None:
            continue
        letters = {}
        if version.kind in ("single", "multi"):
            letters = dict(zip(LETTERS, (choice.text for choice in version.choices.all()), strict=False))
        cells = {
            "ref": version.question.ref,
            "kind": NAMES[version.kind],
            "stem": version.stem,
            "answer": answer,
            "explanation": version.explanation,
            "difficulty": LEVELS[version.difficulty],
            **letters,
        }
        rows.append([cells.get(column.key, "") for column in COLUMNS])
    return Table("题库", [column.titles[0] for column in COLUMNS], rows), notes


def _answer(version: QuestionVersion) -> str | None:
    """Return the cell of the answer; None where a table has nothing for it."""
    choices, kept = list(version.choices.all()), version.parameters
    match version.kind:
        case "single" | "multi":
            if len(choices) > len(LETTERS):
                return None
            return "".join(letter for letter, choice in zip(LETTERS, choices, strict=False) if choice.is_correct)
        case "judge":
            return "对" if choices and choices[0].is_correct else "错"
        case "fill":
            if any(sign in each["text"] for blank in kept["blanks"] for each in blank for sign in "｜\\"):
                return None
            # What earns a part would come back as earning all of it: it stays out and is named.
            return _told("；", [_variants(_full(blank)) for blank in kept["blanks"]], "；;")
        case "numeric":
            row = _full(kept["values"])[0]
            exact = decimal_of(row["tolerance"]) == 0
            return row["value"] if exact else f"{row['value']}±{row['tolerance']}"
        case "written":
            return str(kept["guide"])
        case "order":
            return _told("→", [choice.text for choice in choices], "→")
        case "match":
            extra = [["", choice.text] for choice in choices if not choice.is_correct]
            pairs = [*kept["pairs"], *extra]
            if any("→" in text for pair in pairs for text in pair):
                return None
            return _told("；", ["→".join(pair) for pair in pairs], "；;")
    return None


def _full(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Leave what earns all of the credit."""
    return [row for row in rows if share_of(row["credit"]) == 1]


def _variants(rows: Iterable[dict[str, str]]) -> str:
    r"""Write ways to fill in a blank between bars; a bar in one of them is written ``\|``."""
    return "|".join(row["text"].replace("|", "\\|") for row in rows)


def _told(between: str, parts: list[str], signs: str) -> str | None:
    """Return the parts joined; None where one of them holds a sign that parts them."""
    return None if any(sign in part for part in parts for sign in signs) else between.join(parts)


def _lost(version: QuestionVersion, answer: str | None) -> list[str]:
    if answer is None:
        kind = version.get_kind_display()
        return [_("a table has no place for this question (%(kind)s); it is not in the file") % {"kind": kind}]
    return losses(version, CARRIED)

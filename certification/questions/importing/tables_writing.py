"""Write a bank as the Excel table its import reads; what a cell cannot say is named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certification.models import QuestionVersion
from certification.questions.importing.losses import losses
from certification.questions.importing.records import Finding
from certification.questions.importing.tables import COLUMNS, LETTERS
from certification.questions.kinds.lines import decimal_of, share_of
from portal.exchange.exports import Table

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
        writer = WRITERS.get(version.kind)
        answer = writer.answer(version) if writer else None
        notes += [Finding(version.question.ref, text) for text in _lost(version, answer)]
        if writer is None or answer is None:
            continue
        letters = {}
        if writer.has_letters:
            letters = dict(zip(LETTERS, (choice.text for choice in version.choices.all()), strict=False))
        cells = {
            "ref": version.question.ref,
            "kind": writer.name,
            "stem": version.stem,
            "answer": answer,
            "explanation": version.explanation,
            "difficulty": LEVELS[version.difficulty],
            **letters,
        }
        rows.append([cells.get(column.key, "") for column in COLUMNS])
    return Table("题库", [column.titles[0] for column in COLUMNS], rows), notes


@dataclass(frozen=True)
class Writer:
    """How a table writes a kind of question.

    Args:
        name: the cell of the kind.
        answer: the cell of the answer; None where a table has nothing for it.
        has_letters: whether its choices stand in the columns of letters.
    """

    name: str
    answer: Callable[[QuestionVersion], str | None]
    has_letters: bool = False


def _letters(version: QuestionVersion) -> str | None:
    choices = list(version.choices.all())
    if len(choices) > len(LETTERS):
        return None
    return "".join(letter for letter, choice in zip(LETTERS, choices, strict=False) if choice.is_correct)


def _true_or_false(version: QuestionVersion) -> str:
    choices = list(version.choices.all())
    return "对" if choices and choices[0].is_correct else "错"


def _blanks(version: QuestionVersion) -> str | None:
    blanks = version.parameters["blanks"]
    if any(sign in each["text"] for blank in blanks for each in blank for sign in "｜\\"):
        return None
    # What earns a part would come back as earning all of it: it stays out and is named.
    return _told("；", [_variants(_full(blank)) for blank in blanks], "；;")


def _value(version: QuestionVersion) -> str:
    row = _full(version.parameters["values"])[0]
    exact = decimal_of(row["tolerance"]) == 0
    return row["value"] if exact else f"{row['value']}±{row['tolerance']}"


def _guide(version: QuestionVersion) -> str:
    return str(version.parameters["guide"])


def _steps(version: QuestionVersion) -> str | None:
    return _told("→", [choice.text for choice in version.choices.all()], "→")


def _pairs(version: QuestionVersion) -> str | None:
    extra = [["", choice.text] for choice in version.choices.all() if not choice.is_correct]
    pairs = [*version.parameters["pairs"], *extra]
    if any("→" in text for pair in pairs for text in pair):
        return None
    return _told("；", ["→".join(pair) for pair in pairs], "；;")


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


# What a table has for a kind of question; of any other it says that it is not in the file.
WRITERS = {
    "single": Writer("单选题", _letters, has_letters=True),
    "multi": Writer("多选题", _letters, has_letters=True),
    "judge": Writer("判断题", _true_or_false),
    "fill": Writer("填空题", _blanks),
    "numeric": Writer("数值题", _value),
    "written": Writer("简答题", _guide),
    "order": Writer("排序题", _steps),
    "match": Writer("匹配题", _pairs),
}

"""Write questions of a bank as GIFT; what the format does not carry is said, in the file and in the answer."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from certification.kinds import question_kinds
from certification.models import QuestionVersion
from certification.questions.importing.gift import FALSE, TRUE, escaped, escaped_answer
from certification.questions.importing.losses import losses
from certification.questions.importing.records import Finding
from certification.questions.kinds.lines import decimal_of, share_of

# Of what a question may have beside its words, see ``losses``.
CARRIED = frozenset({"parts"})


def write(versions: Iterable[QuestionVersion]) -> tuple[str, list[Finding]]:
    """Return the text and what was left out, by reference.

    Args:
        versions: current ones, with question and choices prefetched.
    """
    blocks, notes = [], []
    for version in versions:
        ref = version.question.ref
        answers = _answers(version)
        lost = _lost(version, answers is not None)
        notes += [Finding(ref, text) for text in lost]
        comments = "".join(f"// {ref}: {text}\n" for text in lost)
        if answers is None:
            blocks.append(comments)
            continue
        is_guided = question_kinds.get(version.kind).is_marked_by_person
        explanation = "" if is_guided else version.explanation
        general = f" #### {escaped(explanation)}" if explanation else ""
        # [plain] first, so that a text beginning with a bracket is not taken for another format.
        blocks.append(f"{comments}::{escaped(ref)}::[plain]{escaped(version.stem)}{{{answers}{general}}}\n")
    return "\n".join(blocks), notes


def _lost(version: QuestionVersion, is_written: bool) -> list[str]:
    """Return what the file does not say."""
    if not is_written:
        kind = version.get_kind_display()
        return [_("GIFT has no such question (%(kind)s); it is not in the file") % {"kind": kind}]
    return losses(version, CARRIED)


def _answers(version: QuestionVersion) -> str | None:
    """Return what stands between the brackets; None where GIFT has nothing for it."""
    writer = WRITERS.get(version.kind)
    return writer(version) if writer else None


def _one_right(version: QuestionVersion) -> str:
    return " ".join(
        f"{'=' if choice.is_correct else '~'}{escaped_answer(choice.text)}" for choice in version.choices.all()
    )


def _several_right(version: QuestionVersion) -> str:
    choices = list(version.choices.all())
    share = f"{100 / sum(choice.is_correct for choice in choices):.5f}".rstrip("0").rstrip(".")
    return " ".join(f"~%{share if choice.is_correct else '0'}%{escaped_answer(choice.text)}" for choice in choices)


def _true_or_false(version: QuestionVersion) -> str | None:
    choices = list(version.choices.all())
    if [choice.text for choice in choices] != [TRUE, FALSE]:
        return None
    return "TRUE" if choices[0].is_correct else "FALSE"


def _blank(version: QuestionVersion) -> str | None:
    blanks = version.parameters["blanks"]
    if len(blanks) != 1 or any("->" in row["text"] for row in blanks[0]):
        return None
    return " ".join(f"={_percent(row['credit'])}{escaped_answer(row['text'])}" for row in blanks[0])


def _value(version: QuestionVersion) -> str:
    rows = version.parameters["values"]
    return "#" + " ".join(f"={_percent(row['credit'])}{_number(row)}" for row in rows)


def _pairs(version: QuestionVersion) -> str | None:
    pairs = version.parameters["pairs"]
    if any("->" in left for left, _right in pairs):
        return None
    extra = [["", choice.text] for choice in version.choices.all() if not choice.is_correct]
    return " ".join(f"={escaped_answer(left)} -> {escaped(right)}" for left, right in [*pairs, *extra])


def _guide(version: QuestionVersion) -> str:
    return f"#### {escaped(version.parameters['guide'])}"


def _percent(credit: str) -> str:
    return "" if share_of(credit) == 1 else f"%{decimal_of(credit):f}%"


def _number(row: dict[str, str]) -> str:
    exact = decimal_of(row["tolerance"]) == 0
    return f"{decimal_of(row['value']):f}" + ("" if exact else f":{decimal_of(row['tolerance']):f}")


# What the format has for a kind of question; of any other it says that it is not in the file.
WRITERS: dict[str, Callable[[QuestionVersion], str | None]] = {
    "single": _one_right,
    "multi": _several_right,
    "judge": _true_or_false,
    "fill": _blank,
    "numeric": _value,
    "match": _pairs,
    "written": _guide,
}

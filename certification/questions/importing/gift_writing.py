"""Write questions of a bank as GIFT; what the format does not carry is said, in the file and in the answer."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

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
        explanation = "" if version.kind == "written" or not version.explanation else version.explanation
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
    choices = [(choice.text, choice.is_correct) for choice in version.choices.all()]
    kept = version.parameters
    if version.kind == "judge" and [text for text, _right in choices] == [TRUE, FALSE]:
        return "TRUE" if choices[0][1] else "FALSE"
    if version.kind == "single":
        return " ".join(f"{'=' if right else '~'}{escaped_answer(text)}" for text, right in choices)
    if version.kind == "multi":
        share = f"{100 / sum(right for _text, right in choices):.5f}".rstrip("0").rstrip(".")
        return " ".join(f"~%{share if right else '0'}%{escaped_answer(text)}" for text, right in choices)
    if version.kind == "fill" and len(kept["blanks"]) == 1:
        variants = kept["blanks"][0]
        if any("->" in row["text"] for row in variants):
            return None
        return " ".join(f"={_percent(row['credit'])}{escaped_answer(row['text'])}" for row in variants)
    if version.kind == "numeric":
        rows = kept["values"]
        return "#" + " ".join(f"={_percent(row['credit'])}{_number(row)}" for row in rows)
    if version.kind == "match":
        if any("->" in left for left, _right in kept["pairs"]):
            return None
        extra = [["", text] for text, right in choices if not right]
        return " ".join(f"={escaped_answer(left)} -> {escaped(right)}" for left, right in [*kept["pairs"], *extra])
    if version.kind == "written":
        return f"#### {escaped(kept['guide'])}"
    return None


def _percent(credit: str) -> str:
    return "" if share_of(credit) == 1 else f"%{decimal_of(credit):f}%"


def _number(row: dict[str, str]) -> str:
    exact = decimal_of(row["tolerance"]) == 0
    return f"{decimal_of(row['value']):f}" + ("" if exact else f":{decimal_of(row['tolerance']):f}")

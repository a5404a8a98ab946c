"""填空: words typed into blanks; several ways to write each are accepted."""

from collections.abc import Mapping, Sequence
from decimal import InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from certification.models import QuestionVersion
from certification.questions.errors import BadQuestion, UnknownAnswer
from certification.questions.kinds.base import Draft, QuestionKind, ResultLine, ShownQuestion
from certification.questions.kinds.lines import percent_text, share_of
from certification.questions.kinds.typing import comparable

LONGEST = 200
BLANKS = 10


class FillIn(QuestionKind):
    """A blank or several are filled in; the response is the list of texts, one a blank.

    Parameters: ``blanks``, for each the accepted {text, credit (percent)}; ``case_matters``.
    """

    key = "fill"
    label = gettext_lazy("Fill in the blanks")
    order = 50

    def form_fields(self) -> dict[str, forms.Field]:
        """A line a blank, variants between bars."""
        return {
            "fill_blanks": forms.CharField(
                label=gettext_lazy("Accepted words"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=gettext_lazy(
                    "A line for each blank, ways to write it between bars: 0.6MPa|6bar. Width, spaces and names of "
                    "units do not count. For part of the credit write 50%:text."
                ),
            ),
            "fill_case": forms.BooleanField(label=gettext_lazy("Capital letters count"), required=False),
        }

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """Write the lines."""
        lines = ["|".join(_word(variant) for variant in blank) for blank in version.parameters["blanks"]]
        return {"fill_blanks": "\n".join(lines), "fill_case": version.parameters.get("case_matters", False)}

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Read the lines."""
        lines = [line for line in (data.get("fill_blanks") or "").splitlines() if line.strip()]
        blanks = [[_variant(word) for word in split_variants(line) if word.strip()] for line in lines]
        return Draft(parameters={"blanks": blanks, "case_matters": bool(data.get("fill_case"))})

    def check(self, draft: Draft) -> None:
        """A way to write each blank that earns all of it."""
        blanks = draft.parameters.get("blanks") or []
        if not 0 < len(blanks) <= BLANKS:
            raise BadQuestion(BadQuestion.NO_WORDS)
        for blank in blanks:
            texts = [variant["text"].strip() for variant in blank]
            try:
                full = any(share_of(variant["credit"]) == 1 for variant in blank)
            except (InvalidOperation, ValueError):
                full = False
            if not full or not all(texts) or max(map(len, texts)) > LONGEST:
                raise BadQuestion(BadQuestion.NO_WORDS)

    def present(self, shown: ShownQuestion, response: Any) -> list[dict[str, Any]]:
        """The blanks with what was typed into them; how long a right one is, is not told."""
        typed = _typed(shown.version, response)
        return [{"number": number, "value": value} for number, value in enumerate(typed, start=1)]

    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """A text a blank."""
        return _typed(shown.version, response) if response else []

    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> list[str]:
        """A text a blank."""
        if len(values) != len(shown.version.parameters["blanks"]) or max(map(len, values)) > LONGEST:
            raise UnknownAnswer
        return [value.strip() for value in values]

    def is_answered(self, response: Any) -> bool:
        """Whether every blank has a text."""
        return bool(response) and all(response)

    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """Each blank is worth the same."""
        blanks = version.parameters["blanks"]
        case = version.parameters.get("case_matters", False)
        typed = _typed(version, response)
        return sum((_credit(blank, text, case) for blank, text in zip(blanks, typed, strict=True)), Fraction(0)) / len(
            blanks
        )

    def guess_score(self, version: QuestionVersion) -> float | None:
        """What is typed is not guessed."""
        return 0.0

    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return for each blank what was typed and how it may be written."""
        blanks = shown.version.parameters["blanks"]
        case = shown.version.parameters.get("case_matters", False)
        lines = []
        for number, (blank, text) in enumerate(zip(blanks, _typed(shown.version, response), strict=True), start=1):
            name = f"{number}. " if len(blanks) > 1 else ""
            if text:
                lines.append(ResultLine(f"{name}{text}", _credit(blank, text, case) == 1, is_given=True))
            full = [variant["text"] for variant in blank if share_of(variant["credit"]) == 1]
            lines.append(ResultLine(f"{name}{' / '.join(full)}", is_right=True, is_given=False))
        return lines


def _typed(version: QuestionVersion, response: Any) -> list[str]:
    return list(response) if response else [""] * len(version.parameters["blanks"])


def _credit(blank: Sequence[Mapping[str, str]], text: str, case_matters: bool) -> Fraction:
    """Return the best credit among the variants a text is."""
    said = comparable(text, case_matters=case_matters)
    fits = [share_of(row["credit"]) for row in blank if comparable(row["text"], case_matters=case_matters) == said]
    return max(fits, default=Fraction(0)) if said else Fraction(0)


def split_variants(line: str) -> list[str]:
    r"""Split at bars; ``\|`` is a bar in the text."""
    return [part.replace("\0", "|") for part in line.replace("\\|", "\0").replace("｜", "|").split("|")]


def _variant(word: str) -> dict[str, str]:
    head, sign, rest = word.strip().partition("%:")
    if sign and head.replace(".", "").isdigit():
        return {"text": rest.strip(), "credit": head}
    return {"text": word.strip(), "credit": "100"}


def _word(variant: Mapping[str, str]) -> str:
    text = variant["text"].replace("|", "\\|")
    return text if share_of(variant["credit"]) == 1 else f"{percent_text(variant['credit'])}:{text}"


KIND = FillIn()

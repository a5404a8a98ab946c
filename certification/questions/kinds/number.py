"""数值: a number within a tolerance, in the unit asked for or another that was allowed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.models import QuestionVersion
from certification.questions.errors import BadQuestion, UnknownAnswer
from certification.questions.kinds.base import Draft, QuestionKind, ResultLine, ShownQuestion
from certification.questions.kinds.lines import decimal_of, percent_text, share_of
from certification.questions.kinds.typing import is_known_unit, quantity, symbol

LONGEST = 60


class Number(QuestionKind):
    """A number is typed; the response is what was typed.

    Parameters: ``values``, a list of {value, tolerance, credit (percent)}; ``unit``; ``units``, how many
    of another unit make one of ``unit``, by its name. All numbers are texts.
    """

    key = "numeric"
    label = _("A number")
    order = 40

    def form_fields(self) -> dict[str, forms.Field]:
        """Values with tolerance and credit, the unit, other units."""
        return {
            "numeric_values": forms.CharField(
                label=_("Accepted numbers"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_(
                    "One a line: value, tolerance (±), and percent where it is not all, such as 2.5 ± 0.4 50%."
                ),
            ),
            "numeric_unit": forms.CharField(label=_("Unit"), max_length=20, required=False),
            "numeric_units": forms.CharField(
                label=_("Other units"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("One a line, with how many make one of the unit above: MPa=0.1 where that is bar."),
            ),
        }

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """Write the lines."""
        kept = version.parameters
        return {
            "numeric_values": "\n".join(_line(row) for row in kept["values"]),
            "numeric_unit": kept.get("unit", ""),
            "numeric_units": "\n".join(f"{name}={factor}" for name, factor in kept.get("units", {}).items()),
        }

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Read the lines; what is no number is left for ``check`` to name."""
        lines = [line for line in (data.get("numeric_values") or "").splitlines() if line.strip()]
        units = [line.partition("=") for line in (data.get("numeric_units") or "").splitlines() if line.strip()]
        return Draft(
            parameters={
                "values": [_row(line) for line in lines],
                "unit": (data.get("numeric_unit") or "").strip(),
                "units": {name.strip(): factor.strip() for name, _sign, factor in units},
            }
        )

    def check(self, draft: Draft) -> None:
        """At least one number that earns all, tolerances not negative, units with a factor."""
        rows = draft.parameters.get("values") or []
        try:
            numbers = [
                (decimal_of(row["value"]), decimal_of(row["tolerance"]), share_of(row["credit"])) for row in rows
            ]
            factors = [decimal_of(factor) for factor in draft.parameters.get("units", {}).values()]
        except (InvalidOperation, ValueError):
            raise BadQuestion(BadQuestion.NO_NUMBER) from None
        if not any(credit == 1 for _value, _tolerance, credit in numbers):
            raise BadQuestion(BadQuestion.NO_NUMBER)
        if any(tolerance < 0 for _value, tolerance, _credit in numbers) or any(factor <= 0 for factor in factors):
            raise BadQuestion(BadQuestion.NEGATIVE)
        if factors and not draft.parameters.get("unit"):
            raise BadQuestion(BadQuestion.NO_UNIT)

    def present(self, shown: ShownQuestion, response: Any) -> dict[str, Any]:
        """What was typed, the unit, and whether it can be read as a number."""
        unit = shown.version.parameters.get("unit", "")
        return {"value": response or "", "unit": unit, "unreadable": bool(response) and quantity(response) is None}

    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """One text."""
        return [response] if response else []

    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> str:
        """What was typed, kept even if it is no number: nothing somebody wrote is thrown away."""
        if len(values) != 1 or len(values[0]) > LONGEST:
            raise UnknownAnswer
        return values[0].strip()

    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """The best credit among the ranges the number lies in; 0 in a unit that was not allowed."""
        typed = quantity(response or "")
        factor = _factor(version.parameters, typed.unit) if typed else None
        if typed is None or factor is None:
            return Fraction(0)
        number = typed.number / factor
        fits = [
            share_of(row["credit"])
            for row in version.parameters["values"]
            if abs(number - decimal_of(row["value"])) <= decimal_of(row["tolerance"])
        ]
        return max(fits, default=Fraction(0))

    def guess_score(self, version: QuestionVersion) -> float | None:
        """What is typed is not guessed."""
        return 0.0

    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return what was typed and the number that earns all."""
        unit = shown.version.parameters.get("unit", "")
        best = next(row for row in shown.version.parameters["values"] if share_of(row["credit"]) == 1)
        given_right = self.grade(shown.version, response) == 1
        given = [ResultLine(response, is_right=given_right, is_given=True)] if response else []
        return [*given, ResultLine(f"{_line(best)} {unit}".strip(), is_right=True, is_given=False)]


def _factor(parameters: Mapping[str, Any], unit: str) -> Decimal | None:
    """Return how many of ``unit`` make one of the unit asked for; None for a unit that was not allowed."""
    allowed = {symbol(name): decimal_of(factor) for name, factor in parameters.get("units", {}).items()}
    allowed |= {symbol(parameters.get("unit", "")): Decimal(1), "": Decimal(1)}
    if unit in allowed:
        return allowed[unit]
    # "mpa" is MPa, but mPa is a unit of its own.
    alike = [factor for name, factor in allowed.items() if name.casefold() == unit.casefold()]
    return alike[0] if len(alike) == 1 and not is_known_unit(unit) else None


def _row(line: str) -> dict[str, str]:
    """Read a line of the form: ``2.5 ± 0.4 50%``; also written ``2.5:0.4``."""
    words, credit = line.strip(), "100"
    if words.endswith(("%", "％")):
        words, _space, credit = words[:-1].rpartition(" ")
    value, _sign, tolerance = words.replace("+-", "±").replace("+/-", "±").replace(":", "±").partition("±")
    return {"value": value.strip(), "tolerance": tolerance.strip() or "0", "credit": credit.strip()}


def _line(row: Mapping[str, str]) -> str:
    """Write a row as in the form."""
    exact = decimal_of(row["tolerance"]) == 0
    text = row["value"] if exact else f"{row['value']} ± {row['tolerance']}"
    return text if share_of(row["credit"]) == 1 else f"{text} {percent_text(row['credit'])}"


KIND = Number()

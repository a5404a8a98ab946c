"""A kind of question for tests: a number within a tolerance; a near miss earns half."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django import forms

from certification.questions.errors import BadQuestion, UnknownAnswer
from certification.questions.kinds.base import Draft, QuestionKind, ResultLine

TEMPLATE = """{% for value in question.body.values %}
<input type="text" name="{{ question.field }}" value="{{ value }}" data-answer> {{ question.body.unit }}
{% endfor %}"""


class Numeric(QuestionKind):
    key = "gauge"
    label = "读数"
    order = 50
    template = "tests/numeric.html"

    def form_fields(self):
        return {
            "gauge_value": forms.DecimalField(required=False),
            "gauge_tolerance": forms.DecimalField(required=False),
            "gauge_unit": forms.CharField(required=False),
        }

    def initial(self, version):
        return {f"gauge_{name}": value for name, value in version.parameters.items()}

    def draft(self, data, kept):
        names = ("value", "tolerance", "unit")
        given = {name: data.get(f"gauge_{name}") for name in names}
        return Draft(parameters={name: str(value) for name, value in given.items() if value is not None})

    def check(self, draft):
        if not {"value", "tolerance"} <= set(draft.parameters):
            raise BadQuestion("需要数值和误差")

    def present(self, shown, response):
        return {"values": self.values(shown, response) or [""], "unit": shown.version.parameters.get("unit", "")}

    def values(self, shown, response):
        return [] if response is None else [response]

    def parse(self, shown, values):
        try:
            (value,) = values
            return str(Decimal(value))
        except (ValueError, InvalidOperation):
            raise UnknownAnswer from None

    def grade(self, version, response):
        if response is None:
            return Fraction(0)
        off = abs(Decimal(response) - Decimal(version.parameters["value"]))
        tolerance = Decimal(version.parameters["tolerance"])
        return Fraction(1) if off <= tolerance else Fraction(1, 2) if off <= 2 * tolerance else Fraction(0)

    def result(self, shown, response):
        given = [] if response is None else [ResultLine(response, is_right=False, is_given=True)]
        return [*given, ResultLine(shown.version.parameters["value"], is_right=True, is_given=False)]

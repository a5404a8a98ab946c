"""图片热点: the right place of a picture is chosen, on a grid of fields that finger, mouse and keyboard reach alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.models import QuestionVersion
from certification.questions.errors import BadQuestion, UnknownAnswer
from certification.questions.kinds.base import Draft, QuestionKind, ResultLine, ShownQuestion
from certification.questions.kinds.choices import letter
from certification.questions.kinds.typing import plain

# As many as a finger can tell apart on a phone of 360 px.
COLUMNS, ROWS = 8, 6
FIELDS = [f"{letter(column)}{row}" for row in range(1, ROWS + 1) for column in range(COLUMNS)]


@dataclass(frozen=True)
class ShownField:
    """One field of the grid."""

    name: str
    is_picked: bool


class Hotspot(QuestionKind):
    """One field is chosen; the response is its name, such as C3. Parameters: ``fields``, those that are right."""

    key = "hotspot"
    label = _("A place in a picture")
    order = 80
    needs_picture = True

    def form_fields(self) -> dict[str, forms.Field]:
        """The right fields."""
        fields = forms.CharField(
            label=_("Right fields of the picture"),
            required=False,
            max_length=300,
            help_text=_("Columns A–H from the left, rows 1–6 from the top, such as C3 C4. Choose the picture above."),
        )
        return {"hotspot_fields": fields}

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """The names."""
        return {"hotspot_fields": " ".join(version.parameters["fields"])}

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Read the names."""
        names = plain(data.get("hotspot_fields") or "").upper().replace(",", " ").replace("、", " ").split()
        return Draft(parameters={"fields": list(dict.fromkeys(names))})

    def check(self, draft: Draft) -> None:
        """A picture, and right fields that are on it, but not all of them."""
        names = draft.parameters.get("fields") or []
        if not draft.has_picture:
            raise BadQuestion(BadQuestion.NO_PICTURE)
        if not names or not set(names) <= set(FIELDS) or len(names) > len(FIELDS) // 2:
            raise BadQuestion(BadQuestion.NO_FIELD)

    def present(self, shown: ShownQuestion, response: Any) -> list[ShownField]:
        """The grid, row by row."""
        return [ShownField(name, name == response) for name in FIELDS]

    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """The name of the field."""
        return [response] if response else []

    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> str:
        """The name of a field of the grid."""
        if len(values) != 1 or values[0] not in FIELDS:
            raise UnknownAnswer
        return values[0]

    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """One of the right fields."""
        return Fraction(response in version.parameters["fields"])

    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return the field chosen and the right ones."""
        right = shown.version.parameters["fields"]
        given = [ResultLine(response, response in right, is_given=True)] if response else []
        return given + [ResultLine(name, is_right=True, is_given=False) for name in right if name != response]


KIND = Hotspot()

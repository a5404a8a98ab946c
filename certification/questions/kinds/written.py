"""简答: an answer in words, marked by a person; the result of the paper waits for it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.models import QuestionVersion
from certification.questions.errors import BadQuestion, UnknownAnswer
from certification.questions.kinds.base import Draft, QuestionKind, ResultLine, ShownQuestion

LONGEST = 4_000


class Written(QuestionKind):
    """A few sentences; the response is the text as it was typed."""

    key = "written"
    label = _("Short answer, marked by a person")
    order = 90
    is_marked_by_person = True

    def form_fields(self) -> dict[str, forms.Field]:
        """What whoever marks it looks for."""
        guide = forms.CharField(
            label=_("What a full answer says"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("For the assessor who marks it; never shown to the person taking the quiz."),
        )
        return {"written_guide": guide}

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """The guide."""
        return {"written_guide": version.parameters.get("guide", "")}

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Read the guide."""
        return Draft(parameters={"guide": (data.get("written_guide") or "").strip()})

    def check(self, draft: Draft) -> None:
        """Two assessors can only mark alike with a guide."""
        if not draft.parameters.get("guide"):
            raise BadQuestion(BadQuestion.NO_GUIDE)

    def present(self, shown: ShownQuestion, response: Any) -> dict[str, Any]:
        """The text written so far."""
        return {"text": response or "", "longest": LONGEST}

    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """One text."""
        return [response] if response else []

    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> str:
        """The text, line ends made alike."""
        if len(values) != 1 or len(values[0]) > LONGEST:
            raise UnknownAnswer
        return values[0].replace("\r\n", "\n").strip()

    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """Nothing by itself: a person marks it; what is empty earns nothing."""
        return Fraction(0)

    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return the text and what a full answer says."""
        given = [ResultLine(response, is_right=False, is_given=True)] if response else []
        return [*given, ResultLine(shown.version.parameters["guide"], is_right=True, is_given=False)]


KIND = Written()

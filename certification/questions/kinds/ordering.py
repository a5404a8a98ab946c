"""排序: steps are numbered in their right order, by lists to choose from: no dragging is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.models import Choice, QuestionVersion
from certification.questions.errors import BadQuestion, UnknownAnswer
from certification.questions.kinds.base import Draft, Option, QuestionKind, ResultLine, ShownQuestion

STEPS = 12


@dataclass(frozen=True)
class ShownStep:
    """One step with the place it was given; 0 for none. ``places`` are what may be chosen."""

    text: str
    place: int
    places: range


class Ordering(QuestionKind):
    """Steps get places; the response is the place by the key of each step. All of them right, or nothing."""

    key = "order"
    label = _("Put in order")
    order = 60

    def form_fields(self) -> dict[str, forms.Field]:
        """The steps, a line each."""
        steps = forms.CharField(
            label=_("Steps in their right order"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("One a line; they are shown shuffled."),
        )
        return {"order_steps": steps}

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """Write the lines."""
        return {"order_steps": "\n".join(choice.text for choice in version.choices.all())}

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Read the lines."""
        lines = (line.strip() for line in (data.get("order_steps") or "").splitlines())
        return Draft([Option(line, True, False) for line in lines if line])

    def check(self, draft: Draft) -> None:
        """Three steps or more, no two alike."""
        texts = [option.text.strip() for option in draft.options]
        if not 3 <= len(texts) <= STEPS or not all(texts) or max(map(len, texts)) > 300:
            raise BadQuestion(BadQuestion.TOO_FEW_STEPS % {"most": STEPS})
        if len(set(texts)) < len(texts):
            raise BadQuestion(BadQuestion.ALIKE)

    def arrange(self, choices: Sequence[Choice], random: Random) -> list[int]:
        """Shuffle the steps; never in their right order, which would be no question."""
        right = [choice.pk for choice in choices]
        shuffled = list(right)
        random.shuffle(shuffled)
        return shuffled if shuffled != right else [*right[1:], right[0]]

    def present(self, shown: ShownQuestion, response: Any) -> list[ShownStep]:
        """The steps in the order shown."""
        places = range(1, len(shown.keys) + 1)
        given = response or {}
        rows = zip(shown.keys, shown.texts, strict=True)
        return [ShownStep(text, given.get(str(key), 0), places) for key, text in rows]

    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """The place of each step in the order shown."""
        if not response:
            return []
        return [str(response.get(str(key), "")) for key in shown.keys]

    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> dict[str, int]:
        """The place by step; two steps at one place are kept, they are wrong."""
        places = {str(place) for place in range(1, len(shown.keys) + 1)}
        if len(values) != len(shown.keys) or not set(values) <= places | {""}:
            raise UnknownAnswer
        return {str(key): int(value) for key, value in zip(shown.keys, values, strict=True) if value}

    def is_answered(self, response: Any) -> bool:
        """Whether places were given, no two of them the same."""
        return bool(response) and len(set(response.values())) == len(response)

    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """All in their places."""
        right = {str(choice.pk): place for place, choice in enumerate(version.choices.all(), start=1)}
        return Fraction(response == right)

    def asked(self, shown: ShownQuestion) -> list[str]:
        """The steps as shown."""
        return list(shown.texts)

    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return the steps by the place given, then those that belong elsewhere by their right one."""
        right = {choice.pk: place for place, choice in enumerate(shown.version.choices.all(), start=1)}
        texts = dict(zip(shown.keys, shown.texts, strict=True))
        given = sorted((place, int(key)) for key, place in (response or {}).items())
        lines = [ResultLine(f"{place}. {texts[key]}", right[key] == place, is_given=True) for place, key in given]
        missed = sorted((place, key) for key, place in right.items() if (response or {}).get(str(key)) != place)
        return lines + [ResultLine(f"{place}. {texts[key]}", is_right=True, is_given=False) for place, key in missed]


KIND = Ordering()

"""Base class of question kinds with answers to choose from."""

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

ANSWERS = 6


@dataclass(frozen=True)
class ShownChoice:
    """One answer to choose, identified by position only: primary keys would reveal the order of writing."""

    position: int
    letter: str
    text: str
    is_picked: bool


class ChoiceKind(QuestionKind):
    """Answers are chosen from a list; the response is the list of the keys of those chosen."""

    empty: list[int] = []
    takes_several = False
    is_chosen = True
    may_keep_places = True

    def form_fields(self) -> dict[str, forms.Field]:
        """A line for each answer: its text, whether it is right, whether it keeps its place."""
        fields: dict[str, forms.Field] = {}
        for number in range(1, ANSWERS + 1):
            facts = {"number": number}
            fields[f"answer_{number}"] = forms.CharField(
                label=_("Answer %(number)s") % facts, max_length=300, required=False
            )
            fields[f"right_{number}"] = forms.BooleanField(
                label=_("Answer %(number)s is right") % facts, required=False
            )
            fields[f"fixed_{number}"] = forms.BooleanField(
                label=_("Answer %(number)s keeps its place") % facts,
                required=False,
                help_text=_("For answers about the others, such as “all of the above”; such wording is recognised."),
            )
        return fields

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """Fill the lines."""
        values: dict[str, Any] = {}
        for number, choice in enumerate(version.choices.all(), start=1):
            values[f"answer_{number}"] = choice.text
            values[f"right_{number}"] = choice.is_correct
            values[f"fixed_{number}"] = choice.keeps_place
        return values

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Read the lines, empty ones left out; a new text without the tick is judged by its wording."""
        known = {choice.text for choice in kept.choices.all()} if kept else set()
        options = []
        for number in range(1, ANSWERS + 1):
            text = (data.get(f"answer_{number}") or "").strip()
            fixed = bool(data.get(f"fixed_{number}"))
            if text:
                options.append(
                    Option(text, bool(data.get(f"right_{number}")), fixed if fixed or text in known else None)
                )
        return Draft(options)

    def check(self, draft: Draft) -> None:
        """At least two answers, no two alike, and as many right ones as the kind has."""
        texts = [option.text.strip() for option in draft.options]
        if len(texts) < 2 or not all(texts):
            raise BadQuestion(BadQuestion.TOO_FEW)
        if len(set(texts)) < len(texts):
            raise BadQuestion(BadQuestion.ALIKE)
        self.check_right(sum(option.is_correct for option in draft.options))

    def check_right(self, right: int) -> None:
        """Hold the number of right answers.

        Raises:
            BadQuestion: too few or too many.
        """
        if right != 1:
            raise BadQuestion(BadQuestion.ONE_RIGHT)

    def arrange(self, choices: Sequence[Choice], random: Random) -> list[int]:
        """Shuffle the answers; those that keep their place stay where they were written."""
        loose = [choice.pk for choice in choices if not choice.keeps_place]
        random.shuffle(loose)
        rest = iter(loose)
        return [choice.pk if choice.keeps_place else next(rest) for choice in choices]

    def present(self, shown: ShownQuestion, response: Any) -> list[ShownChoice]:
        """Return the answers in the order shown."""
        picked = set(response or ())
        rows = zip(shown.keys, shown.texts, strict=True)
        return [
            ShownChoice(position, letter(position), text, key in picked) for position, (key, text) in enumerate(rows)
        ]

    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """Return the positions picked."""
        picked = set(response or ())
        return [str(position) for position, key in enumerate(shown.keys) if key in picked]

    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> list[int]:
        """Return the keys of the choices at these positions, counted from 0."""
        if not all(value.isascii() and value.isdigit() and len(value) < 3 for value in values):
            raise UnknownAnswer
        positions = sorted({int(value) for value in values})
        if positions[-1] >= len(shown.keys) or (len(positions) > 1 and not self.takes_several):
            raise UnknownAnswer
        return [shown.keys[position] for position in positions]

    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """All right answers and nothing else."""
        right = {choice.pk for choice in version.choices.all() if choice.is_correct}
        return Fraction(set(response or ()) == right)

    def guess_score(self, version: QuestionVersion) -> float | None:
        """The share of the right ones where one is picked; of several it is not defined."""
        choices = list(version.choices.all())
        if self.takes_several or not choices:
            return None
        return sum(choice.is_correct for choice in choices) / len(choices)

    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return every answer, marked."""
        picked = set(response or ())
        right = {choice.pk for choice in shown.version.choices.all() if choice.is_correct}
        rows = enumerate(zip(shown.keys, shown.texts, strict=True))
        return [ResultLine(text, key in right, key in picked, letter(position)) for position, (key, text) in rows]


def letter(position: int) -> str:
    """Return the letter of an answer: A, B, C."""
    return chr(ord("A") + position)

"""配对: to each prompt an answer is chosen from one list; no dragging is needed."""

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
from certification.questions.kinds.choices import letter

PROMPTS = 10
ARROWS = ("→", "->", "=>", "＝", "=")


@dataclass(frozen=True)
class ShownPrompt:
    """A prompt with what may be chosen: (value, letter, text, is it chosen)."""

    text: str
    options: list[tuple[str, str, str, bool]]


class Matching(QuestionKind):
    """Prompts are matched; the response is the list of the chosen answers' keys, null where none was chosen.

    Parameters: ``pairs``, a list of [prompt, answer]; answers that fit no prompt are choices that are not right.
    """

    key = "match"
    label = _("Match")
    order = 70

    def form_fields(self) -> dict[str, forms.Field]:
        """A pair a line."""
        pairs = forms.CharField(
            label=_("Pairs"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("One a line: prompt → answer. A line that begins with → is an answer that fits nothing."),
        )
        return {"match_pairs": pairs}

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """Write the lines."""
        extra = [f"→ {choice.text}" for choice in version.choices.all() if not choice.is_correct]
        return {"match_pairs": "\n".join([f"{left} → {right}" for left, right in version.parameters["pairs"]] + extra)}

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Read the lines."""
        rows = [_pair(line) for line in (data.get("match_pairs") or "").splitlines() if line.strip()]
        return draft_of([row for row in rows if row[0]], [right for left, right in rows if not left])

    def check(self, draft: Draft) -> None:
        """Two prompts or more, no two alike, an answer each, and at least two answers to choose from."""
        pairs = draft.parameters.get("pairs") or []
        texts = [option.text for option in draft.options]
        if not 2 <= len(pairs) <= PROMPTS or not all(left and right for left, right in pairs) or len(texts) < 2:
            raise BadQuestion(BadQuestion.TOO_FEW_PAIRS % {"most": PROMPTS})
        if len({left for left, _right in pairs}) < len(pairs) or len(set(texts)) < len(texts):
            raise BadQuestion(BadQuestion.ALIKE)
        if max(map(len, texts)) > 300 or len(texts) > 26:
            raise BadQuestion(BadQuestion.TOO_FEW_PAIRS % {"most": PROMPTS})

    def arrange(self, choices: Sequence[Choice], random: Random) -> list[int]:
        """Shuffle the answers; the prompts keep their order."""
        keys = [choice.pk for choice in choices]
        random.shuffle(keys)
        return keys

    def present(self, shown: ShownQuestion, response: Any) -> list[ShownPrompt]:
        """The prompts, each with all answers in the order shown."""
        chosen = response or [None] * len(shown.version.parameters["pairs"])
        rows = list(enumerate(zip(shown.keys, shown.texts, strict=True)))
        return [
            ShownPrompt(prompt, [(str(at), letter(at), text, key == picked) for at, (key, text) in rows])
            for (prompt, _right), picked in zip(shown.version.parameters["pairs"], chosen, strict=True)
        ]

    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """The position chosen for each prompt."""
        places = {key: str(place) for place, key in enumerate(shown.keys)}
        return [places.get(key, "") for key in response] if response else []

    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> list[int | None]:
        """The key chosen for each prompt."""
        places = {str(place): key for place, key in enumerate(shown.keys)} | {"": None}
        if len(values) != len(shown.version.parameters["pairs"]) or not set(values) <= places.keys():
            raise UnknownAnswer
        return [places[value] for value in values]

    def is_answered(self, response: Any) -> bool:
        """Whether every prompt has an answer."""
        return bool(response) and None not in response

    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """Each prompt is worth the same."""
        pairs = version.parameters["pairs"]
        texts = {choice.pk: choice.text for choice in version.choices.all()}
        chosen = response or [None] * len(pairs)
        good = sum(texts.get(key) == right for (_left, right), key in zip(pairs, chosen, strict=True))
        return Fraction(good, len(pairs))

    def guess_score(self, version: QuestionVersion) -> float | None:
        """A share for each prompt."""
        choices = len(version.choices.all())
        return 1 / choices if choices else None

    def asked(self, shown: ShownQuestion) -> list[str]:
        """Prompts, then answers as shown."""
        prompts = [left for left, _right in shown.version.parameters["pairs"]]
        return prompts + [f"{letter(at)} {text}" for at, text in enumerate(shown.texts)]

    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return each prompt with what was chosen, and with what is right where that is another."""
        texts = dict(zip(shown.keys, shown.texts, strict=True))
        pairs = shown.version.parameters["pairs"]
        lines = []
        for (left, right), key in zip(pairs, response or [None] * len(pairs), strict=True):
            if key is not None:
                lines.append(ResultLine(f"{left} → {texts[key]}", texts[key] == right, is_given=True))
            if key is None or texts[key] != right:
                lines.append(ResultLine(f"{left} → {right}", is_right=True, is_given=False))
        return lines


def draft_of(pairs: Sequence[Sequence[str]], extra: Sequence[str] = ()) -> Draft:
    """Return a draft of prompts with their answers and answers that fit nothing; the same answer twice is one."""
    rights = list(dict.fromkeys(right for _left, right in pairs))
    options = [Option(text, True, False) for text in rights]
    options += [Option(text, False, False) for text in extra if text and text not in rights]
    return Draft(options, {"pairs": [list(pair) for pair in pairs]})


def _pair(line: str) -> tuple[str, str]:
    """Split a line at the first arrow."""
    places = [(line.find(arrow), arrow) for arrow in ARROWS if arrow in line]
    if not places:
        return line.strip(), ""
    at, arrow = min(places, key=lambda place: (place[0], -len(place[1])))
    return line[:at].strip(), line[at + len(arrow) :].strip()


KIND = Matching()

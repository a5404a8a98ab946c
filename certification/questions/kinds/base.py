"""Base class of question kinds: admin fields, presentation, parsing and grading of answers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

from django import forms

from certification.models import Choice, QuestionVersion


class Option(NamedTuple):
    """An answer to choose, as an editor or an import writes it.

    Args:
        keeps_place: whether it stays where it was written when answers are shuffled; None decides by its wording.
    """

    text: str
    is_correct: bool
    keeps_place: bool | None = None


@dataclass(frozen=True)
class Draft:
    """The answer side of a question as written: answers to choose, and what the kind keeps besides."""

    options: Sequence[Option] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    has_picture: bool = False


@dataclass(frozen=True)
class ShownQuestion:
    """A question as it stands on somebody's paper.

    Args:
        keys: primary keys of the choices in the order shown; empty for kinds without choices.
        texts: their texts in the same order; empty where only keys are needed.
    """

    version: QuestionVersion
    keys: Sequence[int]
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class ResultLine:
    """One line of a question in a result: an answer that is right, was given, both or neither."""

    text: str
    is_right: bool
    is_given: bool
    letter: str = ""


class QuestionKind(ABC):
    """One way to answer a question.

    A *response* is what ``Answer.response`` keeps: plain JSON in a form that does not depend on the order shown.
    *Values* are what the inputs of the kind's template carry: a list of strings, the same from a form and from script.
    """

    key: str
    label: Any
    order: int = 100
    # What stands for no answer.
    empty: Any = None
    # The result of a paper waits until an assessor has marked these.
    is_marked_by_person = False
    # The template draws the question's picture itself.
    needs_picture = False
    # The response is the list of the keys of the choices picked.
    is_chosen = False
    # The choices are shuffled but for those said to keep their place.
    may_keep_places = False

    @property
    def template(self) -> str:
        """Template of the inputs on the attempt page; its context is ``question`` with ``field`` and ``body``."""
        return f"certification/questions/kinds/{self.key}.html"

    # --- editing ---

    def form_fields(self) -> dict[str, forms.Field]:
        """Return the admin form's fields by name, none of them required: the form holds the fields of all kinds."""
        return {}

    def initial(self, version: QuestionVersion) -> dict[str, Any]:
        """Return the values of the form fields for a version."""
        return {}

    def draft(self, data: Mapping[str, Any], kept: QuestionVersion | None) -> Draft:
        """Return what was written in the form fields; ``kept`` is the version being edited."""
        return Draft()

    @abstractmethod
    def check(self, draft: Draft) -> None:
        """Hold the rules of a fair question.

        Raises:
            BadQuestion: naming the rule.
        """

    # --- the paper ---

    def arrange(self, choices: Sequence[Choice], random: Random) -> list[int]:
        """Return the keys of the choices in the order in which they are shown."""
        return [choice.pk for choice in choices]

    @abstractmethod
    def present(self, shown: ShownQuestion, response: Any) -> Any:
        """Return what the template draws as ``question.body``; it must not reveal which answer is right."""

    @abstractmethod
    def values(self, shown: ShownQuestion, response: Any) -> list[str]:
        """Return the values of the inputs that show ``response``, in the order of the page."""

    def read(self, shown: ShownQuestion, values: Sequence[str]) -> Any:
        """Return the response that these values mean; blank ones take the answer back.

        Raises:
            UnknownAnswer: the values do not fit the question.
        """
        return self.parse(shown, values) if any(value.strip() for value in values) else self.empty

    @abstractmethod
    def parse(self, shown: ShownQuestion, values: Sequence[str]) -> Any:
        """Return the response that these values mean; at least one is not blank. Raises as ``read``."""

    def is_answered(self, response: Any) -> bool:
        """Whether something was answered."""
        return response is not None and response != self.empty

    # --- the result ---

    @abstractmethod
    def grade(self, version: QuestionVersion, response: Any) -> Fraction:
        """Return the credit, from 0 (wrong) to 1 (right); ``version.choices`` should be prefetched."""

    def guess_score(self, version: QuestionVersion) -> float | None:
        """Return what guessing earns on average; None where it is not defined, such as for an order or a text."""
        return None

    def asked(self, shown: ShownQuestion) -> list[str]:
        """Return what stood on the paper beside the stem, where ``result`` does not list it."""
        return []

    @abstractmethod
    def result(self, shown: ShownQuestion, response: Any) -> list[ResultLine]:
        """Return what was answered and what is right, for a passed attempt; choices should be prefetched."""

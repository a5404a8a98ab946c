"""判断: right or wrong, in the order people expect, 正确 before 错误."""

from collections.abc import Sequence
from random import Random

from django.utils.translation import gettext_lazy as _

from certification.models import Choice
from certification.questions.errors import BadQuestion
from certification.questions.kinds.base import Draft
from certification.questions.kinds.choices import ChoiceKind


class TrueFalse(ChoiceKind):
    """One of two answers is chosen; they are never shuffled."""

    key = "judge"
    label = _("Right or wrong")
    order = 30
    may_keep_places = False

    def check(self, draft: Draft) -> None:
        """Exactly two answers, one of them right."""
        if len(draft.options) > 2:
            raise BadQuestion(BadQuestion.JUDGE_HAS_TWO)
        super().check(draft)

    def arrange(self, choices: Sequence[Choice], random: Random) -> list[int]:
        """Keep the order written."""
        return [choice.pk for choice in choices]


KIND = TrueFalse()

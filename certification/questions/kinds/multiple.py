"""多选: several right answers; all of them and nothing else count."""

from django.utils.translation import gettext_lazy as _

from certification.questions.errors import BadQuestion
from certification.questions.kinds.choices import ChoiceKind


class MultipleChoice(ChoiceKind):
    """Several answers are chosen."""

    key = "multi"
    label = _("Several right answers")
    order = 20
    takes_several = True

    def check_right(self, right: int) -> None:
        """At least two."""
        if right < 2:
            raise BadQuestion(BadQuestion.SEVERAL_RIGHT)


KIND = MultipleChoice()

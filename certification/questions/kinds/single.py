"""单选: one right answer among several."""

from django.utils.translation import gettext_lazy as _

from certification.questions.kinds.choices import ChoiceKind


class SingleChoice(ChoiceKind):
    """One answer is chosen."""

    key = "single"
    label = _("One right answer")
    order = 10


KIND = SingleChoice()

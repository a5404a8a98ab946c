"""Forms: an evaluation, the outcome of a complaint, a review of the effect."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from courses.models import Evaluation
from courses.models.evaluations import ASPECTS

SCALE = [
    ("5", gettext_lazy("5 very good")),
    ("4", gettext_lazy("4 good")),
    ("3", gettext_lazy("3 fair")),
    ("2", gettext_lazy("2 poor")),
    ("1", gettext_lazy("1 bad")),
]


def _number(label: Any, *, required: bool = False) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=SCALE, coerce=int, empty_value=None, required=required, widget=forms.RadioSelect
    )


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=1000, required=False, widget=widget, help_text=help_text)


class EvaluationForm(forms.Form):
    """What somebody thinks of a session."""

    remark = _text(gettext_lazy("What was good, what should change?"))
    complaint = _text(
        gettext_lazy("A complaint"),
        gettext_lazy("Goes to the manager of the branch, not to the trainer. Write your name if you want an answer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for aspect in ASPECTS:
            self.fields[aspect] = _number(Evaluation._meta.get_field(aspect).verbose_name)
        self.order_fields(ASPECTS)

    def scores(self) -> dict[str, int | None]:
        """Return the numbers that were chosen."""
        return {aspect: self.cleaned_data[aspect] for aspect in ASPECTS}


class OutcomeForm(forms.Form):
    """What was done about a complaint."""

    outcome = forms.CharField(label=gettext_lazy("What was done"), max_length=500)


class ReviewForm(forms.Form):
    """What a training brought somebody."""

    applies = _number(gettext_lazy("Uses what was taught at work"), required=True)
    alone = _number(gettext_lazy("Does the work without help"), required=True)
    remark = _text(gettext_lazy("What is still missing?"))

"""Rows of the further meetings of a session, and the rule by which they are repeated."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.formsets import formset_factory
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.sessions.meetings.domain import MOST, MeetingPlan
from courses.sessions.wording import written_span
from portal.ui.fields import MOMENT_FORMAT, MomentField

PREFIX = "more"
COUNT = f"{PREFIX}-TOTAL_FORMS"


def place_field() -> forms.CharField:
    """Return the field of a training place; the page offers the names of those on record."""
    widget = forms.TextInput(attrs={"list": "places", "autocomplete": "off"})
    return forms.CharField(label=gettext_lazy("Training place"), max_length=160, widget=widget)


def break_field() -> forms.IntegerField:
    """Return the field of the minutes of breaks."""
    return forms.IntegerField(label=gettext_lazy("Minutes of breaks"), min_value=0, max_value=600, initial=60)


def check_breaks(form: forms.Form, facts: dict[str, Any]) -> None:
    """Say at the field of the breaks that they leave no time to teach."""
    start, end, minutes = facts.get("starts_at"), facts.get("ends_at"), facts.get("break_minutes")
    if start and end and minutes is not None and dt.timedelta() < end - start <= dt.timedelta(minutes=minutes):
        form.add_error("break_minutes", _("The breaks fill the whole time: nothing would be taught."))


class MeetingRow(forms.Form):
    """A further meeting."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    starts_at = MomentField(label=gettext_lazy("Starts"))
    ends_at = MomentField(label=gettext_lazy("Ends"))
    break_minutes = break_field()
    place = place_field()

    def clean(self) -> dict[str, Any]:
        """Check that the end is after the start and that the breaks leave time, with the error at the field."""
        facts = super().clean()
        start, end = facts.get("starts_at"), facts.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("A meeting must end after it begins."))
        check_breaks(self, facts)
        return facts

    def plan(self) -> MeetingPlan:
        """Return the meeting as it was filled in."""
        names = ("key", "starts_at", "ends_at", "break_minutes", "place")
        return MeetingPlan(**{name: self.cleaned_data[name] for name in names})


class _MeetingRows(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Say what taking a row out is called."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this meeting out")

    def plans(self) -> list[MeetingPlan]:
        """Return the meetings that are wanted."""
        rows = [row for row in self.forms if row not in self.deleted_forms]
        return [row.plan() for row in rows if row.cleaned_data.get("starts_at")]


MeetingRows = formset_factory(
    MeetingRow,
    formset=_MeetingRows,
    extra=0,
    can_delete=True,
    max_num=MOST - 1,
    absolute_max=MOST - 1,
    validate_max=True,
)


def row_of(plan: MeetingPlan) -> dict[str, Any]:
    """Return what a row shows of a meeting."""
    names = ("key", "starts_at", "ends_at", "break_minutes", "place")
    return {name: getattr(plan, name) for name in names}


def lines_of(plans: Sequence[MeetingPlan]) -> str:
    """Write meetings a line each, to compare two states of a session."""
    ordered = sorted(plans, key=lambda plan: plan.starts_at)
    return "\n".join(f"{written_span(plan)}，{plan.place}（{plan.break_minutes}）" for plan in ordered) or "—"


class RepeatForm(forms.Form):
    """Every week on some weekdays, so many times more."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Every week on"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    count = forms.IntegerField(
        label=gettext_lazy("Further meetings"),
        min_value=1,
        max_value=MOST - 1,
        help_text=gettext_lazy("Public holidays on record are skipped; look the meetings through before you save."),
    )


def with_rows(data: Any, plans: Sequence[MeetingPlan]) -> Any:
    """Return what was posted with rows for more meetings behind those it has, as if somebody had typed them."""
    data = data.copy()
    total = int(data[COUNT]) if str(data.get(COUNT, "")).isdecimal() else 0
    data.setdefault(f"{PREFIX}-INITIAL_FORMS", "0")
    for number, plan in enumerate(plans[: max(MOST - 1 - total, 0)], start=total):
        for name, value in row_of(plan).items():
            data[f"{PREFIX}-{number}-{name}"] = _typed(value)
        data[COUNT] = str(number + 1)
    return data


def _typed(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime(MOMENT_FORMAT)
    return "" if value is None else str(value)

"""Forms of projects and plans: the project, a row of the grid, the schedule, the window of days."""

import datetime as dt
import re
from contextlib import suppress
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import PlanPeriod, PlanRow, Project, TrainingModule
from courses.plans.errors import ImpossibleRule
from courses.plans.generating import MOST_DAYS, Window
from courses.plans.permissions import places_to_serve
from courses.plans.visits import checked_rule
from courses.sessions.permissions import trainers_to_schedule
from courses.wording import minutes_of
from portal.access.dates import parse_day
from portal.enums import Tier
from portal.errors import ImpossibleDate
from portal.ui.fields import DayField

BETWEEN_DAYS = re.compile(r"[\n、,，;；]+")
WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


class ProjectForm(forms.ModelForm):
    """A customer's project."""

    class Meta:
        model = Project
        fields = [
            "code",
            "name",
            "customer",
            "organisation",
            "starts_on",
            "accepted_on",
            "warranty_until",
            "plan_title",
        ]
        field_classes = {"starts_on": DayField, "accepted_on": DayField, "warranty_until": DayField}

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_to_serve(person).order_by("path")
        self.fields["customer"].queryset = places.filter(tier=Tier.CUSTOMER)
        self.fields["organisation"].queryset = places.exclude(tier=Tier.CUSTOMER)

    def clean_code(self) -> str:
        """Refuse the code whose page would be the form of a new project."""
        code = self.cleaned_data["code"]
        if code == "new":
            raise self.instance.unique_error_message(Project, ("code",))
        return code


class RowForm(forms.ModelForm):
    """One row of the grid: lists are written as the table writes them, machines with 、 and content a line each."""

    machines = forms.CharField(label=_("Equipment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    topics = forms.CharField(label=_("Covering content"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    hours = forms.CharField(label=_("Hours"), max_length=10, widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    class Meta:
        model = PlanRow
        fields = ["category", "trainer", "place_and_trainees", "module"]

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self.fields["trainer"].queryset = trainers_to_schedule(person).order_by("name").distinct()
        self.fields["module"].queryset = TrainingModule.objects.filter(live=True).order_by("code")
        if row.pk:
            if row.trainer_id:
                self.fields["trainer"].queryset |= type(row.trainer).objects.filter(pk=row.trainer_id).distinct()
            self.initial |= {
                "machines": "\n".join(row.equipment),
                "topics": "\n".join(row.contents),
                "hours": row.hours,
            }

    def clean_hours(self) -> int:
        """Return minutes."""
        minutes = minutes_of(self.cleaned_data["hours"])
        if minutes is None:
            raise forms.ValidationError(_("This is no number of hours; write 8, 1.5 or 45 min."))
        return minutes

    def facts(self) -> dict[str, Any]:
        """Return the fields of the row."""
        data = self.cleaned_data
        return {
            "category": data["category"],
            "trainer": data["trainer"],
            "module": data["module"],
            "place_and_trainees": data["place_and_trainees"],
            "minutes": data["hours"],
            "equipment": _lines(data["machines"]),
            "contents": _lines(data["topics"]),
        }


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line for part in text.splitlines() if (line := " ".join(part.split()))))


class PeriodForm(forms.ModelForm):
    """One row of the schedule."""

    class Meta:
        model = PlanPeriod
        fields = ["name", "plan", "anchor", "after_days", "days", "rule"]
        widgets = {"plan": forms.Textarea(attrs={"rows": 2})}

    def clean_rule(self) -> str:
        """Refuse what is no recurrence."""
        try:
            return checked_rule(self.cleaned_data["rule"].strip().upper())
        except ImpossibleRule as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class BasePeriodFormSet(forms.BaseModelFormSet):
    """The rows of one project's schedule."""

    def clean(self) -> None:
        """Refuse two periods of one name, at the second."""
        super().clean()
        names: set[str] = set()
        for form in self.forms:
            facts = getattr(form, "cleaned_data", {})
            name = facts.get("name")
            if not name or facts.get("DELETE"):
                continue
            if name in names:
                form.add_error("name", self.get_form_error())
            names.add(name)


PeriodFormSet = forms.modelformset_factory(PlanPeriod, PeriodForm, formset=BasePeriodFormSet, extra=2, can_delete=True)


class WindowForm(forms.Form):
    """The days in which sessions may be held."""

    first = DayField(label=_("From"))
    last = DayField(label=_("To"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=WEEKDAYS,
        coerce=int,
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
    )
    closed = forms.CharField(
        label=_("Days on which nothing is held"),
        required=False,
        help_text=_("Beside the public holidays on record, one a line as 2026-10-01."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.CharField(label=_("Training place"), required=False, max_length=160)

    def clean_closed(self) -> list[dt.date]:
        """Return the days."""
        return [day for part in BETWEEN_DAYS.split(self.cleaned_data["closed"]) for day in _days(part)]

    def clean(self) -> dict[str, Any]:
        """Refuse an empty or endless window."""
        data = super().clean() or {}
        if (first := data.get("first")) and (last := data.get("last")) and not 0 <= (last - first).days < MOST_DAYS:
            self.add_error("last", _("The last day lies before the first one, or the window is longer than two years."))
        return data

    def window(self) -> Window:
        """Return the window."""
        data = self.cleaned_data
        return Window(
            first=data["first"], last=data["last"], weekdays=tuple(data["weekdays"]), closed=tuple(data["closed"])
        )


def _days(part: str) -> list[dt.date]:
    """Return the day of a line, which may have spaces in it, or the days with spaces between them."""
    with suppress(ImpossibleDate):
        return [parse_day(part)] if part.strip() else []
    days = []
    for word in part.split():
        try:
            days.append(parse_day(word))
        except ImpossibleDate as error:
            raise forms.ValidationError(_("“%(line)s” is no day.") % {"line": word[:20]}) from error
    return days

"""The form that moves a meeting in the schedule."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from courses.models import Meeting
from courses.sessions.permissions import trainers_to_schedule
from courses.sessions.scheduling.moving import place_in_schedule
from portal.models import Person
from portal.ui.fields import DayField
from portal.ui.stale import SeenVersionForm


class MoveForm(SeenVersionForm):
    """Where a meeting is moved to; the fields a drag fills in."""

    day = DayField(label=gettext_lazy("Day"))
    time = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    trainer = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Taught by"))
    place = forms.CharField(
        label=gettext_lazy("Training place"),
        max_length=160,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: Person, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, initial=place_in_schedule(meeting), **kwargs)
        trainers = trainers_to_schedule(person) | Person.objects.filter(pk=meeting.session.trainer_id)
        self.fields["trainer"].queryset = trainers.distinct().order_by("name")
        self.meeting = meeting
        self.stamp()

    def versioned_content(self) -> dict[str, Any]:
        """Return what cards of the schedule are stamped with as well."""
        return place_in_schedule(self.meeting)

    def facts(self) -> dict[str, Any]:
        """Return what ``move_session`` takes."""
        data = self.cleaned_data
        starts_at = timezone.make_aware(dt.datetime.combine(data["day"], data["time"]))
        return {
            "meeting": self.meeting,
            "starts_at": starts_at,
            "trainer": data["trainer"],
            "place": data["place"],
            "seen": data["seen_version"],
        }

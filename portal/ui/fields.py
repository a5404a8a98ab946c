"""Form fields for days and moments, read by ``portal.access.dates`` on pages and in the Wagtail admin alike."""

import datetime as dt
from contextlib import suppress
from typing import Any, Literal

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import DateFilter, DateFromToRangeFilter, DateTimeFilter
from django_filters.fields import DateRangeField
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from portal.access.dates import end_of_day, is_whole_day, parse_day, parse_moment, start_of_day
from portal.errors import ImpossibleDate, ImpossibleMoment

DAY_FORMAT = "%Y-%m-%d"
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
# Moments of the admin that bound when a record is open, by the name they have everywhere: a day alone is meant whole.
BOUNDS = {"go_live_at": "start", "opens_at": "start", "expire_at": "end", "closes_at": "end"}


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format=DAY_FORMAT)


class MomentInput(forms.DateTimeInput):
    """The device's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format=MOMENT_FORMAT)


class DayField(forms.DateField):
    """A day, however it is written."""

    widget = DayInput

    def to_python(self, value: Any) -> dt.date | None:
        """Return the day.

        Raises:
            ValidationError: no calendar has it.
        """
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value.strip() if isinstance(value, str) else value)
        try:
            return parse_day(value)
        except ImpossibleDate as error:
            raise forms.ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Return what was typed as a day, which a browser's date field needs; what is none stays as it was typed."""
        if not isinstance(value, str) or not value.strip():
            return value
        with suppress(ImpossibleDate):
            return parse_day(value)
        return value


class AdminDayField(DayField):
    """A day in the Wagtail admin, with its picker."""

    widget = AdminDateInput


class MomentField(forms.DateTimeField):
    """A day with a time, however they are written.

    Args:
        day_means: where the moment is a bound, what a day alone stands for: its start or its end in the organisation's
            zone; otherwise its time must be there too.
    """

    widget = MomentInput

    def __init__(self, *, day_means: Literal["start", "end"] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day_means = day_means

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the aware moment.

        Raises:
            ValidationError: it cannot be read, or its time is missing.
        """
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value.strip() if isinstance(value, str) else value)
        if is_whole_day(value) and self.day_means is None:
            raise forms.ValidationError(_("Add the time of day, for example 08:30."), code="no_time")
        try:
            return self._read(value)
        except ImpossibleMoment as error:
            raise forms.ValidationError(str(error), code="invalid") from error

    def _read(self, value: str) -> dt.datetime:
        moment = parse_moment(value)
        day = timezone.localdate(moment)
        if self.day_means == "start" and is_whole_day(value):
            return start_of_day(day)
        # Pickers know no seconds: the end of a day comes back from them as 23:59.
        last_minute = self.day_means == "end" and end_of_day(day) - moment < dt.timedelta(minutes=1)
        return end_of_day(day) if last_minute else moment

    def prepare_value(self, value: Any) -> Any:
        """Return what was typed as a moment of the organisation's zone; what is none stays as it was typed."""
        if isinstance(value, str) and value.strip() and (self.day_means or not is_whole_day(value)):
            with suppress(ImpossibleMoment):
                value = self._read(value)
        return super().prepare_value(value)


class SinceField(MomentField):
    """A moment in a filter: a day alone means its start."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"day_means": "start"} | kwargs)


class DayRangeField(DateRangeField):
    """From a day to a day, both included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = (DayField(required=False), DayField(required=False))


class DayRangeFilter(DateFromToRangeFilter):
    """Narrows a report of the Wagtail admin to days; the last one counts to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": DateRangePickerWidget} | kwargs)


def use_in_admin() -> None:
    """Make the fields those of the forms that the Wagtail admin builds of panels, and of its filters.

    A form class with a ``Meta`` of its own is built by Django and names its fields in ``field_classes``.
    """
    day: dict[str, Any] = {"form_class": AdminDayField, "widget": AdminDateInput}
    register_form_field_override(models.DateField, override=day)
    register_form_field_override(models.DateTimeField, override=_admin_moment)
    DateFilter.field_class = DayField
    DateTimeFilter.field_class = SinceField
    DateFromToRangeFilter.field_class = DayRangeField


def _admin_moment(field: models.DateTimeField) -> dict[str, Any]:
    return {"form_class": MomentField, "widget": AdminDateTimeInput, "day_means": BOUNDS.get(field.name)}

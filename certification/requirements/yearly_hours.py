"""年度继续教育学时: so many hours of training every year, on the day of duty too."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.actions import Action
from certification.enums import Stage, TakenOverKind, Year
from certification.models import Requirement, TakenOver
from certification.requirements.base import Asked, RowKind, day_text
from certification.requirements.rows import PEOPLE, Row, rows_of
from certification.requirements.seats import SeatFinder
from courses.models import HourCredit
from portal.registry.duty import Reason
from portal.templatetags.portal_format import hours


class YearlyReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    MET = "yearly_hours_met"
    MISSING = "yearly_hours_missing"


class Lesson(NamedTuple):
    """Minutes of a day, of any module."""

    day: dt.date
    recorded_at: dt.datetime
    withdrawn_at: dt.datetime | None
    minutes: int

    def is_known(self, known_at: dt.datetime) -> bool:
        """Whether it was on record at that moment."""
        return self.recorded_at <= known_at and not (self.withdrawn_at and self.withdrawn_at <= known_at)


class YearlyHoursKind(RowKind):
    """Hours of a year, of whatever module; what is loaded are all of them.

    What a year is, the scheme says. In a calendar year the hours of the year before count until it has ended: whoever
    did theirs last year is not refused on the first of January.
    """

    key = "yearly_hours"
    label = gettext_lazy("Training hours every year")
    order = 45
    codes = frozenset(YearlyReason.values)
    is_in_house = False

    def parameter_fields(self) -> dict[str, forms.Field]:
        """How many hours."""
        return {
            "minutes": forms.IntegerField(
                min_value=1,
                max_value=60 * 500,
                label=gettext_lazy("Minutes a year (training hours every year)"),
                help_text=gettext_lazy("60 is one hour (小时). What a year is, the scheme says."),
            )
        }

    def clean(self, requirement: Requirement) -> None:
        """Some minutes are asked for."""
        super().clean(requirement)
        if not isinstance(requirement.parameters.get("minutes"), int):
            raise ValidationError({"kind": _("Say how many minutes of training a year are asked for.")})

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The credits."""
        found = self.where_asked(HourCredit.objects.filter(person__in=PEOPLE), of_schemes=of_schemes)
        return rows_of(found, self.key, "module_id", days=["earned_on"], moments=["recorded_at"], numbers=["minutes"])

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """Hours of before the portal."""
        found = TakenOver.objects.filter(person__in=PEOPLE, kind=TakenOverKind.HOURS)
        narrowed = self.where_asked(found, of_schemes=of_schemes)
        moments = ["recorded_at", "withdrawn_at"]
        return [rows_of(narrowed, self.key, "module_id", days=["on"], moments=moments, numbers=["minutes"])]

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, list[Lesson]]:
        """All of them."""
        found: dict[int, list[Lesson]] = {pk: [] for pk in person_ids}
        for row in rows:
            day, moment = cast("dt.date", row.day_1), cast("dt.datetime", row.moment_1)
            found[row.person].append(Lesson(day, moment, row.moment_2, row.number_1 or 0))
        return found

    def is_untouched(self, requirement: Requirement, shown: list[Lesson]) -> bool:
        """Whether nothing at all is on record."""
        return not shown

    def judge(self, requirement: Requirement, shown: list[Lesson], asked: Asked) -> Reason:
        """Add up the hours of the year that ends that day, or of the calendar year and the one before."""
        wanted = requirement.parameters["minutes"]
        first = asked.year_began
        known = [lesson for lesson in shown if lesson.is_known(asked.known_at) and lesson.day <= asked.on]
        done = sum(lesson.minutes for lesson in known if lesson.day >= first)
        if asked.year == Year.CALENDAR and done < wanted:
            before = first.replace(year=first.year - 1)
            last = sum(lesson.minutes for lesson in known if before <= lesson.day < first)
            # A first grant of this year or the last asks for nothing of a year that was not whole.
            is_new = asked.held_since is not None and asked.held_since >= before
            if last >= wanted or is_new:
                return self._met(requirement, max(last, done), wanted, before)
        elif asked.held_since is not None and asked.held_since >= first and done < wanted:
            return self._met(requirement, done, wanted, first)
        if done >= wanted:
            return self._met(requirement, done, wanted, first)
        facts = {"done": hours(done), "wanted": hours(wanted), "missing": hours(wanted - done), "day": day_text(first)}
        message = _("Yearly hours missing: %(missing)s more (%(done)s of %(wanted)s since %(day)s)") % facts
        params = {"done": done, "wanted": wanted, "since": first.isoformat()}
        return self.reason(requirement, YearlyReason.MISSING, message, met=False, **params)

    def _met(self, requirement: Requirement, done: int, wanted: int, first: dt.date) -> Reason:
        facts = {"done": hours(done), "wanted": hours(wanted), "day": day_text(first)}
        message = _("Yearly hours: %(done)s since %(day)s, %(wanted)s a year") % facts
        params = {"done": done, "wanted": wanted, "since": first.isoformat()}
        return self.reason(requirement, YearlyReason.MET, message, met=True, **params)

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """It does not lead to the grant."""
        return Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """The courses."""
        message, url = self.way_out(reason)
        return message, Action(_("See the courses"), url)

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """The courses."""
        return _("Any course counts; book a seat in one."), reverse("courses:catalogue")


KIND = YearlyHoursKind()

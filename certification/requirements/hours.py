"""学时: credited minutes of a training module."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast

from django.db import models
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel

from certification.actions import Action
from certification.models import Requirement, Scheme
from certification.requirements.base import Asked, RowKind
from certification.requirements.rows import PEOPLE, Row, rows_of
from certification.requirements.seats import SeatFinder
from certification.requirements.taken_over import (
    Shown,
    asked_for_by,
    begun,
    nothing_shown,
    read_taken_over,
    taken_over_rows,
)
from courses.enums import EnrolmentState
from courses.models import HourCredit
from courses.sessions.wording import written_time
from portal.registry.duty import Reason
from portal.templatetags.portal_format import hours


class HoursReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    MET = "hours_met"
    MISSING = "hours_missing"


class Credit(NamedTuple):
    """Minutes credited on a day, or the difference a correction of the attendance made.

    Args:
        first_at: when the attendance was first credited: a difference counts in the round of what it corrects.
    """

    day: dt.date
    recorded_at: dt.datetime
    first_at: dt.datetime
    minutes: int

    def counts(self, asked: Asked) -> bool:
        """Whether it counts for the question."""
        return self.recorded_at <= asked.known_at and asked.counts(self.day, self.first_at)


Credits = Shown[Credit]


class HoursKind(RowKind):
    """Training hours; what is loaded are the credits by module."""

    key = "hours"
    label = gettext_lazy("Training hours")
    order = 10
    fields = ("module", "minutes")
    constraint = Q(module__isnull=False, minutes__gt=0)
    codes = frozenset(HoursReason.values)
    precedes_quiz = True
    proof_params = ("module", "done", "taken_over")

    def panels(self) -> list[Panel]:
        """Module and minutes."""
        return [FieldRowPanel([FieldPanel("module"), FieldPanel("minutes")])]

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The credits."""
        return self.rows_about(self.key, self.asked_for(of_schemes=of_schemes))[0]

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """What was shown before the portal."""
        return self.rows_about(self.key, self.asked_for(of_schemes=of_schemes))[1:]

    def rows_about(self, source: str, named: Mapping[str, Any]) -> list[QuerySet[Any]]:
        """Return the queries of what was shown of modules, for any kind that asks for some: the credits come first.

        Args:
            named: the filter of the modules.
        """
        credits = HourCredit.objects.filter(person__in=PEOPLE, **named)
        first_at = Coalesce("corrects__recorded_at", "recorded_at")
        days, moments = ["earned_on"], ["recorded_at", first_at]
        credited = rows_of(credits, source, "module_id", days=days, moments=moments, numbers=["minutes"])
        return [credited, taken_over_rows(self.key, named, source)]

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Credits]:
        """By module, in the order in which they were recorded."""
        found: dict[int, Credits] = nothing_shown(person_ids)
        for row in sorted(read_taken_over(found, rows), key=lambda row: (row.moment_1, row.key)):
            found[row.person][row.subject].append(
                Credit(
                    cast("dt.date", row.day_1),
                    cast("dt.datetime", row.moment_1),
                    cast("dt.datetime", row.moment_2),
                    row.number_1 or 0,
                )
            )
        return found

    def is_untouched(self, requirement: Requirement, shown: Credits) -> bool:
        """Nothing on record."""
        return not shown.has(requirement.module_id)

    def judge(self, requirement: Requirement, shown: Credits, asked: Asked) -> Reason:
        """Add up the minutes of the round."""
        module, wanted = requirement.module, requirement.minutes
        if module is None or wanted is None:
            raise ValueError(f"{requirement} names no module")
        taken = [each for each in shown.taken.get(module.pk, ()) if each.counts(asked)]
        done = sum(credit.minutes for credit in shown.get(module.pk, ()) if credit.counts(asked))
        done += sum(each.number for each in taken)
        facts = {"module": module.title, "done": hours(done), "wanted": hours(wanted)}
        params: dict[str, Any] = {
            "module": module.code,
            "done": done,
            "wanted": wanted,
            "missing": max(wanted - done, 0),
        }
        if taken:
            params["taken_over"] = [each.pk for each in taken]
        if done >= wanted:
            message = _("%(module)s: %(done)s of %(wanted)s done") % facts
            return self.reason(requirement, HoursReason.MET, message, met=True, **params)
        message = _("Hours missing: %(missing)s more of %(module)s (%(done)s of %(wanted)s done)") % (
            facts | {"missing": hours(wanted - done)}
        )
        return self.reason(requirement, HoursReason.MISSING, message, met=False, **params)

    def begun_by(self, person: Model) -> Q:
        """Hours were credited."""
        credits = HourCredit.objects.filter(person=person)
        return Q(requirements__module__in=credits.order_by().values("module")) | begun(self.key, person)

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """Hours were credited."""
        shown = self.in_round(HourCredit.objects.all(), schemes, "recorded_at")
        return shown.union(asked_for_by(schemes, self.key))

    def has_begun(self, reason: Reason) -> bool:
        """Some minutes were credited."""
        return bool(reason.params["done"])

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """The seat one has, else the next session with a free one."""
        module = reason.params["module"]
        booked: Any = seats.booked(module)
        if booked is None:
            return _next_seat(module, seats)
        facts = {"when": written_time(booked), "place": booked.place}
        text = (
            _("You have a seat: %(when)s, %(place)s")
            if booked.own_state == EnrolmentState.SEATED
            else _("You are on the waitlist: %(when)s, %(place)s")
        )
        return text % facts, Action(_("See the session"), booked.get_absolute_url())

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """The course, where seats are booked."""
        address = reverse("courses:module", args=[reason.params["module"]])
        return _("Book a seat in a session of this course."), address

    def hint_for_another(self, reason: Reason, seats: SeatFinder) -> str:
        """Where a seat is free; what was booked is the person's own affair."""
        module = reason.params["module"]
        return "" if seats.booked(module) else _next_seat(module, seats)[0]

    def minutes(self, reason: Reason) -> int:
        """Minutes done."""
        done: Any = reason.params["done"]
        return int(done)


def _next_seat(module: str, seats: SeatFinder) -> tuple[str, Action]:
    session: Any = seats.session(module)
    if session is None:
        url = reverse("courses:module", args=[module])
        return _("No session has a free seat at present."), Action(_("See the course"), url)
    facts = {"when": written_time(session), "place": session.place, "seats": session.free_seats}
    detail = _("Next session with a seat: %(when)s, %(place)s, %(seats)s left") % facts
    return detail, Action(_("Book a seat"), session.get_absolute_url())


KIND = HoursKind()

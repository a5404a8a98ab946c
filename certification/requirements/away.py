"""离岗复核: after so many months without practice on the equipment, the practical again before the next day of duty."""

import datetime as dt
from itertools import pairwise
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.actions import Action
from certification.models import Requirement
from certification.requirements.base import Asked, RequirementKind, day_text
from certification.requirements.practical import KIND as PRACTICAL
from certification.requirements.recent_practice import Job, RecentPracticeKind, is_on, scopes_of
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason


class AwayReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    SHORT = "away_short"
    RECHECK = "away_recheck_missing"


class AwayKind(RecentPracticeKind):
    """A practical after a time away; what is loaded are the jobs, as for recent practice.

    Somebody was away when no job on the equipment of the scheme lies within so many months of the one before, or of the
    first day of the qualification. A practical passed since then ends it; other work does not.
    """

    key = "away"
    label = gettext_lazy("Practical after months away")
    order = 47
    fields = ("checklist",)
    constraint = Q(checklist__isnull=False)
    codes = frozenset(AwayReason.values)

    def parameter_fields(self) -> dict[str, forms.Field]:
        """After how many months."""
        return {
            "months": forms.IntegerField(
                min_value=1, max_value=60, label=gettext_lazy("Months without practice (practical after months away)")
            )
        }

    def clean(self, requirement: Requirement) -> None:
        """The checklist and the months."""
        RequirementKind.clean(self, requirement)
        if not isinstance(requirement.parameters.get("months"), int):
            raise ValidationError({"kind": _("Say after how many months away the practical is asked for again.")})

    def judge(self, requirement: Requirement, shown: list[Job], asked: Asked) -> Reason:
        """Look for the last time away, and for a practical since."""
        checklist, months = requirement.checklist, requirement.parameters["months"]
        if checklist is None:
            raise ValueError(f"{requirement} names no checklist")
        params: dict[str, Any] = {"months": months}
        scopes, began = scopes_of(requirement.scheme), asked.held_since
        jobs = [job for job in shown if job.recorded_at <= asked.known_at and is_on(scopes, job)]
        away_since = began and _away_since(began, [job.day for job in jobs], months, asked.on)
        if away_since is None:
            last = max((job.day for job in jobs if job.day <= asked.on), default=None)
            params["last"] = last.isoformat() if last else ""
            message = _("Not away for so long that the practical is due again")
            return self.reason(requirement, AwayReason.SHORT, message, met=True, **params)
        due = away_since + relativedelta(months=months)
        again = [job.day for job in jobs if job.checklist == checklist.pk and due <= job.day <= asked.on]
        facts = {"checklist": checklist.title, "since": day_text(away_since)}
        params |= {"checklist": checklist.code, "away_since": away_since.isoformat()}
        if again:
            facts["day"] = day_text(min(again))
            message = _("%(checklist)s passed on %(day)s after time away since %(since)s") % facts
            return self.reason(requirement, AwayReason.SHORT, message, met=True, **params)
        facts["time"] = ngettext("%(number)d month", "%(number)d months", months) % {"number": months}
        message = _("No practice since %(since)s, longer than %(time)s: %(checklist)s must be shown again") % facts
        return self.reason(requirement, AwayReason.RECHECK, message, met=False, **params)

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Whom to ask."""
        return PRACTICAL.hint(reason, seats)

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """Whom to ask."""
        return PRACTICAL.way_out(reason)


def _away_since(began: dt.date, days: list[dt.date], months: int, on: dt.date) -> dt.date | None:
    """Return the last day of practice before the latest time away until ``on``; None where there was none."""
    practised = sorted({began, *(day for day in days if began < day <= on)})
    found = None
    for day, following in pairwise([*practised, on]):
        if following >= day + relativedelta(months=months):
            found = day
    return found


KIND = AwayKind()

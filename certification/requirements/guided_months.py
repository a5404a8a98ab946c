"""师带徒月数: months of work under guidance for the scheme."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.models import Guidance, Requirement, Scheme
from certification.requirements.base import Action, Asked, RowKind
from certification.requirements.guidances import Guided, guidance_rows, guided_of
from certification.requirements.rows import PEOPLE, SCHEMES, Row
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason


class GuidedReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    ENOUGH = "guided_months_enough"
    MISSING = "guided_months_missing"


class GuidedMonthsKind(RowKind):
    """Days under guidance, together so many months; what is loaded are the guidances of everybody.

    Two guides at once count once. Days still to come do not count.
    """

    key = "guided_months"
    label = gettext_lazy("Months under guidance")
    order = 28
    codes = frozenset(GuidedReason.values)
    proof_params = ("days", "guidances")

    def parameter_fields(self) -> dict[str, forms.Field]:
        """How many months."""
        return {"months": forms.IntegerField(min_value=1, max_value=60, label=gettext_lazy("Months under guidance"))}

    def clean(self, requirement: Requirement) -> None:
        """At least one month."""
        super().clean(requirement)
        if not isinstance(requirement.parameters.get("months"), int):
            raise ValidationError({"kind": _("Say how many months under guidance are asked for.")})

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The guidances for schemes that ask for months."""
        asked = Requirement.objects.filter(kind=self.key)
        if of_schemes:
            asked = asked.filter(scheme__in=SCHEMES)
        found = Guidance.objects.filter(learner__in=PEOPLE, scheme__in=asked.order_by().values("scheme"))
        return guidance_rows(found, self.key)

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, list[Guided]]:
        """All of them, by their first day."""
        found: dict[int, list[Guided]] = {pk: [] for pk in person_ids}
        for row in sorted(rows, key=lambda row: (row.day_1 or dt.date.min, row.key)):
            found[row.person].append(guided_of(row))
        return found

    def judge(self, requirement: Requirement, shown: list[Guided], asked: Asked) -> Reason:
        """Add up the days until the day asked about, each once."""
        wanted: int = requirement.parameters["months"]
        own = [each for each in shown if each.scheme == requirement.scheme_id and each.recorded_at <= asked.known_at]
        first = asked.since_day
        days: set[int] = set()
        for each in own:
            start = max(each.starts_on, first + dt.timedelta(days=1)) if first else each.starts_on
            last = min(each.last_day(asked.known_at), asked.on)
            days.update(range(start.toordinal(), last.toordinal() + 1))
        # So many months back from the day: a month has as many days as it has there.
        needed = (asked.on - (asked.on - relativedelta(months=wanted))).days
        params: dict[str, Any] = {"days": len(days), "needed": needed, "months": wanted}
        facts = {"done": len(days), "months": wanted, "needed": needed}
        if len(days) >= needed:
            params["guidances"] = [each.key for each in own]
            message = _("Worked under guidance for %(done)s days (%(months)s months asked for)") % facts
            return self.reason(requirement, GuidedReason.ENOUGH, message, met=True, **params)
        message = _("Months under guidance missing: %(done)s of %(needed)s days (%(months)s months)") % facts
        return self.reason(requirement, GuidedReason.MISSING, message, met=False, **params)

    def has_begun(self, reason: Reason) -> bool:
        """Some days have passed."""
        return bool(reason.params["days"])

    def begun_by(self, person: Model) -> Q:
        """Somebody was named to guide."""
        return Q(guidances__in=Guidance.objects.filter(learner=person).order_by().values("pk"))

    def began(self, scheme: Scheme) -> QuerySet[Any]:
        """Somebody was named to guide."""
        return Guidance.objects.filter(scheme=scheme).order_by().values("learner")

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Who names a guide."""
        message, url = self.way_out(reason)
        return message, Action(_("See who guides whom"), url)

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """Who names a guide."""
        return _("Ask your manager to name a qualified person to work under."), reverse("certification:guidance")


KIND = GuidedMonthsKind()

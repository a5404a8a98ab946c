"""师带徒月数: months of work under guidance for the scheme."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, F, IntegerField, Model, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.actions import Action
from certification.ledger.standing import facts_known, standing_under
from certification.models import Guidance, Requirement, Scheme
from certification.models.schemes import is_above
from certification.requirements.base import Asked, RowKind
from certification.requirements.evidence import Entry, entry_of
from certification.requirements.guidances import Guided, guidance_rows, guided_of
from certification.requirements.rows import PEOPLE, SCHEMES, Row, flag, rows_of
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason


class GuidedReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    ENOUGH = "guided_months_enough"
    MISSING = "guided_months_missing"


# What marks a row of the ledger among those of guidances.
_ENTRY = "entry of the guide"


class Guidances(list[Guided]):
    """Somebody's guidances, with what the ledger says of who guides by key of the guidance, scheme by scheme.

    A guide holds the scheme or a higher level of its track, each with its days of grace.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[int, dict[Scheme, list[Entry]]] = defaultdict(dict)


class GuidedMonthsKind(RowKind):
    """Days under guidance, together so many months; what is loaded are the guidances with the ledger of who guides.

    Two guides at once count once. Days still to come do not count, nor days on which the guide was not qualified.
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
        return guidance_rows(self._asked(of_schemes=of_schemes), self.key)

    def _asked(self, *, of_schemes: bool) -> QuerySet[Guidance]:
        asked = Requirement.objects.filter(kind=self.key)
        if of_schemes:
            asked = asked.filter(scheme__in=SCHEMES)
        return Guidance.objects.filter(learner__in=PEOPLE, scheme__in=asked.order_by().values("scheme"))

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """What the ledger says of who guides, a row for each guidance and entry."""
        doing = Q(guide__ledger__scheme=F("scheme")) | is_above("guide__ledger__scheme", "scheme")
        found = self._asked(of_schemes=of_schemes).filter(doing)
        entries = rows_of(
            found,
            self.key,
            "pk",
            person="learner_id",
            key="guide__ledger__pk",
            days=["guide__ledger__valid_from", "guide__ledger__valid_to"],
            moments=["guide__ledger__recorded_at"],
            numbers=[
                "guide__ledger__corrects_id",
                flag("guide__ledger__is_void"),
                Value(None, output_field=IntegerField()),
                "guide__ledger__scheme_id",
                "guide__ledger__scheme__grace_days",
            ],
            # No number of a version, no certificate: what is printed of a grant is not needed here.
            texts=["guide__ledger__kind", "guide__ledger__reason", Value(_ENTRY, output_field=CharField())],
        )
        return [entries]

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Guidances]:
        """All of them, by their first day."""
        found = {pk: Guidances() for pk in person_ids}
        for row in sorted(rows, key=lambda row: (row.day_1 or dt.date.min, row.key)):
            if row.text_3 == _ENTRY:
                scheme = Scheme(pk=row.number_4, grace_days=row.number_5 or 0)
                by_scheme = found[row.person].entries[row.subject]
                by_scheme.setdefault(scheme, []).append(entry_of(row._replace(text_3=None)))
            else:
                found[row.person].append(guided_of(row))
        return found

    def is_untouched(self, requirement: Requirement, shown: Guidances) -> bool:
        """Nothing on record."""
        return not shown

    def judge(self, requirement: Requirement, shown: Guidances, asked: Asked) -> Reason:
        """Add up the days until the day asked about, each once."""
        wanted: int = requirement.parameters["months"]
        own = [each for each in shown if each.scheme == requirement.scheme_id and each.recorded_at <= asked.known_at]
        first = asked.since_day
        days: set[int] = set()
        for each in own:
            start = max(each.starts_on, first + dt.timedelta(days=1)) if first else each.starts_on
            last = min(each.last_day(asked.known_at), asked.on)
            for scheme, entries in shown.entries[each.key].items():
                days.update(_qualified(scheme, entries, start, last, asked.known_at))
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

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any]:
        """Somebody was named to guide."""
        return Guidance.objects.filter(scheme__in=schemes).order_by().values("learner")

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Who names a guide."""
        message, url = self.way_out(reason)
        return message, Action(_("See who guides whom"), url)

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """Who names a guide."""
        return _("Ask your manager to name a qualified person to work under."), reverse("certification:guidance")


def _qualified(
    scheme: Scheme, entries: Sequence[Entry], first: dt.date, last: dt.date, known_at: dt.datetime
) -> Iterator[int]:
    """Yield the days on which the ledger says of somebody that they hold the qualification."""
    turns = {first}
    for fact in facts_known(entries, known_at):
        turns.add(fact.valid_from)
        if fact.valid_to:
            turns |= {fact.valid_to + dt.timedelta(days=after) for after in (1, scheme.grace_days + 1)}
    # The standing changes on these days only.
    begins = sorted(turn for turn in turns if first <= turn <= last)
    for begin, following in zip_longest(begins, begins[1:]):
        if standing_under(scheme, entries, begin, known_at).counts:
            yield from range(begin.toordinal(), following.toordinal() if following else last.toordinal() + 1)


KIND = GuidedMonthsKind()

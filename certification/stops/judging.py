"""What stops of work say about one question, from the rows read together with the schemes."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from certification.enums import ReasonCode
from certification.requirements.base import day_text
from portal.models import EquipmentModel
from portal.registry.duty import Reason


@dataclass(frozen=True)
class Stop:
    """A stop as the gate needs it; ``region`` is the path of the branch, empty for the whole network."""

    key: int
    category: str | None
    model: int | None
    region: str
    starts_on: dt.date
    recorded_at: dt.datetime
    reason: str
    resumes_on: dt.date | None
    lift_recorded_at: dt.datetime | None

    def bears_on(self, equipment: EquipmentModel, on: dt.date, known_at: dt.datetime) -> bool:
        """Whether the machine is stopped somewhere that day, by what was on record at ``known_at``."""
        if self.recorded_at > known_at or on < self.starts_on:
            return False
        if self.resumes_on and self.lift_recorded_at and self.lift_recorded_at <= known_at and on >= self.resumes_on:
            return False
        if self.category is None:
            return self.model == equipment.pk
        return equipment.category.is_within(self.category)

    def reaches(self, places: Collection[str]) -> bool:
        """Whether somebody who works at these places (paths of organisations) is in the region."""
        return not self.region or any(place.startswith(self.region) for place in places)

    def refusal(self) -> Reason:
        """Return why nobody works on it."""
        facts = {"day": day_text(self.starts_on), "reason": self.reason}
        message = _("All work on this equipment is stopped since %(day)s: %(reason)s") % facts
        params = {"stop": self.key, "since": self.starts_on.isoformat()}
        return Reason(ReasonCode.WORK_STOPPED.value, message, params=params)


def stops_from(rows: Sequence[Sequence[Any]]) -> tuple[Stop, ...]:
    """Read the rows of ``certification.schemes.loading``."""
    return tuple(
        Stop(key, category, model, region or "", _day(start), _moment(seen), reason, _day(resumes), _moment(lifted))
        for key, category, model, region, start, seen, reason, resumes, lifted in rows
    )


def _day(text: str | None) -> Any:
    return parse_date(text[:10]) if text else None


def _moment(text: str | None) -> Any:
    moment = parse_datetime(text) if text else None
    # SQLite keeps moments in UTC without saying so.
    return moment.replace(tzinfo=dt.UTC) if moment and moment.tzinfo is None else moment

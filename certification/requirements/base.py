"""Base class of requirement kinds: fields, evidence, reasons and hints."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from certification.actions import Action
from certification.enums import EntryKind, Stage, Year
from certification.kinds import requirement_kinds
from certification.models import LedgerEntry, Requirement, Scheme
from certification.requirements.rows import SCHEMES, Row
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason

# Entries after which evidence must be shown anew.
TURNING = (EntryKind.GRANTED, EntryKind.RENEWED, EntryKind.REVOKED)


@dataclass(frozen=True)
class Asked:
    """The question put to the evidence.

    Args:
        on: the day it must count on.
        known_at: what was recorded later does not count.
        since: what was recorded until then belongs to an earlier round; None in the first one.
        since_day: the first day of the grant that began the round; None in the first one.
        year: what the scheme calls a year.
        held_since: the first day of the first grant; None for who was never granted it.
    """

    on: dt.date
    known_at: dt.datetime
    since: dt.datetime | None = None
    since_day: dt.date | None = None
    year: str = Year.ROLLING
    held_since: dt.date | None = None

    def counts(self, day: dt.date, recorded_at: dt.datetime) -> bool:
        """Whether something of ``day``, recorded at that moment, counts."""
        is_of_round = self.since is None or recorded_at > self.since
        return day <= self.on and recorded_at <= self.known_at and is_of_round

    def counts_taken_over(self, day: dt.date) -> bool:
        """Whether something of a day before the portal counts: its round is that of its day, not of its recording."""
        return day <= self.on and (self.since_day is None or day > self.since_day)

    @property
    def year_began(self) -> dt.date:
        """The first day of the year that ends or runs on the day."""
        if self.year == Year.CALENDAR:
            return self.on.replace(month=1, day=1)
        return self.on - relativedelta(years=1) + dt.timedelta(days=1)


class RequirementKind(ABC):
    """One thing a scheme may ask for.

    A kind with columns of its own on ``Requirement`` names them in ``fields`` and repeats ``constraint`` in the model;
    a kind without keeps what it asks for in ``Requirement.parameters`` through ``parameter_fields``.
    """

    key: str
    label: Any
    order: int = 100
    # Columns of Requirement that it fills; no other kind's may be filled beside them.
    fields: tuple[str, ...] = ()
    # What the database holds for rows of this kind; None for kinds without columns.
    constraint: Q | None = None
    # Every code of its reasons.
    codes: frozenset[str] = frozenset()
    # In-house evidence is shown anew each round and leads to the grant. What is not must hold on the day of duty.
    is_in_house = True
    # Whether it must be met before a quiz of the same scheme may be sat.
    precedes_quiz = False
    # Whether it does instead of everything else in-house: another road to the same grant.
    is_alternative = False
    # Facts of a met reason kept in the ledger.
    proof_params: tuple[str, ...] = ()

    # --- editing ---

    def panels(self) -> list[Panel]:
        """Return the rows of the scheme's edit page for ``fields``."""
        return []

    def parameter_fields(self) -> dict[str, forms.Field]:
        """Return form fields by name for what is kept in ``Requirement.parameters``; values must be plain JSON."""
        return {}

    def clean(self, requirement: Requirement) -> None:
        """Hold that every column of the kind is filled and none of another.

        Raises:
            ValidationError: naming the field.
        """
        for name in self.fields:
            if not getattr(requirement, name):
                raise ValidationError({name: _("This kind of requirement needs it.")})
        for name in sorted({name for kind in requirement_kinds for name in kind.fields} - set(self.fields)):
            if getattr(requirement, name):
                raise ValidationError({name: _("This kind of requirement does not use it; leave it empty.")})

    # --- evidence ---

    @abstractmethod
    def judge(self, requirement: Requirement, shown: Any, asked: Asked) -> Reason:
        """Return the requirement as a reason, met or not; ``shown`` is the evidence of the person."""

    def is_untouched(self, requirement: Requirement, shown: Any) -> bool:
        """Whether the person has shown nothing of it, so that the reason is that of everybody who has not."""
        return False

    def as_it_stood(self, shown: Any, is_moved: Callable[[int, str], bool]) -> Any:
        """Return the evidence of the person without what counts only since the person moved machines.

        Args:
            is_moved: takes the key of a machine and the path of its category.
        """
        return shown

    def begun_by(self, person: Model) -> Q | None:
        """Return which schemes ``person`` has begun by showing something of this kind; None where it is undecidable.

        The condition names what was shown by a subquery of the person's own rows: joins to everybody's rows, several of
        them in one condition, multiply.
        """
        return None

    def began(self, schemes: Collection[Scheme]) -> QuerySet[Any] | None:
        """Return who has shown something of this kind for one of the schemes in its running round, as keys of people.

        More may be named than have shown enough, never fewer; None where anybody may have, whatever the schemes.
        """
        return None

    def turning_days(self, shown: Any) -> Iterable[dt.date] | None:
        """Return the days from which on what is shown may be judged otherwise; None where any day may be one.

        Asked of what must hold on the day of duty; more may be named than matter, never fewer.
        """
        return None

    # --- what is missing ---

    def has_begun(self, reason: Reason) -> bool:
        """Whether the person has shown something of it."""
        return reason.met

    def has_failed(self, reason: Reason) -> bool:
        """Whether it was tried and not met."""
        return False

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """Return the stage of who lacks this next; ``begun``: something of the scheme was shown already."""
        return Stage.LEARNING if begun else Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Return a sentence and a link for the person who lacks it."""
        return "", None

    def hint_for_another(self, reason: Reason, seats: SeatFinder) -> str:
        """Return a sentence for a reader who is not the person: no bookings, no links to act for somebody else."""
        return ""

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """Return what the person can do about it and where, for programs; asks nothing of the database."""
        return "", ""

    def step_title(self, reason: Reason) -> str:
        """Return the title of the step in somebody's file."""
        return str(self.label)

    # --- the grant ---

    def proof(self, reason: Reason) -> dict[str, Any]:
        """Return what the grant rests on, as kept in the ledger."""
        facts = {name: reason.params[name] for name in self.proof_params if name in reason.params}
        return {"code": reason.code, **facts}

    def score(self, reason: Reason) -> int | None:
        """Return the points to print on the certificate; None for kinds without."""
        return None

    def minutes(self, reason: Reason) -> int:
        """Return the training time to print on the certificate, in minutes."""
        return 0

    def reason(self, requirement: Requirement, code: str, message: str, *, met: bool, **params: object) -> Reason:
        """Return a reason that names the requirement and its kind beside ``params``."""
        facts = {"requirement": requirement.pk, "kind": self.key, **params}
        return Reason(code=str(code), message=message, met=met, params=facts)


class RowKind(RequirementKind):
    """A kind whose evidence is read together with that of others, in the one statement of ``evidence_of``."""

    # Further names of sources among its queries, where rows of several tables must be told apart.
    more_sources: tuple[str, ...] = ()

    @abstractmethod
    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """Return the query of what ``PEOPLE`` have shown as rows of ``certification.requirements.rows``.

        It is compiled once: it depends on nothing but the argument.

        Args:
            of_schemes: only what ``SCHEMES`` ask for is needed.
        """

    def more_rows(self, *, of_schemes: bool) -> list[QuerySet[Any]]:
        """Return further queries whose rows belong to this kind, as ``rows``; none for most."""
        return []

    @abstractmethod
    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Any]:
        """Return what each of these people has shown, from the rows of all its queries; everybody has a value."""

    def where_asked(self, rows: QuerySet[Any], *, of_schemes: bool) -> QuerySet[Any]:
        """Narrow to nothing where none of ``SCHEMES`` asks for this kind, for kinds that name no subject."""
        if not of_schemes:
            return rows
        return rows.filter(Exists(Requirement.objects.filter(scheme__in=SCHEMES, kind=self.key)))

    def asked_for(self, *, of_schemes: bool) -> dict[str, Any]:
        """Return the filter of what the requirements of ``SCHEMES`` name, for kinds whose column is the subject."""
        if not of_schemes:
            return {}
        column = self.fields[0]
        asked = Requirement.objects.filter(scheme__in=SCHEMES, kind=self.key, **{f"{column}__isnull": False})
        return {f"{column}__in": asked.order_by().values(column)}

    def in_round(
        self, shown: QuerySet[Any], schemes: Collection[Scheme], moment: str, subject: str = ""
    ) -> QuerySet[Any]:
        """Leave what one of the schemes asks for and was recorded after its last grant, renewal or revocation.

        One condition for all of them: a query a scheme cost seconds where there are fifty.

        Args:
            moment: where the rows say when they were recorded.
            subject: where the rows name what they are about, if not in a column of the same name.

        Returns:
            Keys of people.
        """
        turning = LedgerEntry.objects.filter(
            person=OuterRef(OuterRef("person")),
            scheme=OuterRef("scheme"),
            kind__in=TURNING,
            recorded_at__gte=OuterRef(OuterRef(moment)),
        ).filter(~Exists(LedgerEntry.objects.filter(corrects=OuterRef("pk"))))
        column = self.fields[0]
        asked = Requirement.objects.filter(scheme__in=schemes, **{column: OuterRef(subject or column)})
        return shown.filter(Exists(asked.filter(~Exists(turning)))).order_by().values("person")


class LoadedKind(RequirementKind):
    """A kind that reads its evidence by itself."""

    @abstractmethod
    def load(self, person_ids: Collection[int]) -> Mapping[int, Any]:
        """Return what each of these people has shown, in a number of queries that does not grow with them."""


def day_text(day: dt.date | None) -> str:
    """Write a day as people read it: 2026年3月18日; nothing for none."""
    return _day_text(day, get_language()) if day else ""


@lru_cache(maxsize=4096)
def _day_text(day: dt.date, language: str | None) -> str:
    # Many people's qualifications end on the same days.
    return formats.date_format(day, "DATE_FORMAT")

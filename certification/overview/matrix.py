"""Skills matrix of people × schemes: the standing in the ledger, marked where the gate refuses all the same."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.duty.work import Judged, Verdict, judge, lamp_of_included, opened_work, verdict_on
from certification.enums import Stage, Standing
from certification.ledger.standing import StandingOn, standing_under
from certification.models import LedgerEntry, Scheme
from certification.requirements.evidence import entries_of, evidence_of
from certification.schemes.progress import asks_on_the_day, lacking_on_the_day, load_requirements
from certification.schemes.queries import expiring_days, schemes_in_force
from certification.wording import lamp
from portal.access.together import Columns
from portal.models import Assignment, Person

# What is missing today, by person and scheme.
Lacking = Mapping[tuple[int, int], Sequence[str]]


@dataclass(frozen=True)
class Cell:
    """One person and one scheme.

    Args:
        verdict: what the gate says of the work the scheme opens; nothing where neither it nor a level above is held.
        instead: a higher level of the track that includes it: held, and with all it asks for on the day.
        lacking: what a condition asks for on the day itself and is not held.
    """

    scheme: Scheme
    where: StandingOn
    verdict: Verdict = field(default_factory=Verdict)
    lacking: Sequence[str] = ()
    instead: Scheme | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever granted and no level held includes it."""
        return self.where.standing == Standing.NONE and self.instead is None

    @property
    def until(self) -> dt.date | None:
        """The last day, days of grace that run included; that of a level which includes it stands with the level."""
        if self.instead is not None:
            return None
        return self.where.until or self.where.valid_to

    @property
    def is_refused(self) -> bool:
        """Whether it is held and yet the gate lets nothing of it be done today."""
        return self.verdict.is_refused or bool(self.lacking)

    @property
    def is_restricted(self) -> bool:
        """Whether the gate lets only some of it be done today."""
        return self.verdict.is_restricted

    @property
    def is_overridden(self) -> bool:
        """Whether some of it may be done today only because somebody answers for it."""
        return self.verdict.is_overridden and not self.is_refused

    @property
    def refusals(self) -> list[str]:
        """Why the gate refuses."""
        return [*self.lacking, *self.verdict.messages]

    @property
    def label(self) -> str:
        """The standing in words."""
        if self.instead is not None:
            return _("Included in %(scheme)s") % {"scheme": self.instead.name}
        return str(Standing(self.where.standing).label)

    @property
    def lamp(self) -> str:
        """The colour of the standing."""
        if self.instead is not None:
            return lamp_of_included(self.verdict)
        return "grey" if self.is_empty else lamp(Stage(self.where.standing.value))


@dataclass(frozen=True)
class Row:
    """One person of the matrix."""

    person: Person
    cells: list[Cell]


def matrix_rows(people: Sequence[Person], schemes: Sequence[Scheme]) -> list[Row]:
    """Return a row a person with a cell a scheme; a fixed number of queries.

    The gate is asked about these people only, and about work that schemes they hold open.
    """
    now, today = timezone.now(), timezone.localdate()
    days = expiring_days()
    doing = _with_levels(schemes)
    entries = entries_of([person.pk for person in people], [scheme.pk for scheme in doing])
    found = {
        key: {scheme.pk: standing_under(scheme, rows[scheme.pk], today, expiring_days=days) for scheme in doing}
        for key, rows in entries.items()
    }
    counting = {key: [scheme for scheme in doing if row[scheme.pk].counts] for key, row in found.items()}
    held = {key: {scheme.pk for scheme in row} for key, row in counting.items()}
    judged = judge(people, held, opened_work() if any(held.values()) else [], today, now)
    conditions = [scheme for scheme in schemes if scheme.is_condition]
    lacking = _lacking(people, [*conditions, *_doing_for_others(schemes, counting)], today, now)
    return [
        Row(person, [_cell(person, scheme, found, counting, judged, lacking) for scheme in schemes])
        for person in people
    ]


def _cell(
    person: Person,
    scheme: Scheme,
    found: Mapping[int, Mapping[int, StandingOn]],
    counting: Mapping[int, Sequence[Scheme]],
    judged: Mapping[int, Sequence[Judged]],
    lacking: Lacking,
) -> Cell:
    where = found[person.pk][scheme.pk]
    if where.counts:
        # Of a scheme that opens work the gate says it.
        missing = lacking.get((person.pk, scheme.pk), ()) if scheme.is_condition else ()
        return Cell(scheme, where, verdict_on(scheme, judged[person.pk]), missing)
    relied = [each for each in counting[person.pk] if not lacking.get((person.pk, each.pk))]
    instead = _including(scheme, relied)
    return Cell(scheme, where, verdict_on(scheme, judged[person.pk] if instead else ()), instead=instead)


def _doing_for_others(schemes: Sequence[Scheme], counting: Mapping[int, Sequence[Scheme]]) -> list[Scheme]:
    """Return the openers somebody holds that include a scheme they do not hold: what these lack is asked besides."""
    found: dict[int, Scheme] = {}
    for row in counting.values():
        held = {each.pk for each in row}
        missing = [scheme for scheme in schemes if scheme.track and scheme.pk not in held]
        found |= {each.pk: each for each in row for lower in missing if each.does_for(lower)}
    return list(found.values())


def _with_levels(schemes: Sequence[Scheme]) -> list[Scheme]:
    """Return the schemes, and the higher levels of their tracks that do for them; nothing is asked without a track."""
    if not any(scheme.track for scheme in schemes):
        return list(schemes)
    shown = {scheme.pk for scheme in schemes}
    above = [each for each in schemes_in_force().with_above(schemes) if each.pk not in shown]
    return [*schemes, *sorted(above, key=lambda each: each.code)]


def _including(scheme: Scheme, held: Sequence[Scheme]) -> Scheme | None:
    return min((each for each in held if each.does_for(scheme)), key=lambda each: (each.level, each.code), default=None)


def _lacking(people: Sequence[Person], schemes: Sequence[Scheme], today: dt.date, now: dt.datetime) -> Lacking:
    """Return what each of the schemes lacks today."""
    asking = list({scheme.pk: scheme for scheme in schemes}.values())
    if asking and not all(hasattr(scheme, "_loaded_requirements") for scheme in asking):
        load_requirements(asking)
    asking = [scheme for scheme in asking if asks_on_the_day(scheme)]
    if not asking:
        return {}
    evidence = evidence_of([person.pk for person in people], [scheme.pk for scheme in asking])
    return {
        (key, scheme.pk): [reason.message for reason in lacking_on_the_day(shown, scheme, today, now)]
        for key, shown in evidence.items()
        for scheme in asking
    }


def keys_in_use(people: QuerySet[Person]) -> Columns:
    """Return the keys of :func:`schemes_in_use`, to be read together with other lists."""
    return Columns(schemes_in_use(people).prefetch_related(None), ["pk"])


def in_use(keys: Iterable[Sequence[int]]) -> list[Scheme]:
    """Return the schemes of :func:`keys_in_use` with all they name, as they are loaded for the gate anyway."""
    used = {key for (key,) in keys}
    return [scheme for scheme in schemes_in_force().schemes if scheme.pk in used]


def schemes_in_use(people: QuerySet[Person]) -> QuerySet[Scheme]:
    """Return the schemes somebody of ``people`` has in the ledger or needs for a position."""
    positions = Assignment.objects.valid_on(timezone.localdate()).filter(person__in=people).values("position")
    needed = Scheme.positions.through.objects.filter(scheme=OuterRef("pk"), position__in=positions)
    # One entry of anybody is enough: the ledger is not read to its end for schemes many hold.
    held = LedgerEntry.objects.filter(scheme=OuterRef("pk"), person__in=people)
    return Scheme.objects.filter(Exists(needed) | Exists(held), is_active=True).with_reach().order_by("code")

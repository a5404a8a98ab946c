"""Sessions from the rows of a plan, in a window of days, without a clash of trainer, place or trainees."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.days.queries import special_days
from courses.enums import ClashKind, Policy, SessionKind, SessionState
from courses.models import ClashPolicy, Meeting, PlannedSession, PlanRow, Project, Session, SpecialDay
from courses.models.places import place_key
from courses.places.queries import place_named
from courses.plans.errors import EmptyWindow
from courses.plans.permissions import require_editor
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import schedule_session
from portal.access import audit
from portal.enums import Audience, Role
from portal.errors import DomainError
from portal.models import Person

MOST_DAYS = 731
Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, kw_only=True)
class Window:
    """When sessions may be held.

    Args:
        weekdays: Monday is 0.
        starts: times of day at which a session may begin, in the organisation's zone.
        break_minutes: added to a session of more than four hours.
        closed: days on which nothing is held, beside the public holidays on record. A weekend day on record as worked
            counts as a weekday where every weekday does.
    """

    first: dt.date
    last: dt.date
    weekdays: Collection[int] = (0, 1, 2, 3, 4)
    starts: Collection[dt.time] = (dt.time(8, 30), dt.time(13, 30))
    ends_by: dt.time = dt.time(18, 0)
    break_minutes: int = 60
    closed: Collection[dt.date] = ()

    def days(self) -> Iterator[dt.date]:
        """Yield the days on which sessions may be held.

        Raises:
            EmptyWindow: there are none, or too many.
        """
        length = (self.last - self.first).days + 1
        if not 0 < length <= MOST_DAYS:
            raise EmptyWindow(days=MOST_DAYS)
        special = special_days(self.first, self.last)
        for each in range(length):
            day = self.first + dt.timedelta(days=each)
            if self._is_worked(day, special.get(day)) and day not in self.closed:
                yield day

    def _is_worked(self, day: dt.date, special: SpecialDay | None) -> bool:
        if special is None:
            return day.weekday() in self.weekdays
        return not special.is_holiday and (day.weekday() in self.weekdays or {0, 1, 2, 3, 4} <= set(self.weekdays))


@dataclass
class Generated:
    """What came of it: sessions, and the rows that have none with the reason."""

    sessions: list[Session] = field(default_factory=list)
    left: list[tuple[PlanRow, str]] = field(default_factory=list)


@transaction.atomic
def generate_sessions(
    project: Project, window: Window, *, by: Person, place: str = "", capacity: int = 30
) -> Generated:
    """Plan a session for every row that has none yet; run again, it adds nothing.

    Args:
        place: where they are held; what the row says about place and trainees when empty.

    Raises:
        NotYourProject: ``by`` may not change the plan.
        EmptyWindow: no day fits.
    """
    require_editor(by, project)
    Project.objects.select_for_update().get(pk=project.pk)
    days = list(window.days())
    if not days:
        raise EmptyWindow(days=MOST_DAYS)
    done = PlannedSession.objects.filter(row__project=project).exclude(session__state=SessionState.CANCELLED)
    held = set(done.values_list("row", flat=True))
    rows = project.rows.select_related("module", "trainer").exclude(pk__in=held).order_by("number")
    diary, result = Diary(window, project), Generated()
    for row in rows:
        reason = _unfit(row)
        if not reason:
            reason = _plan(row, days, window, diary, by, place, capacity, result)
        if reason:
            result.left.append((row, reason))
    audit.record("courses.plan_scheduled", project, actor=by, sessions=len(result.sessions), left=len(result.left))
    return result


def _unfit(row: PlanRow) -> str:
    """Return why no session can be made of a row at all; nothing if one can."""
    if row.module is None:
        return _("no module of the catalogue is chosen")
    if row.trainer is None:
        return _("no trainer is chosen")
    if not row.trainer.has_role(Role.TRAINER):
        return _("%(name)s is no trainer") % {"name": row.trainer.name}
    return ""


def _plan(
    row: PlanRow,
    days: list[dt.date],
    window: Window,
    diary: "Diary",
    by: Person,
    place: str,
    capacity: int,
    result: Generated,
) -> str:
    """Find the first time that is free, and put the session into the calendar; return why there is none."""
    where = place or row.place_and_trainees or row.project.customer.name
    span = diary.free(row, where, days)
    if span is None:
        return _("no time is free in these days")
    plan = SessionPlan(
        trainer=row.trainer,
        organisation=row.project.customer,
        modules={row.module: row.minutes},
        starts_at=span[0],
        ends_at=span[1],
        place=where,
        title=f"{row.category or row.module.title} · {row.project.name}"[:160],
        kind=SessionKind.ON_SITE,
        audience=Audience.CUSTOMERS,
        capacity=capacity,
        break_minutes=window.break_minutes if row.minutes > 240 else 0,
    )
    try:
        with transaction.atomic():
            session = schedule_session(plan, by=by)
    except DomainError as refusal:
        return str(refusal)
    PlannedSession.objects.create(row=row, session=session)
    # A place nobody had on record may have become one with this session.
    diary.places.pop(where, None)
    diary.take(row.trainer_id, diary.at(where), span)
    result.sessions.append(session)
    return ""


class Diary:
    """Who and what is taken when, read once for the whole window."""

    def __init__(self, window: Window, project: Project) -> None:
        self.window, self.project = window, project
        self.taken: dict[tuple[str, object], list[Span]] = defaultdict(list)
        self.places: dict[str, object] = {}
        rules = ClashPolicy.load()
        kinds = {"trainer": ClashKind.TRAINER, "place": ClashKind.PLACE, "trainees": ClashKind.TRAINEE}
        # Nobody can be asked here: what is warned of is avoided like what is refused.
        self.minded = {name for name, kind in kinds.items() if rules.of(kind) != Policy.IGNORE}
        begin = timezone.make_aware(dt.datetime.combine(window.first, dt.time()))
        end = timezone.make_aware(dt.datetime.combine(window.last, dt.time.max))
        meetings = Meeting.objects.filter(starts_at__lt=end, ends_at__gt=begin)
        meetings = meetings.exclude(session__state=SessionState.CANCELLED)
        columns = ("session__trainer", "place_record", "place_key", "session__organisation", "starts_at", "ends_at")
        for trainer, record, key, organisation, starts, ends in meetings.values_list(*columns):
            self._note(trainer, record or key, (starts, ends), organisation)

    def at(self, place: str) -> object:
        """Return what is compared of a place: the key of its record, or of its spelling where no record has it."""
        if place not in self.places:
            found = place_named(place)
            self.places[place] = found.pk if found is not None else place_key(place)
        return self.places[place]

    def _note(self, trainer: int | None, key: object, span: Span, organisation: int) -> None:
        self.taken["trainer", trainer].append(span)
        self.taken["place", key].append(span)
        # The people of a customer sit in every session held for it.
        self.taken["trainees", organisation].append(span)

    def take(self, trainer: int | None, key: object, span: Span) -> None:
        """Note a session of this project."""
        self._note(trainer, key, span, self.project.customer_id)

    def free(self, row: PlanRow, place: str, days: list[dt.date]) -> Span | None:
        """Return the first time in which trainer, place and trainees are free and the day is not over."""
        length = row.minutes + (self.window.break_minutes if row.minutes > 240 else 0)
        keys = (("trainer", row.trainer_id), ("place", self.at(place)), ("trainees", self.project.customer_id))
        keys = [key for key in keys if key[0] in self.minded]
        now = timezone.now()
        for day in days:
            for time in sorted(self.window.starts):
                starts = timezone.make_aware(dt.datetime.combine(day, time))
                ends = starts + dt.timedelta(minutes=length)
                if starts <= now or ends > timezone.make_aware(dt.datetime.combine(day, self.window.ends_by)):
                    continue
                if not any(begin < ends and end > starts for key in keys for begin, end in self.taken[key]):
                    return starts, ends
        return None

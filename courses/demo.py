"""Load past and coming demo sessions through the domain functions (idempotent)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.enums import ClashKind, SessionKind
from courses.models import Attendance, Enrolment, Session, TrainingModule
from courses.modules.demo import trainers_of
from courses.sessions.attendance.domain import check_in, record_from_paper
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.clashes.domain import clashes_of
from courses.sessions.meetings.domain import MeetingPlan
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import close_session, open_check_in, schedule_session
from courses.sessions.seats.domain import book_seat
from portal.enums import Audience
from portal.models import Organisation, Person
from portal.registry.demo import data

BREAK = 60

# Days between the training and the day a stage was reached; before a suspension lies a certificate, before it training.
TAUGHT_BEFORE = {
    "certified": 14,
    "expiring": 14,
    "expired": 14,
    "suspended": 400,
    "revoked": 400,
    "awaiting_practical": 7,
    "quiz_failed": 7,
    "learning": 0,
}


# --- what was taught ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Somebody who has been trained, on or before a day; a learner has heard half of it."""

    person: Person
    module: str
    by: dt.date
    is_half: bool


@transaction.atomic
def load_past_sessions() -> dict[str, int]:
    """Sessions that were held, with everybody's attendance, so that each stage has the hours it stands on."""
    by_session: dict[tuple[str, dt.date], list[Wanted]] = defaultdict(list)
    for wanted in _wanted():
        by_session[wanted.module, _day_taught(wanted.module, wanted.by)].append(wanted)
    for (code, day), people in sorted(by_session.items(), key=lambda item: item[0][1]):
        _hold(TrainingModule.objects.get(code=code), day, people)
    return {"sessions held": len(by_session)}


def _wanted() -> list[Wanted]:
    modules = {
        scheme["code"]: [row["module"] for row in scheme["requirements"] if row["kind"] == "hours"]
        for scheme in data("schemes")["schemes"]
    }
    people = {person.staff_number: person for person in Person.objects.select_related("organisation")}
    known = {module.code: module for module in TrainingModule.objects.all()}
    found = []
    for entry in data("people")["people"]:
        person = people.get(entry["staff_no"])
        for stage in entry["stages"]:
            for code in modules[stage["scheme"]]:
                if person is None or stage["stage"] not in TAUGHT_BEFORE or person in trainers_of(code):
                    continue
                if minutes_credited(person, known[code]):
                    continue
                back = min(stage["days_ago"] + TAUGHT_BEFORE[stage["stage"]], max(entry["hired_days_ago"] - 1, 1))
                day = timezone.localdate() - dt.timedelta(days=back)
                found.append(Wanted(person, code, day, stage["stage"] == "learning"))
    return found


def _day_taught(code: str, latest: dt.date) -> dt.date:
    """Return the module's own weekday in the last fortnight that was over by ``latest``: no trainer is needed twice."""
    index = [entry["code"] for entry in data("modules")["modules"]].index(code)
    offset = dt.timedelta(days=(index // 5) * 7 + index % 5)
    # Fortnights are counted from a fixed Monday, so that the days are the same whenever this runs.
    fortnights = (latest - offset - dt.date(2020, 1, 6)).days // 14
    return dt.date(2020, 1, 6) + dt.timedelta(days=14 * fortnights) + offset


def _moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def _hold(module: TrainingModule, day: dt.date, people: list[Wanted]) -> None:
    trainer = trainers_of(module.code)[0]
    start = _moment(day, 8, 30)
    session = Session.objects.filter(parts__module=module, starts_at=start).first()
    if session is None:
        session = _schedule(module, trainer, start, capacity=max(12, len(people)), already_held=True)
    open_check_in(session, by=trainer)
    for number, wanted in enumerate(people):
        seat = book_seat(session, wanted.person, by=trainer, notify=False)
        came = start + dt.timedelta(minutes=(number * 7) % 20 - 10)
        went = start + (session.ends_at - start) / 2 if wanted.is_half else session.ends_at
        # History: the hours were on record when the session was over, which the portal did not exist to see.
        record_from_paper(
            seat,
            by=trainer,
            came=came if not wanted.is_half else start,
            went=went,
            recorded_at=session.ends_at,
        )
    close_session(session, by=trainer)


def _schedule(
    module: TrainingModule, trainer: Person, start: dt.datetime, *, already_held: bool = False, **facts: Any
) -> Session:
    minutes = facts.pop("minutes", module.minutes)
    given = {
        "trainer": trainer,
        "organisation": trainer.organisation.get_root(),
        "modules": {module: minutes},
        "starts_at": start,
        "ends_at": start + dt.timedelta(minutes=minutes + BREAK),
        "break_minutes": BREAK,
        "place": _usual_place(module.code),
    }
    return schedule_session(SessionPlan(**given | facts), by=trainer, already_held=already_held)


def _usual_place(code: str) -> str:
    places = data("sessions")["places"]
    return places.get(code, places["usual"])


# --- what is coming ------------------------------------------------------------------------------------------


@transaction.atomic
def load_coming_sessions() -> dict[str, int]:
    """The next weeks by a fixed pattern: full ones with a waitlist, ones with free seats, one at a customer's.

    A plan names a place in the week: ``week`` weeks from this one, ``weekday`` from Monday = 0, ``at`` HH:MM.
    """
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    added = 0
    for plan in data("sessions")["coming"]:
        day = monday + dt.timedelta(weeks=plan["week"], days=plan["weekday"])
        start = dt.time.fromisoformat(plan["at"])
        added += _plan(plan, _moment(day, start.hour, start.minute))
    added += _today()
    if plan := data("sessions").get("course"):
        added += _course(plan)
    return {"sessions": added}


def _plan(plan: dict[str, Any], start: dt.datetime) -> int:
    module = TrainingModule.objects.get(code=plan["module"])
    if Session.objects.filter(parts__module=module, starts_at=start).exists():
        return 0
    facts: dict[str, Any] = {
        "capacity": plan["capacity"],
        "place": plan.get("place", _usual_place(module.code)),
        "kind": SessionKind(plan["kind"]),
        "title": plan["title"],
        "minutes": plan.get("minutes", module.minutes),
    }
    if "held_for" in plan:
        branch = Organisation.objects.get(code=plan["held_for"])
        facts |= {"organisation": branch, "audience": Audience.CUSTOMERS if branch.is_customer else Audience.STAFF}
    session = _schedule(module, trainers_of(module.code)[0], start, **facts)
    _book(session, plan["people"])
    return 1


def _book(session: Session, numbers: Iterable[str]) -> list[Enrolment]:
    people = {person.staff_number: person for person in Person.objects.filter(staff_number__in=numbers)}
    # The trainer enters them: who lacks a module that comes first could not book by themselves.
    return [book_seat(session, people[number], by=session.trainer, notify=False) for number in numbers]


def running_since(begins: dt.time, lasts: dt.timedelta) -> dt.datetime:
    """Return when today's session begins: as planned while it runs then, else an hour ago, so that it can be tried."""
    now, today = timezone.localtime(), timezone.localdate()
    planned = _moment(today, begins.hour, begins.minute)
    if planned <= now < planned + lasts - dt.timedelta(hours=1):
        return planned
    since = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) - dt.timedelta(hours=1)
    return max(since, _moment(today, 0, 0))


def _today() -> int:
    """A session of today, to try check-in on: open, with some people in the room if it has begun."""
    plan = data("sessions")["today"]
    module = TrainingModule.objects.get(code=plan["module"])
    trainer = trainers_of(module.code)[0]
    start = running_since(dt.time.fromisoformat(plan["at"]), dt.timedelta(minutes=module.minutes))
    if trainer.sessions_taught.filter(starts_at__date=timezone.localdate()).exists():
        return 0
    facts = {"title": plan["title"], "kind": SessionKind(plan["kind"])}
    session = _schedule(module, trainer, start, already_held=True, **facts)
    if timezone.now() >= start - dt.timedelta(hours=4):
        open_check_in(session, by=trainer)
    for number, staff_number in enumerate(plan["people"]):
        person = Person.objects.get(staff_number=staff_number)
        seat = book_seat(session, person, by=trainer, notify=False)
        came = start + dt.timedelta(minutes=number * 6 - 8)
        if number < plan["in_the_room"] and came < timezone.now() < session.ends_at:
            check_in(seat, by=trainer, at=came)
    return 1


def _course(plan: dict[str, Any]) -> int:
    """A course of several evenings in two rooms: the first is held, one runs today, the last is ahead."""
    module = TrainingModule.objects.get(code=plan["module"])
    trainer = trainers_of(module.code)[0]
    if Session.objects.filter(title=plan["title"]).exists():
        return 0
    begins, lasts = dt.time.fromisoformat(plan["at"]), dt.timedelta(minutes=plan["minutes"])
    starts = [
        running_since(begins, lasts)
        if meeting["days"] == 0
        else _moment(timezone.localdate() + dt.timedelta(days=meeting["days"]), begins.hour, begins.minute)
        for meeting in plan["meetings"]
    ]
    first, *further = (
        MeetingPlan(starts_at=start, ends_at=start + lasts, place=meeting["place"])
        for start, meeting in zip(starts, plan["meetings"], strict=True)
    )
    # On some days of the year the trainer is still busy with what was taught before; then there is no course.
    if clashes_of(trainer=trainer, meetings=[first, *further], kinds=[ClashKind.TRAINER]):
        return 0
    facts = {"title": plan["title"], "minutes": plan["minutes"] * len(starts), "place": first.place, "more": further}
    session = _schedule(
        module, trainer, first.starts_at, ends_at=first.ends_at, break_minutes=0, already_held=True, **facts
    )
    open_check_in(session, by=trainer)
    held, running = session.meetings.all()[:2]
    for number, seat in enumerate(_book(session, plan["people"])):
        came = held.starts_at + dt.timedelta(minutes=number * 4 - 6)
        record_from_paper(seat, by=trainer, came=came, went=held.ends_at, meeting=held, recorded_at=held.ends_at)
        is_elsewhere = Attendance.objects.filter(
            enrolment__person=seat.person, meeting__starts_at__date=timezone.localdate()
        ).exists()
        came = running.starts_at + dt.timedelta(minutes=number * 3)
        if number < plan["in_the_room"] and not is_elsewhere and came < timezone.now() < running.ends_at:
            check_in(seat, by=trainer, at=came, meeting=running)
    return 1

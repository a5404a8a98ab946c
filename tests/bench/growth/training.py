"""Sessions, seats, attendance and credited time of the growth data."""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.utils import timezone

from courses.enums import EnrolmentState
from courses.models import Attendance, Enrolment, HourCredit, Meeting, Session, SessionModule, TrainingModule
from portal.models import Person
from tests.bench.growth.places import Ground, create, next_key

SEATS = 20
MINUTES = 240
# Of twenty sessions one is still to come.
COMING = 20


def add_training(ground: Ground) -> dict[str, int]:
    """Add a session for every twenty people, most of them held and credited; return how many of each."""
    sessions = max(len(ground.people) // SEATS, 2)
    firsts = {model: next_key(model) for model in (Session, Meeting, Enrolment, Attendance)}
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    trainers = list(Person.objects.filter(modules_taught__isnull=False).distinct().values_list("pk", flat=True))
    modules = list(TrainingModule.objects.filter(code__startswith="GT-").order_by("pk").values_list("pk", flat=True))
    starts = [_start(index, now) for index in range(sessions)]
    written = {"sessions": create(_sessions(ground, firsts[Session], starts, trainers))}
    create(_meetings(firsts, starts))
    create(
        SessionModule(session_id=firsts[Session] + index, module_id=modules[index % len(modules)], minutes=MINUTES)
        for index in range(sessions)
    )
    seats = [(index, person) for index in range(sessions) for person in ground.people[index * SEATS :][:SEATS]]
    written["seats"] = create(
        Enrolment(
            pk=firsts[Enrolment] + place,
            session_id=firsts[Session] + index,
            person_id=person,
            state=EnrolmentState.SEATED,
            place_in_line=place,
        )
        for place, (index, person) in enumerate(seats)
    )
    held = [(place, index, person) for place, (index, person) in enumerate(seats) if starts[index] < now]
    written["attendances"] = create(
        Attendance(
            pk=firsts[Attendance] + number,
            enrolment_id=firsts[Enrolment] + place,
            meeting_id=firsts[Meeting] + index,
            checked_in_at=starts[index],
            checked_out_at=starts[index] + dt.timedelta(minutes=MINUTES),
            checked_in_by_id=trainers[index % len(trainers)],
            checked_out_by_id=trainers[index % len(trainers)],
        )
        for number, (place, index, _person) in enumerate(held)
    )
    written["credits"] = create(
        HourCredit(
            attendance_id=firsts[Attendance] + number,
            person_id=person,
            module_id=modules[index % len(modules)],
            minutes=MINUTES,
            earned_on=starts[index].date(),
            recorded_at=starts[index] + dt.timedelta(minutes=MINUTES),
        )
        for number, (_place, index, person) in enumerate(held)
    )
    return written


def _start(index: int, now: dt.datetime) -> dt.datetime:
    if index % COMING == 0:
        return now + dt.timedelta(days=3 + index % 60, hours=index % 8)
    return now - dt.timedelta(days=5 + index % 700, hours=index % 8)


def _meetings(firsts: dict[type, int], starts: list[dt.datetime]) -> Iterator[Meeting]:
    for index, start in enumerate(starts):
        yield Meeting(
            pk=firsts[Meeting] + index,
            session_id=firsts[Session] + index,
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=MINUTES),
            place=f"教室 {index % 300}",
        )


def _sessions(ground: Ground, first: int, starts: list[dt.datetime], trainers: list[int]) -> Iterator[Session]:
    for index, start in enumerate(starts):
        yield Session(
            pk=first + index,
            title=f"培训场次 {index:05}",
            trainer_id=trainers[index % len(trainers)],
            organisation_id=ground.outlets[index % len(ground.outlets)],
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=MINUTES),
            place=f"教室 {index % 300}",
            capacity=SEATS + 5,
            uid=uuid.uuid4(),
        )

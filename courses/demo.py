"""Demo training, through the domain verbs: modules, what was taught, what is coming. Running twice changes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.domain.attendance import check_in, record_from_paper
from courses.domain.modules import publish_module
from courses.domain.plans import SessionPlan
from courses.domain.seats import book_seat
from courses.domain.sessions import close_session, open_check_in, schedule_session
from courses.enums import Level, SessionKind
from courses.models import Enrolment, ModuleTopic, Session, TrainingModule
from courses.queries import minutes_credited
from kb.models import ManualChapter
from kb.queries import current_chapters
from portal.demo import data
from portal.enums import Audience
from portal.models import EquipmentCategory, EquipmentModel, Organisation, Person

LEVELS = {"初级": Level.BASIC, "中级": Level.INTERMEDIATE, "高级": Level.ADVANCED}
FACTORY = "郫都生产基地培训中心 1 号教室"
WORKSHOP = "郫都生产基地培训中心 实训车间"
OFFICE = "川北办事处 2 号教室（绵阳）"
WEEK = dt.timedelta(days=7)
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


# --- modules ----------------------------------------------------------------------------------------------


@transaction.atomic
def load_modules() -> dict[str, int]:
    """The ten modules of the kitchen project with their topics, chapters, machines and trainers."""
    categories = {category.code: category for category in EquipmentCategory.objects.all()}
    chapters = {f"{row.edition.manual.number}#{row.number}": row for row in current_chapters()}
    added = 0
    for entry in data("modules")["modules"]:
        if TrainingModule.objects.filter(code=entry["code"]).exists():
            continue
        module = TrainingModule.objects.create(
            code=entry["code"],
            title=entry["title"],
            summary=entry["summary"],
            category=categories[entry["category_code"]],
            minutes=entry["minutes"],
            level=LEVELS[entry["level"]],
            place=entry["place"],
            for_whom=entry["audience"],
            audience=Audience.CUSTOMERS,
            live=False,
        )
        module.equipment.set(EquipmentModel.objects.filter(code__in=entry["models"]))
        module.trainers.set(_trainers_of(entry["code"]))
        module.topics.set(_topics(entry["topics"], chapters))
        publish_module(module)
        added += 1
    return {"modules": added}


def _topics(rows: Iterable[dict[str, Any]], chapters: dict[str, ManualChapter]) -> list[ModuleTopic]:
    return [
        ModuleTopic(
            sort_order=row["order"], key=row["topic"], text=row["text"], chapter=chapters.get(row["chapter"] or "")
        )
        for row in rows
    ]


def _trainers_of(code: str) -> list[Person]:
    numbers = [entry["staff_no"] for entry in data("people")["people"] if code in entry["teaches"]]
    return list(Person.objects.filter(staff_number__in=numbers))


@cache
def _module_codes() -> list[str]:
    return [entry["code"] for entry in data("modules")["modules"]]


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
                if person is None or stage["stage"] not in TAUGHT_BEFORE or not _is_colleague(person, code):
                    continue
                if minutes_credited(person, known[code]):
                    continue
                back = min(stage["days_ago"] + TAUGHT_BEFORE[stage["stage"]], max(entry["hired_days_ago"] - 1, 1))
                day = timezone.localdate() - dt.timedelta(days=back)
                found.append(Wanted(person, code, day, stage["stage"] == "learning"))
    return found


def _is_colleague(person: Person, code: str) -> bool:
    """Whether the person works in the network of a trainer of the module, and is not the trainer."""
    trainers = _trainers_of(code)
    root = trainers[0].organisation.get_root()
    return person.organisation.path.startswith(root.path) and person not in trainers


def _day_taught(code: str, latest: dt.date) -> dt.date:
    """Return the module's own weekday in the last fortnight that was over by ``latest``: no trainer is needed twice."""
    index = _module_codes().index(code)
    offset = dt.timedelta(days=(index // 5) * 7 + index % 5)
    # Fortnights are counted from a fixed Monday, so that the days are the same whenever this runs.
    fortnights = (latest - offset - dt.date(2020, 1, 6)).days // 14
    return dt.date(2020, 1, 6) + dt.timedelta(days=14 * fortnights) + offset


def _moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def _hold(module: TrainingModule, day: dt.date, people: list[Wanted]) -> None:
    trainer = _trainers_of(module.code)[0]
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
        "place": OFFICE if module.code == "TM-02" else FACTORY,
    }
    return schedule_session(SessionPlan(**given | facts), by=trainer, already_held=already_held)


# --- what is coming ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A fixed place in the week: (weeks from this one, weekday from Monday = 0, hour) of a module, with who comes."""

    week: int
    weekday: int
    code: str
    people: tuple[str, ...] = ()
    capacity: int = 12
    place: str = FACTORY
    hour: int = 8
    kind: SessionKind = SessionKind.CLASS
    title: str = ""
    held_for: str = ""
    minutes: int = 0


COLD_FULL = ("T011", "T013", "T015", "T022", "T012", "T016", "T024", "T010")
PLANS = (
    Plan(1, 2, "TM-01", COLD_FULL, capacity=6, title="冷冻设备技术培训（一期）"),
    Plan(2, 2, "TM-01", ("T014", "T017"), title="冷冻设备技术培训（二期）"),
    Plan(4, 2, "TM-01", title="冷冻设备技术培训（三期）"),
    Plan(1, 3, "TM-02", ("T006", "T022", "T011"), capacity=10, place=OFFICE),
    Plan(3, 3, "TM-02", ("T023",), place=OFFICE),
    Plan(1, 0, "TM-03", ("T017",)),
    Plan(1, 1, "TM-04", ("T017", "T008", "T002"), place=WORKSHOP),
    Plan(2, 0, "TM-05", ("T009", "T011"), held_for="KT-W"),
    Plan(2, 1, "TM-06", ("T013",)),
    Plan(1, 4, "TM-07", ("T015", "T014")),
    Plan(2, 3, "TM-08", ("T002", "T018", "T004"), capacity=8, place=WORKSHOP),
    Plan(3, 4, "TM-09", ("T007", "T023"), place=WORKSHOP),
    Plan(3, 1, "TM-10", ("T010", "T023"), capacity=4, place=WORKSHOP),
    Plan(4, 1, "TM-08"),
    Plan(
        *(2, 4, "TM-01", ("C001",), 8, "蓉栖大酒店 后厨", 14),
        kind=SessionKind.ON_SITE,
        title="冷库与冰柜使用现场培训（蓉栖大酒店）",
        held_for="CU-01",
        minutes=120,
    ),
)


@transaction.atomic
def load_coming_sessions() -> dict[str, int]:
    """The next weeks by a fixed pattern: full ones with a waitlist, ones with free seats, one at a customer's."""
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    added = 0
    for plan in PLANS:
        day = monday + plan.week * WEEK + dt.timedelta(days=plan.weekday)
        added += _plan(plan, _moment(day, plan.hour, 30 if plan.hour == 8 else 0))
    added += _today()
    return {"sessions": added}


def _plan(plan: Plan, start: dt.datetime) -> int:
    module = TrainingModule.objects.get(code=plan.code)
    if Session.objects.filter(parts__module=module, starts_at=start).exists():
        return 0
    facts: dict[str, Any] = {
        "capacity": plan.capacity,
        "place": plan.place,
        "kind": plan.kind,
        "title": plan.title,
        "minutes": plan.minutes or module.minutes,
    }
    if plan.held_for:
        branch = Organisation.objects.get(code=plan.held_for)
        facts |= {"organisation": branch, "audience": Audience.CUSTOMERS if branch.is_customer else Audience.STAFF}
    session = _schedule(module, _trainers_of(plan.code)[0], start, **facts)
    _book(session, plan.people)
    return 1


def _book(session: Session, numbers: Iterable[str]) -> list[Enrolment]:
    people = {person.staff_number: person for person in Person.objects.filter(staff_number__in=numbers)}
    return [book_seat(session, people[number], by=people[number], notify=False) for number in numbers]


def _today() -> int:
    """A session of today, to try check-in on: open, with some people in the room if it has begun."""
    module = TrainingModule.objects.get(code="TM-08")
    trainer = _trainers_of(module.code)[0]
    start = _moment(timezone.localdate(), 8, 30)
    if trainer.sessions_taught.filter(starts_at__date=timezone.localdate()).exists():
        return 0
    session = _schedule(module, trainer, start, title="洗碗机实操辅导", kind=SessionKind.COACHING, already_held=True)
    if timezone.now() >= start - dt.timedelta(hours=4):
        open_check_in(session, by=trainer)
    for number, staff_number in enumerate(("T002", "T018", "T009", "T023", "T005")):
        person = Person.objects.get(staff_number=staff_number)
        seat = book_seat(session, person, by=trainer, notify=False)
        came = start + dt.timedelta(minutes=number * 6 - 8)
        if number < 3 and came < timezone.now() < session.ends_at:
            check_in(seat, by=trainer, at=came)
    return 1

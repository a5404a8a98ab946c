"""The way out of a refusal with what is needed to take it: the session with a seat, the quiz, the reading, who may sign
the practical and how to reach them, the card to record.

The gate itself says a sentence and an address and asks nothing for it; here everything else is looked up, for all
answers of a question or a list at once, in a fixed number of queries.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from certification.actions import Action
from certification.enums import ReasonCode
from certification.models import AssessorAppointment, Checklist
from certification.permissions import files_kept_by, may_keep_files
from certification.requirements.hints import ShownReason, with_hints
from certification.requirements.reasons import kind_of
from certification.requirements.seats import SeatFinder
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.sessions.permissions import is_held_for
from courses.sessions.queries import for_lists
from courses.sessions.wording import written_time
from kb.models import ManualEdition
from portal.audiences import is_staff_member
from portal.enums import Role
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import Assignment, Organisation, Person, StatutoryKind
from portal.registry.duty import DutyAnswer, Reason

# Assessors named for one practical.
NAMED = 3

Way = dict[str, Any]


@dataclass
class Known:
    """What was looked up for the answers together.

    Args:
        sessions: coming sessions with a seat by code of the module, the next one first.
        taken: pairs of session and person who has a place in it already.
        assessors: appointed people by code of the checklist.
        cards: kinds of card by code.
        editions: title of the manual and name of its current edition, by number of the manual.
        keeps: keys of the people whose cards the asker records.
    """

    sessions: dict[str, list[Session]] = field(default_factory=lambda: defaultdict(list))
    taken: set[tuple[int, int]] = field(default_factory=set)
    assessors: dict[str, list[Person]] = field(default_factory=dict)
    cards: dict[str, StatutoryKind] = field(default_factory=dict)
    editions: dict[str, str] = field(default_factory=dict)
    keeps: frozenset[int] = frozenset()


def with_ways(asker: Person, answers: Sequence[DutyAnswer]) -> list[DutyAnswer]:
    """Return the answers with ways out that name session, quiz, reading, assessors and card, in a few queries."""
    lacking = [answer for answer in answers if answer.way_out]
    if not lacking:
        return list(answers)
    people = list({answer.person.pk: answer.person for answer in lacking}.values())
    _load_places(people)
    known = _look_up(asker, people, [reason for answer in lacking for reason in answer.reasons if not reason.met])
    made: dict[tuple[Any, ...], Way] = {}
    return [replace(answer, way_out=_ways(answer, known, made)) if answer.way_out else answer for answer in answers]


def shown_reasons(asker: Person, answer: DutyAnswer) -> list[ShownReason]:
    """Return the reasons of one answer as pages show them, each unmet one with its way out.

    Seats are named as the person's own where the reader is that person; what was booked is nobody else's affair.
    """
    own = answer.person.pk == asker.pk
    shown = with_hints(answer.reasons, SeatFinder(answer.person), own=own)
    ways = iter(answer.way_out)
    return [each if each.met else _with_way(each, next(ways, {}), own=own) for each in shown]


def _with_way(reason: ShownReason, way: Way, *, own: bool) -> ShownReason:
    if reason.action is not None and reason.detail:
        return reason
    action = reason.action
    if way.get("assessors") and way["assessors"][0]["phone"]:
        nearest = way["assessors"][0]
        action = Action(_("Call %(name)s") % {"name": nearest["name"]}, f"tel:{nearest['phone']}")
    elif action is None and way.get("url") and (own or way.get("session") or way.get("card")):
        action = Action(_("Record the card") if way.get("card") else _("See more"), way["url"])
    return replace(reason, detail=reason.detail if way.get("session") else way.get("message", ""), action=action)


def _load_places(people: list[Person]) -> None:
    """Load where these people work today, for all of them at once."""
    posts = Assignment.objects.valid_on(timezone.localdate()).select_related("position", "organisation")
    without = [person for person in people if not hasattr(person, "posts_of_day")]
    prefetch_related_objects(without, "organisation", Prefetch("assignments", posts, to_attr="posts_of_day"))


def _look_up(asker: Person, people: list[Person], reasons: Iterable[Reason]) -> Known:
    named: dict[str, set[str]] = defaultdict(set)
    for reason in reasons:
        for name in ("module", "checklist", "statutory_kind", "manual"):
            if name in reason.params:
                named[name].add(str(reason.params[name]))
    known = Known()
    if named["module"]:
        _find_sessions(known, people, named["module"])
    if named["checklist"] and is_staff_member(asker):
        known.assessors = _assessors(named["checklist"], timezone.localdate())
    if named["manual"]:
        current = ManualEdition.objects.published().filter(manual__number__in=named["manual"]).select_related("manual")
        # The current edition of a manual comes first and stays.
        known.editions = {each.manual.number: str(each) for each in reversed(current)}
    if named["statutory_kind"]:
        known.cards = {kind.code: kind for kind in StatutoryKind.objects.filter(code__in=named["statutory_kind"])}
        if may_keep_files(asker):
            keys = [person.pk for person in people]
            known.keeps = frozenset(files_kept_by(asker).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    return known


def _find_sessions(known: Known, people: Collection[Person], modules: Collection[str]) -> None:
    coming = Session.objects.filter(
        state=SessionState.SCHEDULED, starts_at__gt=timezone.now(), parts__module__code__in=modules
    )
    found = for_lists(coming.distinct()).order_by("starts_at", "pk")
    free = [session for session in found if getattr(session, "free_seats", 0) > 0]
    for session in free:
        for part in session.parts.all():
            known.sessions[part.module.code].append(session)
    _load_roles(people)
    held = Enrolment.objects.filter(session__in=[session.pk for session in free], person__in=people)
    held = held.exclude(state=EnrolmentState.CANCELLED)
    known.taken = set(held.order_by().values_list("session", "person")) if free else set()


def _load_roles(people: Collection[Person]) -> None:
    """Read the roles of these people at once: which sessions are theirs depends on them."""
    roles: dict[int, set[str]] = {person.pk: set() for person in people}
    for key, name in Person.groups.through.objects.filter(person__in=roles).values_list("person", "group__name"):
        roles[key].add(name)
    for person in people:
        person.__dict__.setdefault("role_names", frozenset(roles[person.pk]))


def _assessors(checklists: Collection[str], day: dt.date) -> dict[str, list[Person]]:
    """Return who is appointed for the category of each checklist, with where they work."""
    listed = list(Checklist.objects.filter(code__in=checklists).select_related("category"))
    paths = {checklist.code: set(self_and_ancestor_paths(checklist.category)) for checklist in listed}
    wanted = {path for each in paths.values() for path in each}
    appointed = AssessorAppointment.objects.valid_on(day).filter(
        category__path__in=wanted, person__is_active=True, person__groups__name=Role.ASSESSOR
    )
    pairs = list(appointed.order_by().values_list("person", "category__path"))
    people = Person.objects.filter(pk__in={key for key, _path in pairs}).with_posts(day)
    by_key = {person.pk: person for person in people.order_by("staff_number")}
    return {
        code: [person for key, person in by_key.items() if any(key == each and path in own for each, path in pairs)]
        for code, own in paths.items()
    }


def _ways(answer: DutyAnswer, known: Known, made: dict[tuple[Any, ...], Way]) -> list[Way]:
    unmet = [reason for reason in answer.reasons if not reason.met]
    return [_way(answer, reason, plain, known, made) for reason, plain in zip(unmet, answer.way_out, strict=True)]


def _way(
    answer: DutyAnswer, reason: Reason, plain: dict[str, str], known: Known, made: dict[tuple[Any, ...], Way]
) -> Way:
    """Return the way out of one reason; people of the same places who share a reason share it."""
    person = answer.person
    session = _seat(reason, person, known)
    keeps = person.pk in known.keeps
    # Nobody signs their own practical, so that an assessor is named others than the colleague beside them.
    signs = any(each.pk == person.pk for each in known.assessors.get(str(reason.params.get("checklist", "")), ()))
    own = person.pk if keeps or signs else None
    key = (id(reason), tuple(place.path for place in person.places), session and session.pk, own, keeps)
    if key not in made:
        made[key] = _made(reason, person, plain, known, session=session, keeps=keeps)
    return made[key]


def _made(
    reason: Reason, person: Person, plain: dict[str, str], known: Known, *, session: Session | None, keeps: bool
) -> Way:
    way: Way = {**plain, "session": None, "quiz": None, "reading": None, "assessors": [], "card": None}
    kind = kind_of(reason)
    if "module" in reason.params and not reason.met:
        return way | _of_session(session)
    if "quiz" in reason.params:
        return way | {"quiz": {"code": reason.params["quiz"], "url": plain["url"]}}
    if reason.code == ReasonCode.REVISION_UNREAD:
        return way | {"reading": {"title": reason.params["edition"], "url": plain["url"]}}
    if "manual" in reason.params:
        title = known.editions.get(str(reason.params["manual"]), reason.params["manual"])
        return way | {"reading": {"title": title, "url": plain["url"]}}
    if "checklist" in reason.params:
        return way | _of_assessors(_nearest(known.assessors.get(str(reason.params["checklist"]), ()), person))
    card = known.cards.get(str(reason.params.get("statutory_kind", "")))
    if card is not None and kind is not None:
        url = f"{reverse('certification:statutory_new')}?{urlencode({'person': person.staff_number})}" if keeps else ""
        way |= {"card": {"kind": card.code, "name": card.name, "url": url}, "url": url or plain["url"]}
        if keeps:
            way["message"] = _("Record the card “%(card)s” once you have seen it.") % {"card": card.name}
    return way


def _seat(reason: Reason, person: Person, known: Known) -> Session | None:
    """Return the next session of the module with a seat that the person may book and has no place in."""
    sessions = known.sessions.get(str(reason.params.get("module", "")), ())
    return next(
        (
            session
            for session in sessions
            if (session.pk, person.pk) not in known.taken
            and session.trainer_id != person.pk
            and is_held_for(person, session)
        ),
        None,
    )


def _of_session(session: Session | None) -> Way:
    if session is None:
        return {"message": _("No session has a free seat at present.")}
    seats: int = getattr(session, "free_seats", 0)
    facts = {"when": written_time(session), "place": session.place, "seats": seats}
    url = session.get_absolute_url()
    return {
        "message": _("Next session with a seat: %(when)s, %(place)s, %(seats)s left") % facts,
        "url": url,
        "session": {
            "starts_at": session.starts_at,
            "ends_at": session.ends_at,
            "place": session.place,
            "free_seats": seats,
            "url": url,
            "meetings": [
                {"number": one.number, "starts_at": one.starts_at, "ends_at": one.ends_at, "place": one.place}
                for one in session.meetings.all()
            ],
        },
    }


def _nearest(assessors: Iterable[Person], person: Person) -> list[Person]:
    """Return the assessors of the person's network, those of the outlet first, then of the region; never oneself."""
    step = Organisation.steplen
    mine = [place.path for place in person.places]

    def shared(assessor: Person) -> int:
        return max((_common(one.path, path) for one in assessor.places for path in mine), default=0)

    near = [(shared(each), each) for each in assessors if each.pk != person.pk]
    near.sort(key=lambda pair: -pair[0])
    return [each for common, each in near if common >= step][:NAMED]


def _common(one: str, other: str) -> int:
    step, length = Organisation.steplen, 0
    while length < min(len(one), len(other)) and one[: length + step] == other[: length + step]:
        length += step
    return length


def _of_assessors(people: Sequence[Person]) -> Way:
    if not people:
        return {}
    found = [
        {
            "name": person.name,
            "staff_number": person.staff_number,
            "phone": person.mobile or next((place.phone for place in person.places if place.phone), ""),
            "organisation": person.place_names,
        }
        for person in people
    ]
    named = "；".join(f"{each['name']} {each['phone']}（{each['organisation']}）" for each in found)
    return {"message": _("May sign it: %(people)s") % {"people": named}, "assessors": found}

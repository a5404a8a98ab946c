"""Coverage forecast: who may do work at each site in the coming months, against what is needed and what is booked.

Heads are those the gate allows on the first day of a month with what is on record now, so that every expiry takes its
head away. People who have a seat in a coming session of a module the schemes ask for may make up for them after it.
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q
from django.utils import timezone

from certification.duty.counting import ask_to_count
from certification.duty.work import Work, ask_until, may_count
from certification.models import Requirement
from certification.requirements.evidence import entries_of
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session, TrainingModule
from portal.models import Assignment, Organisation, Person, PersonQuerySet
from portal.registry.duty import DutyAnswer

# Where people work, by person and by month counted from now.
PlacesOf = dict[int, dict[int, list[int]]]

MONTHS = 6
# Seats of a session as it is planned when nobody says otherwise.
SEATS: int = Session._meta.get_field("capacity").default


@dataclass
class Site:
    """A site and, by month, who may do the work there.

    Args:
        heads: keys of the people the gate allows on the first of each month.
        booked: keys of people whose last session with a seat is over before the first of each month.
    """

    organisation: Organisation
    heads: list[set[int]]
    booked: list[set[int]]
    overridden: set[int] = field(default_factory=set)

    @property
    def needed(self) -> int:
        """How many the site needs."""
        return self.organisation.min_certified

    @property
    def months(self) -> list["Month"]:
        """The months with heads, those booked until then, and what is missing after both."""
        found = []
        for heads, booked in zip(self.heads, self.booked, strict=True):
            extra = len(booked - heads)
            found.append(Month(len(heads), extra, max(self.needed - len(heads) - extra, 0)))
        return found


@dataclass(frozen=True)
class Month:
    """A site in a month: heads, people who may be ready by then, and how many are missing all the same."""

    heads: int
    booked: int
    gap: int


@dataclass(frozen=True)
class Proposal:
    """A session to plan: of a module, before a month, for so many people."""

    module: TrainingModule
    before: dt.date
    people: int
    sites: Sequence[str]

    @property
    def sessions(self) -> int:
        """How many sessions of the usual size that takes."""
        return math.ceil(self.people / SEATS)


@dataclass(frozen=True)
class Forecast:
    """The coming months at the sites looked at."""

    months: Sequence[dt.date]
    sites: Sequence[Site]
    proposals: Sequence[Proposal]

    @property
    def totals(self) -> list[Month]:
        """All sites together, by month."""
        columns = zip(*(site.months for site in self.sites), strict=True)
        return [
            Month(sum(m.heads for m in column), sum(m.booked for m in column), sum(m.gap for m in column))
            for column in columns
        ]

    @property
    def needed(self) -> int:
        """How many all sites together need."""
        return sum(site.needed for site in self.sites)


def coming_months(today: dt.date, number: int = MONTHS) -> list[dt.date]:
    """Return today and the first days of the months after it."""
    found = [today]
    for _month in range(number - 1):
        last = found[-1]
        found.append(dt.date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return found


def forecast(
    places: Iterable[Organisation], people_on: Callable[[dt.date], PersonQuerySet], works: Sequence[Work]
) -> Forecast:
    """Return the forecast for some of ``works`` at ``places``: who may do any of it; a fixed number of queries.

    Args:
        people_on: whom the reader sees on a day; each month counts who works at a site on its first day.
    """
    months = coming_months(timezone.localdate())
    sites = {place.pk: Site(place, [set() for _each in months], [set() for _each in months]) for place in places}
    members = _members(sites, people_on, months)
    places_of: PlacesOf = defaultdict(dict)
    for person in members:
        for at, month in enumerate(months):
            if places := _places_in(person, month) & sites.keys():
                places_of[person.pk][at] = sorted(places)
    openers = {key for work in works for key in work.openers}
    _count_heads(sites, members, places_of, works, openers, months)
    _count_booked(sites, places_of, openers, months)
    found = list(sites.values())
    return Forecast(months, found, _proposals(found, openers, months))


def _members(
    sites: Iterable[int], people_on: Callable[[dt.date], PersonQuerySet], months: Sequence[dt.date]
) -> list[Person]:
    """Return who works at one of the sites in some month, with the posts of all the months: two queries."""
    there = Q()
    for month in months:
        near = people_on(month).possibly_at(list(sites), month, month)
        of_month = near.belonging_to(Organisation.objects.filter(pk__in=sites), month)
        there |= Q(pk__in=of_month.order_by().values("pk"))
    posts = Assignment.objects.filter(Q(end__isnull=True) | Q(end__gte=months[0]), start__lte=months[-1])
    held = Prefetch("assignments", posts.select_related("position", "organisation"), to_attr="posts_of_months")
    people = list(Person.objects.filter(there).select_related("organisation").prefetch_related(held))
    for person in people:
        person.posts_of_day = [post for post in person.posts_of_months if post.start <= months[0]]
    return people


def _places_in(person: Person, month: dt.date) -> set[int]:
    """Return the keys of the places of work on the first day of a month, the one on the record while there is none."""
    posts = [post for post in person.posts_of_months if post.start <= month <= (post.end or month)]
    return {post.organisation_id for post in posts} or {person.organisation_id}


def _count_heads(
    sites: dict[int, Site],
    members: Sequence[Person],
    places_of: PlacesOf,
    works: Sequence[Work],
    openers: set[int],
    months: Sequence[dt.date],
) -> None:
    """Ask the gate about those who hold a scheme that opens the work, for each month."""
    now = timezone.now()
    entries = entries_of(list(places_of), openers, only_deciding=True)
    held = {
        key: {pk for pk, rows in each.items() if any(may_count(rows, month, now) for month in months)}
        for key, each in entries.items()
    }
    asked = [
        (at, person.pk, [work.question(person, day, now) for work in opened])
        for person in members
        if (opened := [work for work in works if work.openers & held.get(person.pk, set())])
        for at, day in enumerate(months)
        if at in places_of[person.pk]
    ]
    # One work a head may do is enough.
    answers = ask_until([questions for _at, _person, questions in asked], _is_head, ask_to_count)
    for (at, person, _questions), given in zip(asked, answers, strict=True):
        if any(_is_head(answer) for answer in given):
            for place in places_of[person][at]:
                sites[place].heads[at].add(person)
        elif at == 0 and any(answer.is_overridden for answer in given):
            for place in places_of[person][at]:
                sites[place].overridden.add(person)


def _is_head(answer: DutyAnswer) -> bool:
    """Whether there is somebody to plan with: not who may only because somebody answers for it, or under somebody."""
    return answer.state == "allowed"


def _count_booked(sites: dict[int, Site], places_of: PlacesOf, openers: set[int], months: Sequence[dt.date]) -> None:
    seats = (
        Enrolment.objects.filter(
            person__in=list(places_of),
            state=EnrolmentState.SEATED,
            # A course that runs is open between its meetings.
            session__state__in=(SessionState.SCHEDULED, SessionState.OPEN),
            session__ends_at__gt=timezone.now(),
            session__parts__module__requirements__scheme__in=openers,
        )
        .annotate(ends=F("session__ends_at"))
        .order_by()
        .values_list("person", "ends")
    )
    last: dict[int, dt.date] = {}
    for person, ends in seats:
        day = timezone.localdate(ends)
        last[person] = max(day, last.get(person, day))
    for person, day in last.items():
        for at, places in places_of[person].items():
            for place in places:
                if months[at] > day:
                    sites[place].booked[at].add(person)


def _proposals(sites: Sequence[Site], openers: set[int], months: Sequence[dt.date]) -> list[Proposal]:
    """Return the sessions to plan: of every module the schemes ask for, before the first month that falls short."""
    short: dict[int, list[Site]] = defaultdict(list)
    for site in sites:
        first = next((at for at, month in enumerate(site.months) if month.gap), None)
        if first is not None:
            short[first].append(site)
    if not short:
        return []
    asked = Requirement.objects.filter(scheme__in=openers, module__isnull=False).order_by().values("module")
    modules = list(TrainingModule.objects.filter(pk__in=asked).order_by("code"))
    return [
        Proposal(
            module,
            months[at],
            sum(max(month.gap for month in site.months) for site in listed),
            [site.organisation.name for site in listed],
        )
        for at, listed in sorted(short.items())
        for module in modules
    ]

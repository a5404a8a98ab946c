"""What the answers of the gate rest on, loaded once for all questions asked together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from django.db.models import prefetch_related_objects
from django.utils import timezone

from certification.duty.assignments import Posts, posts_from, posts_of, trail_of
from certification.duty.own_changes import OwnChanges, Stood, own_changes
from certification.ledger.standing import Fact
from certification.requirements.evidence import Evidence, evidence_of
from certification.schemes.loading import Subjects
from certification.schemes.queries import SchemesInForce, schemes_in_force
from certification.statutory.cards import CardsNeeded, cards_needed_for
from certification.stops.judging import Stop, stops_from
from portal.access.together import together
from portal.models import EquipmentModel, Person, PortalSettings
from portal.people.activity import Turns, activity_of
from portal.registry.duty import DutyQuestion, Reason

# A question asked now is answered within this time.
AT_ONCE = dt.timedelta(minutes=1)
# Met and unmet reasons under one scheme, and its grant where it stands; it counts where nothing is unmet.
UnderScheme = tuple[list[Reason], list[Reason], Fact | None]


@dataclass(frozen=True)
class Facts:
    """Everything the answers rest on, loaded once."""

    schemes: SchemesInForce
    evidence: dict[int, Evidence]
    posts: Posts
    cards: dict[tuple[int, str], CardsNeeded]
    expiring_days: int
    stops: tuple[Stop, ...] = ()
    # Who guides one of the people asked about.
    guides: dict[int, Person] = field(default_factory=dict)
    # When one of the people left or came back; read where a question is asked as known earlier.
    activity: dict[int, Turns] = field(default_factory=dict)
    # What can be done about a reason that many people share, by the reason's identity.
    ways: dict[int, dict[str, str]] = field(default_factory=dict)
    # By person, scheme, day and moment: a condition is judged once, whatever it is a condition of.
    under_scheme: dict[tuple[int, int, dt.date, dt.datetime], UnderScheme] = field(default_factory=dict)
    # By scheme and day: what everybody lacks who has shown nothing of it.
    nothing_shown: dict[tuple[int, dt.date], UnderScheme] = field(default_factory=dict)
    no_cards: dict[frozenset[int], list[Reason]] = field(default_factory=dict)
    # What one of the people changed of the bar themselves, as long as nobody else has confirmed it.
    own: OwnChanges = field(default_factory=OwnChanges)

    def as_it_stood(self, question: DutyQuestion) -> Stood | None:
        """Return the question as of before the person's own changes; None where none bears on it."""
        subject = question.equipment or question.position
        before = self.own.before(question.person.pk, question.known_at)
        changes = before.bearing_on(subject) if before is not None and subject is not None else []
        if before is None or not changes:
            return None
        if question.position is not None:
            return Stood(replace(question, position=before.post(question.position)), self, changes)
        machine, person = before.machine(cast("EquipmentModel", question.equipment)), question.person.pk
        facts = replace(
            self,
            cards=cards_needed_for([(machine, str(question.task))], before.rules),
            posts=replace(self.posts, besides=before.posts_held(question.on)),
            evidence=self.evidence | {person: self.evidence[person].as_it_stood(before.is_moved)},
            # By the identity of reasons, and by what was shown: those of now are others.
            ways={},
            under_scheme={},
        )
        return Stood(replace(question, equipment=machine), facts, changes)


def load(questions: Sequence[DutyQuestion], *, only_deciding: bool = False) -> Facts:
    """Load everything the answers to ``questions`` rest on, in a fixed number of queries.

    Args:
        only_deciding: what says who is allowed, not all that says why others are not; see ``evidence_of``.
    """
    people = {question.person.pk for question in questions}
    machines = {asked.equipment for asked in questions if asked.equipment is not None}
    schemes = schemes_in_force(Subjects(machines, {asked.position.pk for asked in questions if asked.position}))
    is_of_earlier = any(_is_of_earlier(question) for question in questions)
    own = own_changes(questions, schemes, of_earlier=is_of_earlier)
    if own.concern_machines:
        schemes = schemes_in_force()
    keys = [scheme.pk for scheme in schemes.schemes]
    evidence = evidence_of(people, keys, only_deciding=only_deciding)
    guides = _guides(questions, evidence)
    if guides - people:
        evidence |= evidence_of(guides - people, keys, only_deciding=only_deciding)
    posts, guiding = _posts(people, guides)
    work = [(asked.equipment, asked.task) for asked in questions if asked.equipment is not None and asked.task]
    cards = cards_needed_for(work) if work else {}
    days = schemes.expiring_days
    stops = stops_from(schemes.stops)
    if any(stop.region for stop in stops):
        # Who holds no post belongs where the record says; callers mostly have it loaded.
        prefetch_related_objects([question.person for question in questions], "organisation")
    expiring = PortalSettings.load().expiring_days if days is None else days
    return Facts(
        schemes,
        evidence,
        posts,
        cards,
        expiring,
        stops,
        guiding,
        activity_of(people) if is_of_earlier else {},
        own=own,
    )


def _posts(people: set[int], guides: set[int]) -> tuple[Posts, dict[int, Person]]:
    """Return the posts of everybody, and who guides: one query."""
    if not guides:
        return posts_of(people), {}
    who = Person.objects.filter(pk__in=guides).select_related("organisation")
    found = together(trail=trail_of(people | guides), guides=who)
    return posts_from(found["trail"]), {person.pk: person for person in found["guides"]}


def _is_of_earlier(question: DutyQuestion) -> bool:
    """Whether a question is asked as known earlier, not as known when it is asked."""
    return timezone.now() - question.known_at > AT_ONCE


def _guides(questions: Sequence[DutyQuestion], evidence: dict[int, Evidence]) -> set[int]:
    """Return who guides one of the people asked about on the day asked about."""
    return {
        each.guide
        for asked in questions
        for each in evidence[asked.person.pk].guidances
        if each.counts_on(asked.on, asked.known_at)
    }

"""Calendar feeds: the subject of a link and its sessions, with permission checked at every fetch."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.calendars.tags import own_rows, session_rows, tag_of
from courses.enums import EnrolmentState, FeedKind, SessionState
from courses.models import DroppedMeeting, Enrolment, Meeting, Place, Project, Session, SessionModule
from courses.modules.permissions import visible_modules
from courses.places.permissions import may_see_places
from courses.plans.permissions import visible_projects
from courses.sessions.events import dropped_event, event_of, organiser
from courses.sessions.events import events_of as events_of_session
from courses.sessions.permissions import branches_over, visible_sessions
from portal.access.sight import organisations_in_sight
from portal.enums import Role, Tier, TokenPurpose
from portal.exchange.calendars import CalendarEvent, Mailbox, build_calendar
from portal.models import AccessToken, EquipmentCategory, EquipmentModel, Organisation, Person

# How far a feed looks back and ahead, and how long what was cancelled stays in it so that calendars take it away.
LOOK_BACK = dt.timedelta(days=90)
LOOK_AHEAD = dt.timedelta(days=400)
KEEP_CANCELLED = dt.timedelta(days=45)
# No key of a record is longer; Python refuses to read numbers of thousands of digits.
MAX_DIGITS = 18


@dataclass(frozen=True)
class FeedSubject:
    """Subject of a feed as stored in a token: ``person:7``."""

    kind: FeedKind
    pk: int

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "FeedSubject | None":
        """Return the subject ``text`` names, or None for anything else."""
        kind, _colon, number = text.partition(":")
        if kind not in FeedKind.values or not number.isascii() or not number.isdigit() or len(number) > MAX_DIGITS:
            return None
        return cls(FeedKind(kind), int(number))


MODEL_OF = {
    FeedKind.PERSON: Person,
    FeedKind.TRAINER: Person,
    FeedKind.ORGANISATION: Organisation,
    FeedKind.CATEGORY: EquipmentCategory,
    FeedKind.MODEL: EquipmentModel,
    FeedKind.PROJECT: Project,
    FeedKind.PLACE: Place,
    FeedKind.REGION: Organisation,
}
# Places offered on the page of links, by name.
PLACES_OFFERED = 50


def names_of(subjects: Iterable[FeedSubject]) -> dict[FeedSubject, str]:
    """Return what the calendars are called, one query a kind; what a subject was about may be gone: no name."""
    names: dict[FeedSubject, str] = {}
    wanted = list(subjects)
    for model in dict.fromkeys(MODEL_OF[subject.kind] for subject in wanted):
        group = [subject for subject in wanted if MODEL_OF[subject.kind] is model]
        found = dict(model.objects.filter(pk__in=[subject.pk for subject in group]).values_list("pk", "name"))
        names |= {subject: _named(subject.kind, found[subject.pk]) for subject in group if subject.pk in found}
    return names


def _named(kind: FeedKind, name: str) -> str:
    sentence = {
        FeedKind.PERSON: _("Training of %(name)s"),
        FeedKind.TRAINER: _("Sessions taught by %(name)s"),
        FeedKind.ORGANISATION: _("Training: %(name)s"),
        FeedKind.CATEGORY: _("Training: %(name)s"),
        FeedKind.MODEL: _("Training: %(name)s"),
        FeedKind.PROJECT: _("Training: %(name)s"),
        FeedKind.PLACE: _("Training at %(name)s"),
        FeedKind.REGION: _("Training in the region %(name)s"),
    }[kind]
    return sentence % {"name": name}


def may_subscribe(person: Person, subject: FeedSubject) -> bool:
    """Whether ``person`` may have a link to this calendar; asked when it is made and at every fetch."""
    if not person.is_active:
        return False
    if subject.kind == FeedKind.PERSON:
        return subject.pk == person.pk
    if subject.kind == FeedKind.TRAINER:
        return subject.pk == person.pk and person.has_role(Role.TRAINER)
    if subject.kind == FeedKind.ORGANISATION:
        own = Q(path__in=branches_over(person.places)) | Q(pk__in=organisations_in_sight(person).values("pk"))
        return Organisation.objects.filter(own, pk=subject.pk).exists()
    if subject.kind == FeedKind.PROJECT:
        return visible_projects(person).filter(pk=subject.pk).exists()
    if subject.kind == FeedKind.PLACE:
        return may_see_places(person) and Place.objects.filter(pk=subject.pk).exists()
    if subject.kind == FeedKind.REGION:
        return _regions_of(person).filter(pk=subject.pk).exists()
    if subject.kind == FeedKind.MODEL:
        return _taught_models(person).filter(pk=subject.pk).exists()
    return EquipmentCategory.objects.filter(pk=subject.pk).exists()


def _regions_of(person: Person) -> QuerySet[Organisation]:
    """Return the regions whose training somebody arranges or looks after may follow."""
    if not person.has_role(Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR):
        return Organisation.objects.none()
    own = Q(path__in=branches_over(person.places)) | Q(pk__in=organisations_in_sight(person).values("pk"))
    return Organisation.objects.filter(own, tier=Tier.REGION)


def _taught_models(person: Person) -> QuerySet[EquipmentModel]:
    """Return the equipment models that a module the person may see teaches."""
    return EquipmentModel.objects.filter(modules__in=visible_modules(person)).distinct().order_by("code")


def subjects_for(person: Person) -> list[FeedSubject]:
    """Return the calendars offered to ``person``: the own, what they teach, their branches, the categories taught."""
    found = [FeedSubject(FeedKind.PERSON, person.pk)]
    if person.has_role(Role.TRAINER):
        found.append(FeedSubject(FeedKind.TRAINER, person.pk))
    branches = Organisation.objects.filter(path__in=branches_over(person.places)).order_by("-path")
    found += [FeedSubject(FeedKind.ORGANISATION, pk) for pk in branches.values_list("pk", flat=True)]
    categories = EquipmentCategory.objects.filter(modules__in=visible_modules(person)).distinct().order_by("path")
    found += [FeedSubject(FeedKind.CATEGORY, pk) for pk in categories.values_list("pk", flat=True)]
    found += [FeedSubject(FeedKind.MODEL, pk) for pk in _taught_models(person).values_list("pk", flat=True)]
    projects = visible_projects(person).order_by("code").values_list("pk", flat=True)
    found += [FeedSubject(FeedKind.PROJECT, pk) for pk in projects]
    regions = _regions_of(person).order_by("path").values_list("pk", flat=True)
    found += [FeedSubject(FeedKind.REGION, pk) for pk in regions]
    if may_see_places(person):
        places = Place.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", flat=True)
        found += [FeedSubject(FeedKind.PLACE, pk) for pk in places[:PLACES_OFFERED]]
    return found


def live_tokens(person: Person) -> QuerySet[AccessToken]:
    """Return the calendar links of ``person`` that still work, the newest first."""
    tokens = AccessToken.objects.filter(purpose=TokenPurpose.CALENDAR, person=person, revoked_at__isnull=True)
    return tokens.order_by("-pk")


def _narrowed(person: Person, subject: FeedSubject) -> QuerySet[Session]:
    sessions = visible_sessions(person)
    if subject.kind == FeedKind.TRAINER:
        return sessions.filter(trainer=subject.pk)
    if subject.kind == FeedKind.ORGANISATION:
        branch = Organisation.objects.filter(pk=subject.pk).first()
        if branch is None:
            return sessions.none()
        held = Q(organisation__path__startswith=branch.path) | Q(organisation__path__in=branches_over([branch]))
        return sessions.filter(held)
    if subject.kind == FeedKind.PLACE:
        held, dropped = (each.objects.filter(place_record=subject.pk) for each in (Meeting, DroppedMeeting))
        return sessions.filter(Q(pk__in=held.values("session")) | Q(pk__in=dropped.values("session")))
    if subject.kind == FeedKind.REGION:
        return sessions.filter(_in_region(subject.pk))
    if subject.kind == FeedKind.PROJECT:
        return sessions.filter(planned_by__row__project=subject.pk)
    if subject.kind == FeedKind.MODEL:
        about = SessionModule.objects.filter(module__equipment=subject.pk)
        return sessions.filter(pk__in=about.values("session"))
    category = EquipmentCategory.objects.filter(pk=subject.pk).first()
    if category is None:
        return sessions.none()
    taught = SessionModule.objects.filter(module__category__path__startswith=category.path)
    return sessions.filter(pk__in=taught.values("session"))


def _in_region(pk: int) -> Q:
    """Return the filter of sessions held for a region's branch, or at a place of it."""
    path = Organisation.objects.filter(pk=pk, tier=Tier.REGION).values_list("path", flat=True).first()
    if path is None:
        return Q(pk__in=[])
    there = Meeting.objects.filter(place_record__organisation__path__startswith=path)
    return Q(organisation__path__startswith=path) | Q(pk__in=there.values("session"))


def _in_window(sessions: QuerySet[Session]) -> QuerySet[Session]:
    now = timezone.now()
    near = sessions.filter(ends_at__gt=now - LOOK_BACK, starts_at__lt=now + LOOK_AHEAD)
    return near.exclude(state=SessionState.CANCELLED, changed_at__lt=now - KEEP_CANCELLED)


def _places_of(person: Person) -> QuerySet[Enrolment]:
    given_back = Q(state=EnrolmentState.CANCELLED, changed_at__lt=timezone.now() - KEEP_CANCELLED)
    return Enrolment.objects.filter(person=person, session__in=_in_window(Session.objects.all())).exclude(given_back)


def events_of(person: Person, subject: FeedSubject) -> Sequence[CalendarEvent]:
    """Return the events of a feed as ``person`` may see them now.

    In a person's own feed a place on the waitlist is tentative and a seat given back is cancelled for a while.
    """
    parts, by = SessionModule.objects.select_related("module"), organiser()
    dropped = DroppedMeeting.objects.filter(dropped_at__gt=timezone.now() - KEEP_CANCELLED)
    if subject.kind != FeedKind.PERSON:
        sessions = _in_window(_narrowed(person, subject)).select_related("trainer", "organisation")
        sessions = sessions.prefetch_related(
            Prefetch("parts", queryset=parts), "meetings", Prefetch("dropped_meetings", queryset=dropped)
        )
        shown: list[tuple[Session, Enrolment | None]]
        shown = [(session, None) for session in sessions.order_by("starts_at", "pk")]
    else:
        places = _places_of(person).select_related("session__trainer", "session__organisation")
        places = places.prefetch_related(
            Prefetch("session__parts", queryset=parts),
            "session__meetings",
            Prefetch("session__dropped_meetings", queryset=dropped),
        )
        shown = [(place.session, place) for place in places.order_by("session__starts_at", "session")]
    events: list[CalendarEvent] = []
    for session, place in shown:
        at_place = subject.pk if subject.kind == FeedKind.PLACE else None
        events += _events_of(session, place, at_place, by)
    return events


def _events_of(session: Session, place: Enrolment | None, room: int | None, by: Mailbox) -> Iterable[CalendarEvent]:
    """Yield the meetings of a session, and those dropped lately that were shown: in the room, or to who had a place."""
    for meeting in session.meetings.all():
        if room is None or meeting.place_record_id == room:
            yield event_of(meeting, place, organised_by=by)
    sequence = place.calendar_sequence if place else session.sequence
    for meeting in session.dropped_meetings.all():
        was_shown = place is None or meeting.dropped_at >= place.booked_at
        if was_shown and room in (None, meeting.place_record_id):
            yield dropped_event(meeting, sequence, organised_by=by)


@dataclass(frozen=True)
class Feed:
    """A calendar that somebody may fetch now."""

    person: Person
    subject: FeedSubject

    @cached_property
    def name(self) -> str:
        """What the calendar is called; nothing where the subject is gone."""
        if self.subject.kind in (FeedKind.PERSON, FeedKind.TRAINER):
            return _named(self.subject.kind, self.person.name)
        return names_of([self.subject]).get(self.subject, "")

    @property
    def tag(self) -> str:
        """The entity tag: one query for what the events show, and nothing is built."""
        if self.subject.kind == FeedKind.PERSON:
            return tag_of(self.name, own_rows(_places_of(self.person)))
        return tag_of(self.name, session_rows(_in_window(_narrowed(self.person, self.subject))))

    def build(self) -> bytes:
        """Return the calendar."""
        return build_calendar(events_of(self.person, self.subject), name=self.name, method="PUBLISH")


def feed_of(secret: str) -> Feed | None:
    """Return the feed this secret opens, or None for a wrong or revoked one or one whose owner may not any more."""
    token = AccessToken.objects.find(TokenPurpose.CALENDAR, secret)
    if token is None or token.person is None:
        return None
    subject = FeedSubject.parse(token.subject)
    if subject is None or not may_subscribe(token.person, subject):
        return None
    return Feed(token.person, subject)


def tag_of_session(session: Session, enrolment: Enrolment | None = None) -> str:
    """Return the entity tag of :func:`calendar_of_session`."""
    own = enrolment and (enrolment.state, enrolment.sequence, enrolment.changed_at)
    return tag_of(repr(own), session_rows(Session.objects.filter(pk=session.pk)))


def calendar_of_session(session: Session, enrolment: Enrolment | None = None) -> bytes:
    """Return one session as a file to add to a calendar.

    Args:
        enrolment: the reader's place; for one given back the session is shown as to anybody, yet as newer than the
            letter that took it away.
    """
    events = events_of_session(
        session, enrolment if enrolment and enrolment.state != EnrolmentState.CANCELLED else None
    )
    if enrolment is not None:
        sequence = session.sequence + enrolment.sequence
        changed = max(session.changed_at, enrolment.changed_at)
        events = [replace(event, sequence=sequence, changed_at=changed) for event in events]
    return build_calendar(events, method="PUBLISH", refresh=None)

"""Facts a session is scheduled with, and whether its trainer may teach it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from courses.enums import SeatApproval, SessionKind
from courses.models import Meeting, Place, Session, TrainingModule
from courses.sessions.errors.scheduling import TrainerNotQualified
from courses.sessions.meetings.domain import MeetingPlan
from portal.enums import Audience, Role
from portal.models import EquipmentUnit, Organisation, Person


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """A session as somebody wants it held.

    Args:
        organisation: the branch or customer it is held for.
        modules: what is taught, and how many minutes of each are credited.
        starts_at, ends_at, place: of the first meeting; aware moments; break_minutes lie between them and are not
            taught.
        more: the further meetings.
        title: the first module's title if empty.
        approval: who has to agree to a seat that is booked.
        book_until, cancel_until: the last moments for it; until the start where nothing is said.
        offer_hours: how long a free seat is held for the first on the waitlist; 0 gives it without asking.
    """

    trainer: Person
    organisation: Organisation
    modules: Mapping[TrainingModule, int]
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    title: str = ""
    kind: str = SessionKind.CLASS
    audience: str = Audience.STAFF
    capacity: int = 12
    break_minutes: int = 0
    note: str = ""
    approval: str = SeatApproval.NOBODY
    book_until: dt.datetime | None = None
    cancel_until: dt.datetime | None = None
    offer_hours: int = 0
    machines: Collection[EquipmentUnit] = ()
    more: Sequence[MeetingPlan] = ()

    def meetings(self) -> list[MeetingPlan]:
        """Return all meetings."""
        first = MeetingPlan(
            starts_at=self.starts_at, ends_at=self.ends_at, place=self.place, break_minutes=self.break_minutes
        )
        return [first, *self.more]

    def session(self) -> Session:
        """Return the session of this plan without its meetings, not yet saved; there is at least one module."""
        return Session(
            title=self.title.strip() or next(iter(self.modules)).title,
            trainer=self.trainer,
            organisation=self.organisation,
            kind=self.kind,
            audience=self.audience,
            capacity=self.capacity,
            note=self.note,
            approval=self.approval,
            book_until=self.book_until,
            cancel_until=self.cancel_until,
            offer_hours=self.offer_hours,
        )


def check_trainer(
    session: Session, modules: list[TrainingModule], meetings: Collection[Meeting], *, learners: Collection[int] = ()
) -> None:
    """See that the trainer is one of ``modules``; holds the rows of trainer, learners and places.

    Rows are held in one order everywhere: the session, then people by their keys, then places by theirs.

    Args:
        learners: keys of the people whose bookings decide as well.

    Raises:
        TrainerNotQualified: for one of the modules.
    """
    # Locked, so that two sessions arranged at the same moment cannot both find trainer and place free.
    held = Person.objects.select_for_update().filter(pk__in={session.trainer_id, *learners}).order_by("pk")
    trainer = {person.pk: person for person in held}[session.trainer_id]
    places = {meeting.place_record_id for meeting in meetings} - {None}
    if places:
        list(Place.objects.select_for_update().filter(pk__in=places).order_by("pk").values_list("pk"))
    qualified = set(TrainingModule.objects.filter(trainers=trainer).values_list("pk", flat=True))
    missing = [module.title for module in modules if module.pk not in qualified]
    if missing or not trainer.has_role(Role.TRAINER):
        names = missing or [module.title for module in modules]
        raise TrainerNotQualified(trainer=trainer.name, modules="、".join(names))

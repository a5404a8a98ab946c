"""Facts a session is scheduled with, and the validation that they fit together."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from courses.enums import SeatApproval, SessionKind
from courses.models import Place, Session, TrainingModule
from courses.models.places import tidy_place
from courses.sessions.clashes import LONGEST
from courses.sessions.errors.scheduling import EndsBeforeStart, SessionTooLong, TooLittleTime, TrainerNotQualified
from portal.enums import Audience, Role
from portal.models import EquipmentUnit, Organisation, Person


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """A session as somebody wants it held.

    Args:
        organisation: the branch or customer it is held for.
        modules: what is taught, and how many minutes of each are credited.
        starts_at, ends_at: aware moments; break_minutes lie between them and are not taught.
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

    def session(self) -> Session:
        """Return the session of this plan, not yet saved; there is at least one module."""
        return Session(
            title=self.title.strip() or next(iter(self.modules)).title,
            trainer=self.trainer,
            organisation=self.organisation,
            kind=self.kind,
            audience=self.audience,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            place=tidy_place(self.place),
            capacity=self.capacity,
            break_minutes=self.break_minutes,
            note=self.note,
            approval=self.approval,
            book_until=self.book_until,
            cancel_until=self.cancel_until,
            offer_hours=self.offer_hours,
        )


def check_times(session: Session, needed: int) -> None:
    """See that ``needed`` minutes of teaching fit between start and end.

    Raises:
        EndsBeforeStart, SessionTooLong, TooLittleTime: they do not.
    """
    if session.ends_at <= session.starts_at:
        raise EndsBeforeStart
    if session.ends_at - session.starts_at > LONGEST:
        raise SessionTooLong(days=LONGEST.days)
    if needed > session.planned_minutes:
        raise TooLittleTime(needed=needed, planned=max(session.planned_minutes, 0))


def check_trainer(session: Session, modules: list[TrainingModule]) -> None:
    """See that the trainer is one of ``modules``; holds the rows of trainer and place.

    Raises:
        TrainerNotQualified: for one of the modules.
    """
    # Locked, so that two sessions arranged at the same moment cannot both find trainer and place free.
    trainer = Person.objects.select_for_update().get(pk=session.trainer_id)
    if session.place_record_id:
        list(Place.objects.select_for_update().filter(pk=session.place_record_id).values_list("pk"))
    qualified = set(TrainingModule.objects.filter(trainers=trainer).values_list("pk", flat=True))
    missing = [module.title for module in modules if module.pk not in qualified]
    if missing or not trainer.has_role(Role.TRAINER):
        names = missing or [module.title for module in modules]
        raise TrainerNotQualified(trainer=trainer.name, modules="、".join(names))

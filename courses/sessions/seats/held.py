"""What people who book hold already of what a session leads to."""

from django.utils import formats
from django.utils.translation import gettext as _

from courses.enums import EnrolmentState
from courses.models import Session
from courses.sessions.seats.domain import why_not_bookable
from portal.models import Person
from portal.registry.held import Held, held_by


def held_of(session: Session, person: Person) -> list[Held]:
    """Return the qualifications ``person`` holds today to which the modules of ``session`` lead."""
    return held_by(person, [part.module for part in session.parts.all()])


def may_book(session: Session, person: Person) -> bool:
    """Whether ``person`` has no place in ``session`` and could have one now."""
    has_place = session.enrolments.filter(person=person).exclude(state=EnrolmentState.CANCELLED).exists()
    return not has_place and why_not_bookable(session, person) is None


def written_held_of(person: Person, held: Held) -> str:
    """Write for somebody else what ``person`` holds and until when."""
    facts = _facts(held) | {"person": person.name}
    if held.ended_on:
        return _("%(person)s: %(name)s ended on %(ended)s; it counts in its days of grace until %(until)s.") % facts
    return _("%(person)s is certified for %(name)s until %(until)s already.") % facts


def _facts(held: Held) -> dict[str, str]:
    days = {"until": held.until, "ended": held.ended_on}
    return {"name": held.name} | {key: formats.date_format(day, "DATE_FORMAT") for key, day in days.items() if day}


def written_held(held: Held) -> str:
    """Write what is held, until when, and what attending again would do."""
    facts = _facts(held)
    if held.ended_on:
        return (
            _(
                "%(name)s ended on %(ended)s; it counts in its days of grace until %(until)s. "
                "Attending now counts for the renewal."
            )
            % facts
        )
    if held.is_expiring:
        return _("You are certified for %(name)s until %(until)s; attending now counts for the renewal.") % facts
    return _("You are certified for %(name)s until %(until)s already; nothing is missing.") % facts

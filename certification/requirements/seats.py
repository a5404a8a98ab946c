"""Free seats in coming sessions, for hints."""

from courses.enums import EnrolmentState
from courses.models import Session, TrainingModule
from courses.sessions.queries import ahead, next_session_with_seat, sessions_for
from portal.models import Person


class SeatFinder:
    """Finds the next session with a seat, each module once a page."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._found: dict[str, Session | None] = {}
        self._booked: list[Session] | None = None

    def booked(self, module_code: str) -> Session | None:
        """Return the next session of the module in which the person has a seat; else one they wait for."""
        if self._booked is None:
            self._booked = list(ahead(sessions_for(self.person)))
        found = [
            session for session in self._booked if any(part.module.code == module_code for part in session.parts.all())
        ]
        return min(found, key=lambda session: session.own_state != EnrolmentState.SEATED, default=None)

    def session(self, module_code: str) -> Session | None:
        """Return the next session of the module the person could book."""
        if module_code not in self._found:
            module = TrainingModule.objects.filter(code=module_code).first()
            self._found[module_code] = next_session_with_seat(self.person, module) if module else None
        return self._found[module_code]

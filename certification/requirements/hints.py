"""What can be done about a reason: hints, steps, the next session with a seat."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.enums import ReasonCode, RequirementKind
from certification.requirements.countersignatures import KIND as COUNTERSIGNATURE
from courses.enums import EnrolmentState
from courses.models import Session, TrainingModule
from courses.sessions.queries import ahead, next_session_with_seat, sessions_for
from courses.sessions.wording import written_time
from portal.models import Person
from portal.registry.duty import Reason


@dataclass(frozen=True)
class Action:
    """A link to the next step."""

    label: str
    url: str


@dataclass(frozen=True)
class ShownReason:
    """A reason with a hint beside it; what the components ``reasons`` and ``steps`` draw."""

    code: str
    message: str
    met: bool
    detail: str = ""
    action: Action | None = None


@dataclass(frozen=True)
class Step:
    """One requirement on the way to a qualification."""

    title: str
    state: str
    detail: str = ""
    action: Action | None = None


class SeatFinder:
    """Finds the next session with a seat, each module once a page."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._found: dict[str, Session | None] = {}
        self._booked: list[Session] | None = None

    def booked(self, module_code: str) -> Session | None:
        """Return the next session of the module in which the person has a seat or waits for one."""
        if self._booked is None:
            self._booked = list(ahead(sessions_for(self.person)))
        for session in self._booked:
            if any(part.module.code == module_code for part in session.parts.all()):
                return session
        return None

    def session(self, module_code: str) -> Session | None:
        """Return the next session of the module the person could book."""
        if module_code not in self._found:
            module = TrainingModule.objects.filter(code=module_code).first()
            self._found[module_code] = next_session_with_seat(self.person, module) if module else None
        return self._found[module_code]


def with_hints(reasons: Sequence[Reason], seats: SeatFinder, *, own: bool = True) -> list[ShownReason]:
    """Return the reasons with what can be done about each unmet one.

    Args:
        own: the reader is the person meant; others see where a seat is free, but no links to act for somebody else.
    """
    shown = []
    for reason in reasons:
        detail, action = ("", None) if reason.met else hint(reason, seats)
        if not own:
            # Another's bookings are their own affair.
            action = None
            is_seat = reason.code == ReasonCode.HOURS_MISSING and not seats.booked(reason.params["module"])
            detail = detail if is_seat else ""
        shown.append(ShownReason(reason.code, reason.message, reason.met, detail, action))
    return shown


def hint(reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
    """Return a sentence and a link for an unmet reason."""
    match reason.code:
        case ReasonCode.HOURS_MISSING:
            return _hours_hint(seats, reason.params["module"])
        case ReasonCode.QUIZ_NOT_PASSED:
            url = reverse("certification:quiz", args=[reason.params["quiz"]])
            return "", Action(_("Go to the quiz"), url)
        case ReasonCode.PRACTICAL_NOT_SIGNED:
            return _("Ask an assessor for an appointment; the assessor signs the checklist on the phone."), None
        case ReasonCode.COUNTERSIGNATURE_MISSING:
            return _("An assessor appointed for this equipment, other than the one of the practical, signs it."), None
        case ReasonCode.STATUTORY_MISSING | ReasonCode.STATUTORY_EXPIRED:
            return _("Hand the card to your manager, who records it."), None
        case _:
            return "", None


def _hours_hint(seats: SeatFinder, module_code: str) -> tuple[str, Action]:
    booked = seats.booked(module_code)
    if booked is not None:
        facts = {"when": written_time(booked), "place": booked.place}
        text = (
            _("You have a seat: %(when)s, %(place)s")
            if booked.own_state == EnrolmentState.SEATED
            else _("You are on the waitlist: %(when)s, %(place)s")
        )
        return text % facts, Action(_("See the session"), booked.get_absolute_url())
    session = seats.session(module_code)
    if session is None:
        url = reverse("courses:module", args=[module_code])
        return _("No session has a free seat at present."), Action(_("See the course"), url)
    facts = {"when": written_time(session), "place": session.place, "seats": session.free_seats}
    detail = _("Next session with a seat: %(when)s, %(place)s, %(seats)s left") % facts
    return detail, Action(_("Book a seat"), session.get_absolute_url())


def steps_of(reasons: Sequence[Reason], seats: SeatFinder) -> list[Step]:
    """Return the requirements as steps; the first open in-house one is next."""
    steps: list[Step] = []
    next_given = False
    for reason in reasons:
        if reason.met:
            steps.append(Step(step_title(reason), "done", reason.message))
            continue
        detail, action = hint(reason, seats)
        failed = bool(reason.params.get("tries"))
        is_next = not next_given and reason.params["kind"] != RequirementKind.STATUTORY
        state = "next" if is_next else "failed" if failed else "missing"
        next_given = next_given or is_next
        text = f"{reason.message} {detail}".strip() if detail else reason.message
        steps.append(Step(step_title(reason), state, text, action))
    return steps


def step_title(reason: Reason) -> str:
    """Return the name of the requirement's kind."""
    if reason.params["kind"] == COUNTERSIGNATURE:
        return _("Counter-signature")
    return str(RequirementKind(reason.params["kind"]).label)

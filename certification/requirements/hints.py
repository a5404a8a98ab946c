"""Attach to reasons and steps what can be done about each: a sentence and a link."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certification.actions import Action
from certification.enums import ReasonCode
from certification.requirements.countersignatures import COUNTERSIGNATURE
from certification.requirements.reasons import is_in_house, kind_of
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason

# Reasons after which everything is shown once more.
_SHOWN_ANEW = frozenset(
    {ReasonCode.EXPIRED, ReasonCode.REVOKED, ReasonCode.CONDITION_MISSING, ReasonCode.POST_SCHEME_MISSING}
)
# What to do about the gate's own reasons.
_ADVICE = {
    ReasonCode.NO_SCHEME: _("Ask the administrator to define a scheme for it."),
    ReasonCode.NOT_GRANTED: _("Ask your manager to have the certificate granted."),
    ReasonCode.NOT_YET_VALID: _("Wait until it is valid."),
    ReasonCode.SUSPENDED: _("Ask your manager what must be done before it is reinstated."),
    ReasonCode.COUNTERSIGNATURE_MISSING: _(
        "An assessor appointed for this equipment, other than the one of the practical, signs it."
    ),
    ReasonCode.REVISION_UNREAD: _("Read the edition and confirm it; the qualification counts again at once."),
    ReasonCode.REVISION_QUIZ_MISSING: _("Take the short quiz on what changed; the qualification counts again at once."),
    ReasonCode.RECERTIFICATION_MISSING: _(
        "Show everything the scheme asks for anew; each step is listed there. The level carries over."
    ),
    ReasonCode.WORK_STOPPED: _("Do not begin. Wait until the stop is lifted; your manager knows how it stands."),
    ReasonCode.GUIDE_NOT_QUALIFIED: _("Ask your manager to name a guide who is qualified that day."),
    ReasonCode.PERSON_INACTIVE: _("Ask the administrator whether the person should be active."),
    ReasonCode.BAR_UNCONFIRMED: _(
        "Somebody else confirms the change on the page “Changes of the bar”, or it is changed back."
    ),
    ReasonCode.NO_STATUTORY_RULE: _("Ask the administrator to enter the rule that names the certificate."),
} | dict.fromkeys(_SHOWN_ANEW, _("Show everything the scheme asks for; each step is listed there."))


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


def with_hints(reasons: Sequence[Reason], seats: SeatFinder, *, own: bool = True) -> list[ShownReason]:
    """Return the reasons with what can be done about each unmet one.

    Args:
        own: the reader is the person meant; others see where a seat is free, but no links to act for somebody else.
    """
    shown = []
    for reason in reasons:
        detail, action = ("", None) if reason.met else hint(reason, seats, own=own)
        shown.append(ShownReason(reason.code, reason.message, reason.met, detail, action))
    return shown


def hint(reason: Reason, seats: SeatFinder, *, own: bool = True) -> tuple[str, Action | None]:
    """Return a sentence and a link for an unmet reason; nothing for the gate's own reasons."""
    kind = kind_of(reason)
    if kind is None:
        return "", None
    return kind.hint(reason, seats) if own else (kind.hint_for_another(reason, seats), None)


def ways_out(reasons: Sequence[Reason], known: dict[int, dict[str, str]] | None = None) -> list[dict[str, str]]:
    """Return what the person asked about can do for each unmet reason, as ``{code, message, url}``.

    Asks nothing of the database and names no booking, so that it may be told to whoever may ask, about many people.

    Args:
        known: filled with the ways by identity of the reason, for many people who share reasons that live as long.
    """
    ways = {} if known is None else known
    unmet = [reason for reason in reasons if not reason.met]
    for reason in unmet:
        if id(reason) not in ways:
            message, url = _way_out(reason)
            ways[id(reason)] = {"code": reason.code, "message": message, "url": url}
    return [ways[id(reason)] for reason in unmet]


def _way_out(reason: Reason) -> tuple[str, str]:
    kind = kind_of(reason)
    if kind is not None:
        return kind.way_out(reason)
    message = _ADVICE.get(reason.code)
    mine = reverse("certification:mine") if reason.code in _SHOWN_ANEW else ""
    address = str(reason.params.get("url", mine))
    return (str(message), address) if message else ("", "")


def steps_of(reasons: Sequence[Reason], seats: SeatFinder | None) -> list[Step]:
    """Return the requirements as steps; the first open in-house one is next.

    Args:
        seats: finds where a course is held; None leaves the hints away, and asks nothing of the database.
    """
    steps: list[Step] = []
    next_given = False
    for reason in reasons:
        if reason.met:
            steps.append(Step(step_title(reason), "done", reason.message))
            continue
        detail, action = hint(reason, seats) if seats is not None else ("", None)
        is_next = not next_given and is_in_house(reason)
        state = "next" if is_next else "failed" if has_failed(reason) else "missing"
        next_given = next_given or is_next
        text = f"{reason.message} {detail}".strip() if detail else reason.message
        steps.append(Step(step_title(reason), state, text, action))
    return steps


def has_failed(reason: Reason) -> bool:
    """Whether a requirement was tried and not met."""
    kind = kind_of(reason)
    return kind is not None and kind.has_failed(reason)


def step_title(reason: Reason) -> str:
    """Return the title of a requirement's step."""
    if reason.params.get("kind") == COUNTERSIGNATURE:
        return gettext("Counter-signature")
    kind = kind_of(reason)
    return kind.step_title(reason) if kind else reason.message

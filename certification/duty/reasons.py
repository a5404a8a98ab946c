"""Reasons of the gate itself: standing of qualifications, missing schemes, unmet conditions."""

import datetime as dt

from django.utils.translation import gettext as _

from certification.enums import ReasonCode, Standing
from certification.ledger.standing import StandingOn
from certification.models import Scheme
from certification.requirements.base import day_text
from certification.requirements.reasons import is_in_house, is_on_the_day, lacking_in_house
from certification.schemes.progress import is_complete
from portal.enums import Task
from portal.models import EquipmentModel, Person, Position
from portal.registry.duty import Reason


def standing_reasons(scheme: Scheme, where: StandingOn, reasons: list[Reason]) -> list[Reason]:
    """Return why a qualification does not stand: its state and, where it must be earned, what is missing in-house."""
    facts = {"scheme": scheme.name}
    params = {"scheme": scheme.code}
    unmet = [reason for reason in reasons if not (reason.met or is_on_the_day(reason) or is_in_house(reason))]
    unmet = [*lacking_in_house(reasons), *unmet]
    day = day_text(where.since)
    cause = where.entry.reason if where.entry else ""
    match where.standing:
        case Standing.NONE:
            # A scheme that asks for nothing in-house is granted by hand.
            if is_complete(reasons) or not unmet:
                text = _("%(scheme)s: everything is shown, the certificate was not granted yet") % facts
                return [_plain(ReasonCode.NOT_GRANTED, text, **params)]
            return unmet
        case Standing.NOT_YET:
            text = _("%(scheme)s is valid only from %(day)s") % (facts | {"day": day})
            return [_plain(ReasonCode.NOT_YET_VALID, text, valid_from=_iso(where.since), **params)]
        case Standing.SUSPENDED:
            text = _("%(scheme)s is suspended since %(day)s: %(cause)s") % (facts | {"day": day, "cause": cause})
            return [_plain(ReasonCode.SUSPENDED, text, since=_iso(where.since), **params)]
        case Standing.REVOKED:
            text = _("%(scheme)s was revoked on %(day)s: %(cause)s") % (facts | {"day": day, "cause": cause})
            return [_plain(ReasonCode.REVOKED, text, since=_iso(where.since), **params), *unmet]
        case _:
            last = day_text(where.valid_to)
            text = _("%(scheme)s expired, it was valid until %(day)s") % (facts | {"day": last})
            return [_plain(ReasonCode.EXPIRED, text, valid_to=_iso(where.valid_to), **params), *unmet]


def certified(scheme: Scheme, where: StandingOn, limit: str = "") -> Reason:
    """Return that a qualification stands: of an opener, or of a condition.

    Args:
        limit: what the person does not do although it is held, in words.
    """
    facts = {"scheme": scheme.name, "day": day_text(where.valid_to)}
    params: dict[str, object] = {
        "scheme": scheme.code,
        "valid_to": _iso(where.valid_to),
        "standing": where.standing.value,
    }
    earlier = taken_over_from(where)
    if earlier:
        facts["scheme"] = _("%(scheme)s (taken over from certificate %(number)s)") % (facts | {"number": earlier})
        params["taken_over"] = earlier
    if limit:
        facts["scheme"] = _("%(scheme)s (limit: %(limit)s)") % (facts | {"limit": limit})
        params["limit"] = limit
    if where.grace_until is not None:
        facts["until"] = day_text(where.grace_until)
        params |= {"grace_until": where.grace_until.isoformat(), "effect": scheme.effect}
        message = _("%(scheme)s ended on %(day)s; allowed in its days of grace until %(until)s") % facts
        return Reason(ReasonCode.IN_GRACE.value, message, met=True, params=params)
    if scheme.is_condition:
        message = _("Condition met: %(scheme)s valid until %(day)s") % facts
        return Reason(ReasonCode.CONDITION_MET.value, message, met=True, params=params)
    message = _("%(scheme)s valid until %(day)s") % facts
    return Reason(ReasonCode.CERTIFIED.value, message, met=True, params=params)


def taken_over_from(where: StandingOn) -> str:
    """Return the number of the earlier certificate that the grant was taken over from; nothing for others."""
    return getattr(where.grant.root, "taken_over", "") if where.grant else ""


def higher_level(higher: Scheme, lower: Scheme) -> Reason:
    """Return that a higher level of the track does for a lower one."""
    facts = {"higher": higher.name, "level": higher.get_level_display(), "lower": lower.name}
    message = _("%(higher)s (%(level)s) includes %(lower)s") % facts
    params = {"scheme": higher.code, "lower": lower.code, "track": higher.track}
    return Reason(ReasonCode.HIGHER_LEVEL.value, message, met=True, params=params)


def two_persons(scheme: Scheme) -> Reason:
    """Return that the work takes two: who is allowed is not enough alone."""
    message = _("%(scheme)s: work for two, a second qualified person must be there") % {"scheme": scheme.name}
    return Reason(ReasonCode.TWO_PERSONS.value, message, met=True, params={"scheme": scheme.code})


def condition_missing(scheme: Scheme) -> Reason:
    """Return that a condition is not met; what is missing of it follows."""
    message = _("Condition not met: %(scheme)s must be valid besides") % {"scheme": scheme.name}
    return _plain(ReasonCode.CONDITION_MISSING, message, scheme=scheme.code)


def scheme_of_post_missing(scheme: Scheme, position: Position) -> Reason:
    """Return that one of several schemes a post requires is not held; what is missing of it follows."""
    facts = {"post": position.title, "scheme": scheme.name}
    message = _("%(post)s requires %(scheme)s too, which is not held") % facts
    return _plain(ReasonCode.POST_SCHEME_MISSING, message, scheme=scheme.code, position=position.pk)


def inactive(person: Person) -> Reason:
    """Return that somebody has left."""
    message = _("%(name)s is no longer active in the network") % {"name": person.name}
    return _plain(ReasonCode.PERSON_INACTIVE, message)


def no_scheme(equipment: EquipmentModel, task: Task) -> Reason:
    """Return that nothing opens the task on the machine."""
    facts = {"equipment": equipment.name, "task": task.label}
    message = _("No scheme opens “%(task)s” on %(equipment)s; the administrator must define one") % facts
    return _plain(ReasonCode.NO_SCHEME, message, equipment=equipment.code, task=task.value)


def no_scheme_of_post(position: Position) -> Reason:
    """Return that a post for certified people names no scheme."""
    message = _("%(post)s may only be held by certified people, but no scheme is required for it") % {
        "post": position.title
    }
    return _plain(ReasonCode.NO_SCHEME, message, position=position.pk)


def post_open(position: Position) -> Reason:
    """Return that a post asks for no qualification."""
    message = _("%(post)s requires no qualification") % {"post": position.title}
    return Reason(ReasonCode.POST_OPEN.value, message, met=True, params={"position": position.pk})


def without_repeats(reasons: list[Reason]) -> list[Reason]:
    """Two schemes may ask for the same card or course: it is said once."""
    said: set[tuple[str, str]] = set()
    kept = []
    for reason in reasons:
        if (reason.code, reason.message) not in said:
            said.add((reason.code, reason.message))
            kept.append(reason)
    return kept


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _plain(code: ReasonCode, message: str, **params: object) -> Reason:
    return Reason(code.value, message, params=params)

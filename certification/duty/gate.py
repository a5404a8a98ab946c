"""The duty gate: certification's answer to "may this person do this, today?".

Allowed is who holds a valid in-house qualification of a scheme that covers the machine and, where that scheme or the
law asks for one, the statutory cards. Every refusal lists its reasons.
"""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from certification.certificates.queries import certificates_of_entries
from certification.enums import ReasonCode, Standing
from certification.ledger.standing import Fact, StandingOn, standing
from certification.models import Certificate, Scheme
from certification.requirements.base import day_text, is_in_house
from certification.requirements.evidence import Evidence, evidence_of
from certification.requirements.statutory import StatutoryReason, names_a_card
from certification.schemes.progress import is_complete, progress_from
from certification.schemes.queries import schemes_covering
from portal.models import EquipmentModel, Person, PortalSettings
from portal.registry.duty import DutyAnswer, Reason

Held = tuple[Scheme, Fact]


def gate(person: Person, equipment: EquipmentModel, on: dt.date, known_at: dt.datetime) -> DutyAnswer:
    """Answer for one person; see ``portal.registry.duty.ask``."""
    return answers([person], equipment, on, known_at)[0]


def answers(
    people: Iterable[Person], equipment: EquipmentModel, on: dt.date, known_at: dt.datetime
) -> list[DutyAnswer]:
    """Answer for many people in a fixed number of queries."""
    listed = list(people)
    schemes = schemes_covering(equipment)
    evidence = evidence_of([person.pk for person in listed], [scheme.pk for scheme in schemes])
    days = PortalSettings.load().expiring_days
    judged = [_judge(person, equipment, schemes, evidence[person.pk], on, known_at, days) for person in listed]
    grants = {grant.root.pk for _answer, held in judged for _scheme, grant in held}
    certificates = certificates_of_entries(grants)
    return [_with_certificates(answer, held, certificates) for answer, held in judged]


def _judge(
    person: Person,
    equipment: EquipmentModel,
    schemes: list[Scheme],
    evidence: Evidence,
    on: dt.date,
    known_at: dt.datetime,
    expiring_days: int,
) -> tuple[DutyAnswer, list[Held]]:
    """Return the answer without certificates, and the grants it rests on."""
    missing: list[Reason] = []
    held: list[Held] = []
    if not person.is_active and on >= timezone.localdate():
        missing.append(_inactive(person))
    if not schemes:
        missing.append(_no_scheme(equipment))
    shown: list[Reason] = []
    for scheme in schemes:
        where = standing(evidence.entries[scheme.pk], on, known_at, expiring_days=expiring_days)
        good, bad = _for_scheme(scheme, equipment, where, evidence, on, known_at)
        if not bad and where.grant is not None:
            shown += good
            held.append((scheme, where.grant))
        else:
            missing += bad
    refusing = [reason for reason in missing if reason.code == ReasonCode.PERSON_INACTIVE]
    allowed = bool(held) and not refusing
    reasons = shown if allowed else _without_repeats(missing)
    answer = DutyAnswer(person, equipment, on, known_at, allowed, tuple(reasons))
    return answer, held if allowed else []


def _for_scheme(
    scheme: Scheme,
    equipment: EquipmentModel,
    where: StandingOn,
    evidence: Evidence,
    on: dt.date,
    known_at: dt.datetime,
) -> tuple[list[Reason], list[Reason]]:
    """Return what speaks for and against duty under one scheme."""
    reasons = progress_from(evidence, scheme, on, known_at)
    on_the_day = [reason for reason in reasons if not is_in_house(reason)]
    against = [] if where.is_valid else standing_reasons(scheme, where, reasons)
    against += [reason for reason in on_the_day if not reason.met]
    if equipment.is_regulated and not any(names_a_card(reason) for reason in reasons):
        # The law asks for a card and the scheme does not say which: nobody may work until it does.
        message = _("Statutory certificate missing: scheme %(scheme)s does not say which one %(equipment)s needs") % {
            "scheme": scheme.name,
            "equipment": equipment.name,
        }
        against.append(_plain(StatutoryReason.MISSING, message, scheme=scheme.code))
    if against:
        return [], against
    return [_certified(scheme, where), *(reason for reason in on_the_day if reason.met)], []


def standing_reasons(scheme: Scheme, where: StandingOn, reasons: list[Reason]) -> list[Reason]:
    """Return why a qualification does not stand: its state and, where it must be earned, what is missing in-house."""
    facts = {"scheme": scheme.name}
    params = {"scheme": scheme.code}
    unmet = [reason for reason in reasons if not reason.met and is_in_house(reason)]
    day = day_text(where.since)
    cause = where.entry.reason if where.entry else ""
    match where.standing:
        case Standing.NONE:
            if is_complete(reasons):
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


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _certified(scheme: Scheme, where: StandingOn) -> Reason:
    message = _("%(scheme)s valid until %(day)s") % {"scheme": scheme.name, "day": day_text(where.valid_to)}
    params = {"scheme": scheme.code, "valid_to": _iso(where.valid_to), "standing": where.standing.value}
    return Reason(ReasonCode.CERTIFIED.value, message, met=True, params=params)


def _inactive(person: Person) -> Reason:
    message = _("%(name)s is no longer active in the network") % {"name": person.name}
    return _plain(ReasonCode.PERSON_INACTIVE, message)


def _no_scheme(equipment: EquipmentModel) -> Reason:
    message = _("No qualification scheme covers %(equipment)s; the administrator must define one") % {
        "equipment": equipment.name
    }
    return _plain(ReasonCode.NO_SCHEME, message, equipment=equipment.code)


def _plain(code: ReasonCode | StatutoryReason, message: str, **params: object) -> Reason:
    return Reason(code.value, message, params=params)


def _without_repeats(reasons: list[Reason]) -> list[Reason]:
    """Two schemes may ask for the same card or course: it is said once."""
    said: set[tuple[str, str]] = set()
    kept = []
    for reason in reasons:
        if (reason.code, reason.message) not in said:
            said.add((reason.code, reason.message))
            kept.append(reason)
    return kept


def _with_certificates(answer: DutyAnswer, held: list[Held], certificates: dict[int, Certificate]) -> DutyAnswer:
    shown = []
    for scheme, grant in held:
        certificate = certificates.get(grant.root.pk)
        shown.append(
            {
                "number": certificate.number if certificate else "",
                "scheme": scheme.code,
                "name": scheme.name,
                "valid_from": grant.valid_from.isoformat(),
                "valid_to": grant.last_day.isoformat(),
            }
        )
    return DutyAnswer(
        answer.person, answer.equipment, answer.on, answer.known_at, answer.allowed, answer.reasons, tuple(shown)
    )

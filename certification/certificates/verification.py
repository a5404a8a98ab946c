"""Public status of a certificate on a day, without personal data."""

import datetime as dt
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.db.models import Q
from django.utils import timezone

from certification.certificates.domain import SECRET_LENGTH, possible_numbers, shown_number
from certification.certificates.errors import MistypedShortNumber, UnknownCertificate
from certification.certificates.short_numbers import is_whole, read_short_number
from certification.enums import EntryKind, PublicReason, Stage, Standing
from certification.ledger.limits import limits_of
from certification.ledger.standing import Fact, facts_known, standing_under
from certification.models import Certificate, LedgerEntry
from certification.wording import lamp
from portal.models import PortalSettings
from portal.typed import name_key

# Longest text read as a number: an address with its number.
LONGEST = 400
_READ = ("person", "scheme", "entry__scheme_version", "entry__taken_over")


@dataclass(frozen=True)
class Verified:
    """A certificate on a day.

    Args:
        standing: of this certificate, not of the person: a replaced certificate stands until its own last day.
        since: the day the standing began, where that says something.
        grace_until: the last day on which the duty check still allows the work although it has ended; None elsewhere.
        said: why it was revoked, in the words for the public; empty where none were chosen.
        limit: what the holder does not do although it is held, in words.
    """

    certificate: Certificate
    on: dt.date
    standing: Standing
    valid_from: dt.date
    valid_to: dt.date
    since: dt.date | None
    grace_until: dt.date | None = None
    said: str = ""
    limit: str = ""

    @property
    def taken_over(self) -> str:
        """Number of the certificate of before the portal that this one was taken over from; empty for others."""
        earlier = getattr(self.certificate.entry, "taken_over", None)
        return earlier.number if earlier else ""

    @property
    def is_valid(self) -> bool:
        """Whether it stands."""
        return self.standing in (Standing.VALID, Standing.EXPIRING)

    @property
    def counts(self) -> bool:
        """Whether it may be relied on: it stands, or its days of grace run."""
        return self.is_valid or self.grace_until is not None

    @property
    def lamp(self) -> str:
        """Colour of the status; anything not valid is red."""
        return lamp(Stage(self.standing.value)) if self.counts else "red"

    @property
    def label(self) -> str:
        """Its standing in words."""
        return str(self.standing.label)


def find_certificate(number: str) -> Certificate:
    """Return the certificate with this number, long or short, however it was typed.

    Raises:
        MistypedShortNumber: a short number whose check character does not fit.
        UnknownCertificate: there is none.
    """
    short = read_short_number(shown_number(number[:LONGEST]))
    if short is not None:
        found = Certificate.objects.filter(short_number=short).select_related(*_READ).first()
        if found is None:
            raise UnknownCertificate if is_whole(short) else MistypedShortNumber
        return found
    wanted = possible_numbers(number[:LONGEST])
    known = {found.number: found for found in Certificate.objects.filter(number__in=wanted).select_related(*_READ)}
    if not known:
        raise UnknownCertificate
    return next(known[number] for number in wanted if number in known)


def holders_by_number(texts: Iterable[str]) -> dict[str, int]:
    """Return the primary key of the holder for each text that is the number of a certificate, for person fields."""
    wanted = {text: possible_numbers(text[:LONGEST]) for text in texts}
    numbers = {number for possible in wanted.values() for number in possible if len(number) > SECRET_LENGTH}
    shorts = {text: short for text in wanted if (short := read_short_number(shown_number(text[:LONGEST])))}
    spoken = {short for short in shorts.values() if is_whole(short)}
    if not numbers and not spoken:
        return {}
    rows = Certificate.objects.filter(Q(number__in=numbers) | Q(short_number__in=spoken))
    known: dict[str, int] = {}
    for number, short, person in rows.values_list("number", "short_number", "person"):
        known |= {number: person, short: person}
    meant = {text: [*possible, shorts.get(text, "")] for text, possible in wanted.items()}
    found = {text: [known[number] for number in possible if number in known] for text, possible in meant.items()}
    return {text: people[0] for text, people in found.items() if people}


def verify(certificate: Certificate, on: dt.date | None = None) -> Verified:
    """Return how the certificate stands on ``on`` (today), with all corrections known now."""
    return verify_many([certificate], on)[0]


def verify_many(certificates: Sequence[Certificate], on: dt.date | None = None) -> list[Verified]:
    """Return how each certificate stands on ``on`` (today), in the order given: three queries for all."""
    day = on or timezone.localdate()
    days = PortalSettings.load().expiring_days
    entries: dict[tuple[int, int], list[LedgerEntry]] = defaultdict(list)
    people, schemes = ({getattr(each, name) for each in certificates} for name in ("person_id", "scheme_id"))
    for entry in LedgerEntry.objects.filter(person__in=people, scheme__in=schemes):
        entries[entry.person_id, entry.scheme_id].append(entry)
    limits = limits_of(people, schemes)
    judged = (_judged(each, entries[each.person_id, each.scheme_id], day, days) for each in certificates)
    return [
        replace(found, limit=limits.get((found.certificate.person_id, found.certificate.scheme_id), ""))
        for found in judged
    ]


def _judged(certificate: Certificate, entries: list[LedgerEntry], day: dt.date, expiring_days: int) -> Verified:
    facts = facts_known(entries)
    position = next((n for n, fact in enumerate(facts) if fact.root.pk == certificate.entry_id), None)
    if position is None:
        # The grant was corrected away: the paper should never have been.
        return Verified(certificate, day, Standing.REVOKED, certificate.issued_on, certificate.valid_to, None)
    own = facts[position]
    last = own.valid_to or certificate.valid_to

    def answer(state: Standing, since: dt.date | None = None) -> Verified:
        return Verified(certificate, day, state, own.valid_from, last, since)

    revoked = [f for f in facts[position + 1 :] if f.kind == EntryKind.REVOKED and f.valid_from <= day]
    if revoked:
        return replace(answer(Standing.REVOKED, revoked[0].valid_from), said=_public_reason(revoked[0]))
    if day < own.valid_from:
        return answer(Standing.NOT_YET, own.valid_from)
    where = standing_under(certificate.scheme, entries, day)
    if day > last:
        ended = answer(Standing.EXPIRED, last + dt.timedelta(days=1))
        is_in_grace = where.grace_until is not None and where.grant is not None
        if is_in_grace and where.grant.root.pk == certificate.entry_id:
            return replace(ended, standing=Standing.GRACE, grace_until=where.grace_until)
        return ended
    if where.standing == Standing.SUSPENDED:
        return answer(Standing.SUSPENDED, where.since)
    expires_soon = (last - day).days < expiring_days
    return answer(Standing.EXPIRING if expires_soon else Standing.VALID)


def _public_reason(fact: Fact) -> str:
    said = cast("LedgerEntry", fact.root).evidence.get("public_reason", "")
    return str(PublicReason(said).label) if said in PublicReason.values else ""


def is_holder(certificate: Certificate, typed: str) -> bool:
    """Whether the full name typed is the holder's; spaces and width do not matter."""

    return hmac.compare_digest(name_key(typed).encode(), name_key(certificate.person.name).encode())

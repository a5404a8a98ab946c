"""Issue certificates with unguessable numbers for grants and renewals."""

import re
import secrets

from certification.models import Certificate, LedgerEntry
from portal.models import PortalSettings

# Crockford's base 32: digits and letters that cannot be mistaken for one another when read aloud or off a card.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 28 characters of 5 bits are 140 bits.
SECRET_LENGTH = 28
# Numbers are stored grouped like this and typed numbers are grouped anew: it must not change any more.
_GROUP = 4


def new_number(prefix: str, year: int) -> str:
    """Return a new number such as ``SG-2026-7K3M-…``: prefix, year, and 140 random bits in groups of four."""
    secret = "".join(secrets.choice(ALPHABET) for _position in range(SECRET_LENGTH))
    groups = [secret[start : start + _GROUP] for start in range(0, SECRET_LENGTH, _GROUP)]
    return "-".join([prefix.upper(), str(year), *groups])


def normalise_number(text: str) -> str:
    """Return a number as it is stored from what people type: spaces, case, dashes and O/0, I/L/1 do not matter."""
    plain = re.sub(r"[\s—–－_]+", "-", text.strip().upper()).strip("-")
    head, _dash, tail = plain.partition("-")
    year, _dash, secret = tail.partition("-")
    secret = secret.replace("-", "").replace("O", "0").replace("I", "1").replace("L", "1")
    groups = [secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)]
    return "-".join(part for part in (head, year, *groups) if part)


def issue(entry: LedgerEntry, *, score: int | None = None, minutes: int = 0) -> Certificate:
    """Return the certificate of a grant or renewal, made on the first call."""
    known = Certificate.objects.filter(entry=entry).first()
    if known is not None:
        return known
    prefix = PortalSettings.load().certificate_prefix or "SG"
    return Certificate.objects.create(
        number=new_number(prefix, entry.valid_from.year),
        entry=entry,
        person=entry.person,
        scheme=entry.scheme,
        issued_on=entry.valid_from,
        valid_to=entry.valid_to or entry.valid_from,
        score=score,
        minutes=minutes,
    )

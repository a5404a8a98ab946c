"""Issue certificates with unguessable numbers for grants and renewals."""

import re
import secrets

from certification.certificates.short_numbers import new_short_number
from certification.models import Certificate, LedgerEntry
from portal.models import PortalSettings
from portal.typed import scanned, unlabelled

# Crockford's base 32: digits and letters that cannot be mistaken for one another when read aloud or off a card.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 28 characters of 5 bits are 140 bits.
SECRET_LENGTH = 28
# Numbers are stored grouped like this and typed numbers are grouped anew: it must not change any more.
_GROUP = 4
_YEAR = 4
_ALNUM = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_AS_LETTERS = [str.maketrans({"0": "O"}), str.maketrans({"1": "I"}), str.maketrans({"1": "L"})]


def new_number(prefix: str, year: int) -> str:
    """Return a new number such as ``SG-2026-7K3M-…``: prefix, year, and 140 random bits in groups of four."""
    secret = "".join(secrets.choice(ALPHABET) for _position in range(SECRET_LENGTH))
    groups = [secret[start : start + _GROUP] for start in range(0, SECRET_LENGTH, _GROUP)]
    return "-".join([prefix.upper(), str(year), *groups])


def normalise_number(text: str) -> str:
    """Return a number as it is stored from what people type, paste or scan.

    Width, spaces, case, hyphens of every kind or none, a label before the number, the address of its page, O for 0 and
    I or l for 1 do not matter: the secret has no such letters, the year no letters at all. What is too short to be a
    whole number is grouped from its hyphens.
    """
    return possible_numbers(text)[0]


def possible_numbers(text: str) -> list[str]:
    """Return the numbers a text may mean, the likeliest first.

    They differ in the prefix alone, whose alphabet has all letters and digits: it is the last word before the year, or
    what of it is left without a label glued to it, and its digits may be letters that look like them.
    """
    shown = shown_number(text)
    places = [place for place, character in enumerate(shown) if character in _ALNUM]
    tail = _as_digits("".join(shown[place] for place in places[-_YEAR - SECRET_LENGTH :]))
    if len(places) <= len(tail) or not tail[:_YEAR].isdigit():
        return [_grouped_by_hyphens(shown)]
    words = re.findall(r"[0-9A-Z]+", shown[: places[-len(tail)]])
    heads = ["-".join(words[start:]) for start in reversed(range(len(words)))]
    heads += [words[-1][start:] for start in range(1, len(words[-1]))]
    heads += [head.translate(letters) for head in heads for letters in _AS_LETTERS]
    rest = "-".join([tail[:_YEAR], *_groups(tail[_YEAR:])])
    return [f"{head}-{rest}" for head in dict.fromkeys(heads)]


def shown_number(text: str) -> str:
    """Return what is written of a number: without its label or the address around it, in one width and capitals."""
    address = scanned(text)
    return unlabelled(address.key if address and address.place == "verify" else text).upper()


def _grouped_by_hyphens(shown: str) -> str:
    head, _dash, rest = re.sub(r"[^0-9A-Z]+", "-", shown).strip("-").partition("-")
    year, _dash, secret = rest.partition("-")
    return "-".join(part for part in (head, year, *_groups(_as_digits(secret.replace("-", "")))) if part)


def _as_digits(text: str) -> str:
    return text.replace("O", "0").replace("I", "1").replace("L", "1")


def _groups(secret: str) -> list[str]:
    return [secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)]


def issue(entry: LedgerEntry, *, score: int | None = None, minutes: int = 0) -> Certificate:
    """Return the certificate of a grant or renewal, made on the first call."""
    known = Certificate.objects.filter(entry=entry).first()
    if known is not None:
        return known
    prefix = PortalSettings.load().certificate_prefix or "SG"
    return Certificate.objects.create(
        number=new_number(prefix, entry.valid_from.year),
        short_number=new_short_number(),
        entry=entry,
        person=entry.person,
        scheme=entry.scheme,
        issued_on=entry.valid_from,
        valid_to=entry.valid_to or entry.valid_from,
        score=score,
        minutes=minutes,
    )

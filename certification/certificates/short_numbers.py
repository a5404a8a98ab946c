"""Short numbers one can dictate over the telephone, beside the long number of the QR.

Ten characters in two groups of five, ``7K3M9-PQX4H``: nine random ones (44 bits) and a check character. The alphabet
has no I, L, O, U (as in Crockford's base 32) and no Z, so that it counts 31, a prime: one wrong character, or two
neighbours exchanged, always fail the check. What fails it is called a slip before anything is looked up.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
LENGTH = 10
_GROUP = 5
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "Z": "2", "U": "V"})


def new_short_number() -> str:
    """Return a new random short number, grouped."""
    body = "".join(secrets.choice(ALPHABET) for _position in range(LENGTH - 1))
    return grouped(body + check_character(body))


def check_character(body: str) -> str:
    """Return the character that makes the weighted sum of the whole a multiple of 31."""
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, start=2))
    return ALPHABET[-total % len(ALPHABET)]


def grouped(plain: str) -> str:
    """Return ten characters as they are printed and stored."""
    return f"{plain[:_GROUP]}-{plain[_GROUP:]}"


def read_short_number(shown: str) -> str | None:
    """Return the stored form of a short number, None for what has another length or other characters.

    Args:
        shown: of one width and in capitals; spaces and signs do not matter, O is 0, I and L are 1, Z is 2, U is V.
    """
    words = re.findall(r"[0-9A-Z]+", shown)
    plain = "".join(words).translate(_MEANT)
    if len(plain) != LENGTH or any(character not in ALPHABET for character in plain):
        return None
    number = grouped(plain)
    # Grouped in another way it may be the beginning of a long number; a fitting check character says it is not.
    return number if is_whole(number) or [len(word) for word in words] in ([LENGTH], [_GROUP, _GROUP]) else None


def is_whole(short_number: str) -> bool:
    """Whether the check character fits."""
    plain = short_number.replace("-", "")
    return check_character(plain[:-1]) == plain[-1]

"""Fault codes and model numbers as tokens: whole, in parts, and with their case where it tells codes apart.

A maker's `E6` and `e6` are two codes, and so are `F0` and `Fo`; `F0 31` is neither. So a code is read as one piece,
and only spaces, hyphens and underscores, which displays and people add at will, are taken out.
"""

import re
from itertools import pairwise

from portal.search.analysis.normal import normalise

COMPOUND = re.compile(r"[A-Za-z0-9]+(?:[-_./+][A-Za-z0-9]+)*")
NUMBER = re.compile(r"\d{1,7}[A-Za-z]?")
_PIECES = re.compile(r"[-_./+]")
_HYPHENATED = re.compile(r"[a-z]-\d")
_SEPARATORS = re.compile(r"[\s\-_]+")
_LETTER_O = re.compile(r"(?<=[0-9])o|o(?=[0-9])|(?<=^[a-z])o$")
#: l and I are misread ones only at the place of a number: beside a figure, or after the one letter of a code.
_LETTER_L = re.compile(r"(?<=[0-9])[li]|(?<=^[a-z])[li](?=[0-9]|$)")
_RANGE = re.compile(
    r"(?<![A-Za-z0-9-])([A-Za-z]{1,4}-?)(\d{1,5})\s*(?:-|~|至|到|\u2013|\u2014|\uff5e)\s*([A-Za-z]{0,4}-?)(\d{1,5})(?![A-Za-z0-9])"
)
#: A range names at most this many codes; a longer one is no list of codes.
MAX_RANGE = 50
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_WORD_AND_NUMBER = re.compile(r"[A-Za-z]{3,}(\d{1,5})")
#: A letters-only run up to this length may be a code (`dC`, `Fo`, `OFF`); longer ones are words.
MAX_LETTERS = 3
MAX_CODE_LENGTH = 24
#: Two seven-segment places and a letter: longer codes are not told apart by case.
CASED_LENGTH = 3


def code_key(code: str) -> str:
    """Return a code as it is compared exactly: NFKC, without spaces, hyphens and underscores.

    Case is kept where displays use it to tell codes apart: up to `CASED_LENGTH` places. `P0420` and `p0420` are one.
    """
    key = _SEPARATORS.sub("", normalise(code))
    return key if len(key) <= CASED_LENGTH else key.lower()


def folded_code(code: str) -> str:
    """Return a code as a person may have misread it: case folded, letter O as zero, l and I as one.

    Only at the place of a number (`Fo`, `PO42O`, `El`), and not across a hyphen: `AL-3` is no `A13`.
    """
    plain = normalise(code).lower()
    key = _SEPARATORS.sub("", plain)
    if _HYPHENATED.search(plain):
        return key
    previous = ""
    while key != previous:
        previous, key = key, _LETTER_L.sub("1", _LETTER_O.sub("0", key))
    return key


def bare_code(code: str) -> str:
    """Return `folded_code` without the zeros some displays pad with: `E06` and `E6` become one."""
    return _LEADING_ZEROS.sub("", folded_code(code))


def code_number(code: str) -> str:
    """Return the number of a code that is a word and a number (`Service 12` → `12`), as people read it out; else
    nothing.
    """
    match = _WORD_AND_NUMBER.fullmatch(code_key(code))
    return match.group(1).lstrip("0") or "0" if match else ""


def exact_codes(text: str) -> list[str]:
    """Return every code or model number in `text`, whole, as `code_key` writes it, in order and without repeats.

    A word followed by a number is one code (`Service 12`, `F0 31`, `SPN 520192 FMI 3`); a slash parts two codes when
    both sides are codes of their own (`E42/E45`) and belongs to the number otherwise (`GMV-224W/A`).
    """
    folded = normalise(text)
    found: list[str] = []
    chain = ""
    end = -1
    for match in COMPOUND.finditer(folded):
        piece = match.group()
        adjoins = chain and 0 < match.start() - end <= 3 and folded[end : match.start()].isspace()
        if adjoins and (NUMBER.fullmatch(piece) or _continues(chain, piece)):
            chain += " " + piece
        else:
            _take(chain, found)
            chain = piece
        end = match.end()
    _take(chain, found)
    if not found and folded.strip().isdigit() and len(folded.strip()) <= 7:
        found.append(folded.strip())
    return list(dict.fromkeys(found))


def mentioned_codes(text: str) -> list[str]:
    """Return the codes a text speaks of, in lower case, every member of a range (`AL-1 至 AL-12`) among them."""
    folded = normalise(text)
    found: dict[str, None] = {}
    for match in _RANGE.finditer(folded):
        prefix, first, other, last = match.groups()
        if other and other != prefix:
            continue
        count = int(last) - int(first) + 1
        if 1 < count <= MAX_RANGE:
            width = len(first) if first.startswith("0") else 0
            numbers = range(int(first), int(last) + 1)
            found.update({code_key(f"{prefix}{number:0{width}d}").lower(): None for number in numbers})
    for code in exact_codes(_RANGE.sub(" ", folded)):
        if any(map(str.isdigit, code)) and any(map(str.isalpha, code)):
            found[code.lower()] = None
    return list(found)


def _continues(chain: str, word: str) -> bool:
    """Whether a capital word goes on after `SPN 520192`, as in `FMI 3`."""
    return " " in chain and chain.rpartition(" ")[2].isdigit() and word.isalpha() and word.isupper()


def _take(chain: str, found: list[str]) -> None:
    if not chain:
        return
    if "/" in chain:
        pieces = chain.split("/")
        if all(_stands_alone(piece) for piece in pieces):
            found.extend(code_key(piece) for piece in pieces)
            return
    if _is_code(chain):
        found.append(code_key(chain))


def _stands_alone(piece: str) -> bool:
    if piece.isalpha():
        return 2 <= len(piece) <= MAX_LETTERS
    return _is_code(piece)


def _is_code(text: str) -> bool:
    key = code_key(text)
    if not key or len(key) > MAX_CODE_LENGTH:
        return False
    if any(character.isdigit() for character in key):
        return not key.replace(".", "").isdigit()
    return key.isalpha() and len(key) <= MAX_LETTERS


def code_tokens(compound: str) -> list[str]:
    """Return the flat tokens of one run such as `GMV-224W/A`: its pieces, neighbours joined, the whole, and the
    cores.

    All in lower case. Zeros in front of a number are dropped in one more form (`e06` also gives `e6`).
    """
    pieces = [piece for piece in _PIECES.split(compound.lower()) if piece][:8]
    tokens: list[str] = []
    for piece in pieces:
        tokens.extend(_piece_tokens(piece))
    tokens.extend(left + right for left, right in pairwise(pieces))
    if len(pieces) > 2:
        tokens.append("".join(pieces))
    return tokens


_CORES = re.compile(r"[a-z]+|[0-9]+")


def _piece_tokens(piece: str) -> list[str]:
    tokens = [piece]
    if piece.isalpha():
        return tokens
    stripped = _LEADING_ZEROS.sub("", piece)
    if stripped != piece:
        tokens.append(stripped)
    if not piece.isdigit():
        tokens.extend(core for core in _CORES.findall(piece) if len(core) > (1 if core.isalpha() else 2))
    return tokens

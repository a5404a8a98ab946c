"""Pinyin tokens: for queries typed in Latin letters and for homophones (wrong characters of the same sound).

Syllables are folded the way southern speakers and hasty typing confuse them (zh/z, ch/c, sh/s, -ng/-n, l/n), on both
sides. Pairs of neighbouring syllables are the tokens, as pairs of characters are in the flat field.
"""

import re
from functools import lru_cache
from itertools import pairwise

from pypinyin import lazy_pinyin

from portal.search.analysis.normal import normalise
from portal.search.analysis.words import HAN_RUN

_INITIALS = (
    "b",
    "p",
    "m",
    "f",
    "d",
    "t",
    "n",
    "l",
    "g",
    "k",
    "h",
    "j",
    "q",
    "x",
    "zh",
    "ch",
    "sh",
    "r",
    "z",
    "c",
    "s",
    "y",
    "w",
)
_FINALS = {
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve ue",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve ue",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ao ei en eng o u",
}
SYLLABLES = frozenset(
    {initial + final for initial in _INITIALS for final in _FINALS[initial].split()}
    | {"ai", "an", "ang", "ao", "ei", "en", "eng", "er", "ou"}
)
MAX_SYLLABLE = 6
_LATIN_RUN = re.compile(r"[A-Za-z]+(?:['\s]+[A-Za-z]+)*")


def pinyin_tokens(text: str) -> list[str]:
    """Return pairs of neighbouring syllables of every Chinese run of `text`; a single character gives its own
    syllable.
    """
    tokens: list[str] = []
    for run in HAN_RUN.findall(normalise(text)):
        read = _pairs([fold_syllable(syllable) for syllable in lazy_pinyin(run)])
        tokens.extend(read)
        tokens.extend(token for token in _pairs([_common_reading(character) for character in run]) if token not in read)
    return tokens


def initials_token(phrase: str) -> str:
    """Return one token for the first letters of the syllables of a Chinese phrase (xwj); empty for other ones."""
    initials = "".join(syllable[0] for syllable in syllables(phrase))
    return letters_token(initials) if HAN_RUN.fullmatch(normalise(phrase)) and len(initials) > 1 else ""


def letters_token(initials: str) -> str:
    """Return the token under which typed initials are looked up; no pair of syllables begins with a capital."""
    return "I" + initials


@lru_cache(maxsize=16384)
def _common_reading(character: str) -> str:
    """The reading most people type for a character, whatever its word (和面: he, though it is read huo)."""
    return fold_syllable(lazy_pinyin(character)[0])


def initial_of(character: str) -> str:
    """Return the first letter of the folded common reading of a character."""
    return _common_reading(character)[:1]


def common_sound(text: str) -> list[str]:
    """Return the folded common readings of the characters of a Chinese text; empty if it has others."""
    return [_common_reading(character) for character in text] if HAN_RUN.fullmatch(text) else []


def latin_pinyin_tokens(text: str) -> list[str]:
    """Return the syllable pairs of a query typed in Latin letters (`xiwanji bu jiare`); empty if it is no pinyin."""
    tokens: list[str] = []
    for run in _LATIN_RUN.findall(normalise(text).lower()):
        syllables = split_syllables(re.sub(r"['\s]+", " ", run))
        if len(syllables) > 1:
            tokens.extend(_pairs([fold_syllable(syllable) for syllable in syllables]))
    return list(dict.fromkeys(tokens))


def syllables(text: str) -> list[str]:
    """Return the pinyin syllables of the Chinese in `text`, as typed, without tones."""
    return [s for run in HAN_RUN.findall(normalise(text)) for s in lazy_pinyin(run) if s and s[0].isascii()]


@lru_cache(maxsize=4096)
def split_syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin syllables of `text` (lower case, spaces allowed), or nothing if any part of it is no pinyin."""
    result: list[str] = []
    for word in text.split():
        pieces = _split_word(word, SYLLABLES) or _split_word(word, spoken_syllables())
        if not pieces:
            return ()
        result.extend(pieces)
    return tuple(result)


@lru_cache(maxsize=1)
def spoken_syllables() -> frozenset[str]:
    """Return the syllables, standard and as southern speakers type them (`kon` for kong, `zuan` for zhuan)."""
    found = set(SYLLABLES)
    for wrong, right in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        found |= {right + syllable[2:] for syllable in found if syllable.startswith(wrong)}
    found |= {syllable[:-1] for syllable in found if syllable.endswith("ng")}
    return frozenset(found | set(map(fold_syllable, found)))


def _split_word(word: str, known: frozenset[str]) -> list[str]:
    """Fewest syllables win, as in every input method; `best[i]` is the reading of the first i letters."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - MAX_SYLLABLE), end):
            head = best[start]
            piece = word[start:end]
            if head is None or piece not in known:
                continue
            current = best[end]
            if current is None or len(head) + 1 < len(current):
                best[end] = [*head, piece]
    return best[len(word)] or []


@lru_cache(maxsize=1024)
def near_syllables(letters: str) -> tuple[str, ...]:
    """Return the syllables one slip away from `letters`: a letter left out, added, wrong, or two exchanged."""
    near = {syllable for shorter in (letters, *_one_less(letters)) for syllable in _slips().get(shorter, ())}
    return tuple(sorted(syllable for syllable in near if _is_one_slip(syllable, letters)))


@lru_cache(maxsize=1)
def _slips() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for syllable in SYLLABLES:
        for shorter in {syllable, *_one_less(syllable)}:
            found.setdefault(shorter, []).append(syllable)
    return found


def _one_less(letters: str) -> list[str]:
    return [letters[:place] + letters[place + 1 :] for place in range(len(letters))]


def _is_one_slip(one: str, other: str) -> bool:
    if one == other:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    left, right = one[start:], other[start:]
    if len(one) != len(other):
        return left[1:] == right or left == right[1:]
    return left[1:] == right[1:] or (left[:2] == right[:2][::-1] and left[2:] == right[2:])


@lru_cache(maxsize=1024)
def fold_syllable(syllable: str) -> str:
    """Return a syllable without the distinctions that are commonly missed in speech and typing."""
    folded = syllable.lower().replace("ü", "v").replace("lue", "lve").replace("nue", "nve")
    if folded[:2] in ("zh", "ch", "sh"):
        folded = folded[0] + folded[2:]
    elif folded[:1] == "l":
        folded = "n" + folded[1:]
    return folded[:-1] if folded.endswith("ng") else folded


def _pairs(syllables: list[str]) -> list[str]:
    if len(syllables) == 1:
        return syllables
    return [left + right for left, right in pairwise(syllables)]

"""Generated questions, class by class: every alias and code of the faults, changed the way people change them.

No judgement is needed: what an alias or a code belongs to is known. A class that fails as a whole shows a floor or a
step that is wrong, which a set of single queries does not.
"""

import re
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from portal.registry.search import SearchDocument
from portal.search.analysis import look_alikes
from tests.bench.relevance_corpus import faults as all_faults

_TRADITIONAL = OpenCC("s2t")
_HAN = re.compile("[\u4e00-\u9fff]+")
_SENTENCE = "喂师傅你好，我们食堂那个{}，昨天还好好的，今天就这样了，麻烦你们过来看一下"
_AROUND = (
    "报{}",
    "显示{}",
    "屏幕上{}",
    "老报{}",
    "一直{}",
    "{}故障",
    "{}是啥",
    "提示{}报警",
    "故障代码：{}",
    "面板闪{}",
)
#: Aliases of a fault that are asked with.
MAX_ALIASES = 3

Probe = tuple[str, str, frozenset[str]]


faults = cache(all_faults)


def probes() -> Iterator[Probe]:
    """Yield class, query and the faults any of which is right."""
    for document in faults():
        yield from _words(document)
        yield from _codes(document)


def _words(document: SearchDocument) -> Iterator[Probe]:
    machine = machine_of(document)
    aliases = [alias for alias in document.aliases if _HAN.fullmatch(alias) and len(alias) > 2][:MAX_ALIASES]
    for alias in aliases:
        right = frozenset(
            other.ref for other in faults() if alias in other.aliases and other.categories == document.categories
        )
        query = alias if machine in alias else machine + alias
        syllables = lazy_pinyin(query)
        yield "machine and alias", query, right
        yield "in a sentence", _SENTENCE.format(query), right
        yield "with a few words around", f"我家那个{query}了呀咋整", right
        yield "the other way round", alias + machine, right
        yield "pinyin in one", "".join(syllables), right
        yield "pinyin by syllables", " ".join(syllables), right
        yield "pinyin with tones", " ".join(lazy_pinyin(query, style=Style.TONE)), right
        yield "pinyin of the south", "".join(map(_southern, syllables)), right
        for kind, slipped in _slips(syllables):
            yield f"pinyin, {kind}", slipped, right
        misheard = _misheard(query)
        if misheard:
            yield "a character that sounds alike", misheard, right
        yield "full width and traditional", _written_otherwise(query), right
        misread = _misread(query)
        if misread:
            yield "a character that looks alike", misread, right
        yield "initials", "".join(syllable[0] for syllable in syllables), right


def _codes(document: SearchDocument) -> Iterator[Probe]:
    machine = machine_of(document)
    for code in document.codes:
        for shown in code.split("/"):
            right = frozenset(o.ref for o in faults() if shown.lower() in "/".join(o.codes).lower().split("/"))
            for way in _AROUND:
                yield "code and a word", way.format(shown), right
                yield "code in lower case and a word", way.format(shown.lower()), right
            yield "machine and code in lower case", machine + shown.lower(), right
            for family in _families(document):
                yield "model and code in one", family + shown, right
            if "0" in shown:
                yield "letter O for zero and a word", "报" + shown.replace("0", "O"), right


def elsewhere() -> Iterator[tuple[str, str]]:
    """Yield machine and code where the machine has no such code."""
    known = {(machine_of(document), code.lower()) for document in faults() for code in document.codes}
    machines = [machine for machine in dict.fromkeys(map(machine_of, faults())) if machine]
    for code in dict.fromkeys(code for document in faults() for code in document.codes if len(code) == 2):
        yield from ((machine, code) for machine in machines if (machine, code.lower()) not in known)


@cache
def machine_of(document: SearchDocument) -> str:
    """The plainest name of the machine a fault belongs to."""
    names = [name.partition("(")[0] for name in document.equipment_names]
    return min((name for name in names if _HAN.fullmatch(name)), key=len, default="")


def _families(document: SearchDocument) -> list[str]:
    """The names of the machine that are written in Latin letters, as people put them before a code."""
    return [name for name in document.equipment_names if re.fullmatch("[A-Za-z0-9]{2,12}", name)]


def _slips(syllables: list[str]) -> Iterator[tuple[str, str]]:
    """A long syllable with a letter left out, with a wrong one, and with two exchanged; always the same one."""
    place = max(range(len(syllables)), key=lambda i: len(syllables[i]))
    long = syllables[place]
    if len(long) < 4:
        return
    forms = {
        "a letter left out": long[:1] + long[2:],
        "two exchanged": long[:2] + long[3] + long[2] + long[4:],
        "a wrong letter": long[:2] + "b" + long[3:],
    }
    for kind, form in forms.items():
        yield kind, "".join([*syllables[:place], form, *syllables[place + 1 :]])


@cache
def _homophones() -> dict[str, str]:
    """The most common characters by their pinyin."""
    found: dict[str, str] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            character = bytes((high, low)).decode("gb2312", "ignore")
            if character:
                found[lazy_pinyin(character)[0]] = found.get(lazy_pinyin(character)[0], "") + character
    return found


def _misheard(text: str) -> str:
    """A text with one character from its middle as another one pronounced the same."""
    place = len(text) // 2
    others = _homophones().get(lazy_pinyin(text[place])[0], "").replace(text[place], "")
    return text[:place] + others[0] + text[place + 1 :] if others else ""


def _written_otherwise(text: str) -> str:
    """A text in traditional characters, with a full width question mark and an ideographic space."""
    return "\u3000" + _TRADITIONAL.convert(text) + "\uff1f"


def _misread(text: str) -> str:
    """A text with one character from its middle as the one that looks most like it."""
    place = len(text) // 2
    alike = look_alikes(text[place])
    return text[:place] + alike[0] + text[place + 1 :] if alike else ""


def _southern(syllable: str) -> str:
    for wrong, right in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        syllable = syllable.replace(wrong, right)
    return syllable

"""Decide which ranked candidates answer the query, and what the answer must warn about.

Relevance is judged by evidence, not by the share of the query matched: people write more than an article says. What no
candidate contains is left out and reported as missing; what is left must be telling (rare, and in a prominent place).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.search.query.concepts import CodeMatch, ConceptKind, Reading
from portal.search.query.ranking import CATEGORY_MATCH, SAID, Ranked

#: A code, or a machine the portal has, is an answer by itself. Without one, the best candidate must say this share of
#: what was asked, or say something this telling. Chosen on the judged queries, see docs/search.md.
ANSWER_SHARE = 0.55
ANSWER_STRENGTH = 0.65
#: Below this share of what can be answered a candidate beside better ones is noise.
FLOOR = 0.34
#: And so is one that says less than this share of what the best one says.
RELATIVE_FLOOR = 0.3


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A code that is known, but not on the machine that was named.

    Args:
        code: as typed.
        machine: as typed.
        equipment: the models the code belongs to.
    """

    code: str
    machine: str
    equipment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is shown of the candidates and what is said about them; see `retrieval.Found`."""

    kept: tuple[Ranked, ...] = ()
    relaxed: bool = False
    missing: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


def judge(reading: Reading, ranked: list[Ranked]) -> Verdict:
    """Return which of the ordered candidates answer a reading."""
    unknown = (
        *reading.unknown_machines,
        *(code.shown for code in reading.codes if code.match is CodeMatch.UNKNOWN),
    )
    elsewhere = tuple(_elsewhere(reading, ranked))
    if elsewhere:
        ranked = [item for item in ranked if item.code or item.named >= CATEGORY_MATCH]
    if any(code.match is not CodeMatch.UNKNOWN for code in reading.codes):
        ranked = _code_first(ranked)
    if not ranked or not _is_answer(reading, ranked):
        return Verdict(missing=unknown)
    said = [max(values) >= SAID for values in zip(*(item.covered for item in ranked), strict=True)]
    shares = [_share(item, said, with_code=any(item.code for item in ranked)) for item in ranked]
    # A model that is not known, by its family: all there is of that family.
    is_machine_alone = len(reading.concepts) == 1 and not any(said)
    floor = max(FLOOR, RELATIVE_FLOOR * max(shares))
    kept = tuple(
        replace(item, coverage=share)
        for item, share in zip(ranked, shares, strict=True)
        if share >= floor or item.code or (item.named and (elsewhere or is_machine_alone))
    )
    if not kept:
        return Verdict(missing=unknown)
    others = {item.machine for item in elsewhere}
    unsaid = tuple(
        concept.text
        for place, concept in enumerate(reading.concepts)
        if kept[0].covered[place] < SAID and not concept.is_lone and concept.text not in others
    )
    missing = (*unknown, *(item.code for item in elsewhere), *unsaid)
    complete = not unknown and not elsewhere and any(_says_all(reading, item) for item in kept[:10])
    return Verdict(kept, relaxed=not complete and bool(missing), missing=missing, elsewhere=elsewhere)


def _is_answer(reading: Reading, ranked: list[Ranked]) -> bool:
    if any(item.code for item in ranked[:1]) or any(item.named for item in ranked):
        return True
    return any(item.placed >= ANSWER_SHARE or item.strength >= ANSWER_STRENGTH for item in ranked)


def _share(item: Ranked, said: list[bool], *, with_code: bool) -> float:
    """How much of what can be answered at all a candidate answers; a code counts as said."""
    code = max((*item.weights, 1.0)) if with_code else 0.0
    total = code + sum(weight for weight, known in zip(item.weights, said, strict=True) if known)
    if not total:
        return 0.0
    whole = code if item.code else 0.0
    whole += sum(weight * value for weight, value, known in zip(item.weights, item.covered, said, strict=True) if known)
    return whole / total


def _elsewhere(reading: Reading, ranked: list[Ranked]) -> Iterator[Elsewhere]:
    """Codes beside a named machine that only other machines have, though they be of its category: for a mixer the
    code of an oven is a wrong answer.
    """
    machines = {
        place: concept.text
        for place, concept in enumerate(reading.concepts)
        if concept.kind is ConceptKind.EQUIPMENT and not concept.is_brand
    }
    having = [item for item in ranked if item.code]
    # Named as what it is about, or in so many words (an indoor unit, whatever machine it belongs to).
    if (
        not machines
        or not having
        or any(item.covered[place] >= CATEGORY_MATCH for item in having for place in machines)
    ):
        return
    equipment = dict.fromkeys(code for item in having for code in item.hit.stored.get("equipment", ()))
    for code in reading.codes:
        if code.match is not CodeMatch.UNKNOWN:
            yield Elsewhere(code.shown, next(iter(machines.values())), tuple(equipment))


def _code_first(ranked: list[Ranked]) -> list[Ranked]:
    """What has the code that was typed, on the machine that was named before others, then the rest in its order."""
    return sorted(ranked, key=lambda item: (not (item.code and item.named >= CATEGORY_MATCH), -item.code))


def _says_all(reading: Reading, item: Ranked) -> bool:
    said = zip(reading.concepts, item.covered, strict=True)
    return all(value >= SAID or concept.is_lone for concept, value in said) and (not reading.codes or item.code > 0)

"""Decisions on citations of an earlier edition (follow, stay, drop), and the proposal for each chapter."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from kb.enums import CitationChoice, CounterpartFit
from kb.manuals.citations import CitationKey
from kb.models import ManualChapter

# 分析及处理方法 and 分析与处理 are the same title, 维护保养 and 安装调试 of one machine are not.
SIMILAR = 0.7


@dataclass(frozen=True)
class Decision:
    """What is done with one citation; ``target`` is the key of the chapter to follow to."""

    choice: CitationChoice
    target: int | None = None


STAY = Decision(CitationChoice.STAY)
DROP = Decision(CitationChoice.DROP)
# Decisions by citation, or the one choice that needs no looking: everything stays where it is.
Decisions = Mapping[CitationKey, Decision] | CitationChoice


@dataclass(frozen=True)
class Proposal:
    """What the new edition has for a chapter of an earlier one, and what is therefore proposed.

    Attributes:
        counterpart: the chapter to follow to, if one follows: of the same number, or renumbered with the same title.
        same_number: what now stands under the number.
    """

    fit: CounterpartFit
    counterpart: ManualChapter | None
    same_number: ManualChapter | None

    @property
    def decision(self) -> Decision:
        """Follow where number and title agree; stay wherever an editor has to look."""
        if self.fit == CounterpartFit.SAME and self.counterpart:
            return Decision(CitationChoice.FOLLOW, self.counterpart.pk)
        return STAY


def propose(chapter: ManualChapter, offered: Iterable[ManualChapter]) -> Proposal:
    """Return the proposal for the citations of ``chapter`` from the chapters ``offered`` by another edition."""
    offered = list(offered)
    same_number = next((one for one in offered if one.number == chapter.number), None)
    if same_number and are_alike(chapter, same_number):
        return Proposal(CounterpartFit.SAME, same_number, same_number)
    renumbered = next((one for one in offered if bare(one.title) == bare(chapter.title)), None)
    if same_number is None:
        return Proposal(CounterpartFit.MISSING, renumbered, None)
    return Proposal(CounterpartFit.OTHER_TITLE, renumbered or same_number, same_number)


def are_alike(one: ManualChapter, other: ManualChapter) -> bool:
    """Whether two chapters are about the same thing by their titles and, where both name one, their topics."""
    if one.topic_id and other.topic_id and one.topic_id != other.topic_id:
        return False
    return SequenceMatcher(None, bare(one.title), bare(other.title), autojunk=False).ratio() >= SIMILAR


def bare(title: str) -> str:
    """Return a title as it is compared: letters and figures only, without case and width."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(character for character in folded if character.isalnum())

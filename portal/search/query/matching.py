"""Match one alternative of a concept against a candidate: phrase or pieces, in the head or in the body."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from portal.search import analysis
from portal.search.engine import Hit
from portal.search.indexing.documents import PINYIN, TEXT
from portal.search.query.concepts import Alternative

#: What a match is worth by place: whole phrase or scattered, in the head or only in the body.
HEAD_PHRASE, HEAD_PIECES, BODY_PHRASE, BODY_PIECES = 1.0, 0.85, 0.6, 0.4
#: The characters of a concept gathered in one phrase of the head, in whatever order (水排不掉 for 不排水).
GATHERED = 0.75
#: Its characters anywhere in the head: people say the same with other words around the telling ones.
LOOSE = 0.8
#: Pairs with one of these characters are found everywhere and say little.
WEAK_CHARACTERS = frozenset("的了着过吗呢啊吧就都也还很太又再在把被给让会能要是有自己下上出来去")
WEAK_FACTOR = 0.5
#: A pair with one of these is no evidence by itself.
WEAK_PAIRED = WEAK_CHARACTERS | frozenset("不没得")
#: By themselves these say even less than in a pair.
ALONE_FACTOR = 0.5
WEAK_ALONE = WEAK_CHARACTERS | frozenset("不没得里面外一半个全只那这它他和跟到从用开机器")


class Place:
    """Where a candidate may say something; what is dear to make is made when first asked for."""

    def __init__(self, hit: Hit) -> None:
        self._stored = hit.stored
        self.head = analysis.fold(str(hit.stored.get("head", "")))
        self.tokens = {token for field, token in hit.matched if field == TEXT}
        self.sounds = {token for field, token in hit.matched if field == PINYIN}

    @cached_property
    def body(self) -> str:
        """The body, folded."""
        return analysis.fold(str(self._stored.get("text", "")))

    @property
    def is_cut(self) -> bool:
        """Whether the body goes on behind what is kept of it."""
        return bool(self._stored.get("is_cut"))

    @cached_property
    def characters(self) -> set[str]:
        """The characters of the head."""
        return set(self.head)

    @cached_property
    def phrases(self) -> list[set[str]]:
        """The characters of each phrase of the head."""
        return [set(phrase) for phrase in self.head.split("\n")]

    def has_phrase(self, text: str) -> bool:
        """Whether `text` is one whole phrase of the head (不制冷 as an alias)."""
        return f"\n{text}\n" in f"\n{self.head}\n"


class Way:
    """A way to say a concept, weighed once for all candidates."""

    def __init__(
        self, alternative: Alternative, token_weight: Callable[[str], float], *, is_typed: bool = False
    ) -> None:
        self.text = alternative.text
        self.by_sound = alternative.by_sound
        self.weight = alternative.weight
        self.tokens = dict.fromkeys(alternative.tokens, 1.0)
        if not self.by_sound:
            self.tokens = {token: token_weight(token) for token in alternative.tokens}
        self.total = sum(self.tokens.values()) or 1.0
        self._is_prefix = len(alternative.tokens) == 1 and analysis.is_prefix(alternative.tokens[0])
        self._characters: dict[str, float] = {}
        if not self.text.isascii():
            self._characters = {c: ALONE_FACTOR if c in WEAK_ALONE else 1.0 for c in set(self.text)}
        self._characters_total = sum(self._characters.values()) or 1.0
        # Only what was typed may stand in another order; a synonym is a phrase somebody wrote on purpose.
        self._is_gathered = is_typed and len(self.text) > 2 and bool(self._characters)

    def said(self, place: Place) -> tuple[float, float]:
        """Return how well it is said, each 0 to 1: for the order, where the place counts, and at all."""
        if self.by_sound:
            heard = len(self.tokens.keys() & place.sounds) / len(self.tokens) if self.tokens else 0.0
            return heard, heard
        if self._is_prefix:
            return self._said_by_one(place)
        found = self.tokens.keys() & place.tokens
        if len(found) == len(self.tokens):
            if self.text in place.head:
                return HEAD_PHRASE, 1.0
            # What is not kept cannot be looked at: that the body holds every pair must do.
            if self.text in place.body or place.is_cut:
                return BODY_PHRASE, 1.0
        if not found and not self._is_gathered:
            return 0.0, 0.0
        in_head = {token for token in found if token in place.head}
        head, anywhere = self._share(in_head), self._share(found)
        if self._is_gathered:
            loose = LOOSE * self._covered(place.characters)
            gathered = self._gathered(place) if loose > head else 0.0
            head, anywhere = max(head, gathered), max(anywhere, gathered, loose)
        return HEAD_PIECES * head + BODY_PIECES * max(0.0, anywhere - head), anywhere

    def _said_by_one(self, place: Place) -> tuple[float, float]:
        if self.text in place.head:
            return HEAD_PHRASE, 1.0
        return (BODY_PHRASE, 1.0) if self.text in place.body or place.is_cut else (0.0, 0.0)

    def _share(self, found: set[str]) -> float:
        """How much of it the found pairs are, by themselves and by the characters they cover."""
        if not found:
            return 0.0
        pairs = sum(self.tokens[token] for token in found) / self.total
        if not self._characters:
            return pairs
        return (pairs + self._covered(set().union(*found))) / 2

    def _covered(self, characters: set[str]) -> float:
        weights = self._characters
        return sum(weights[character] for character in weights.keys() & characters) / self._characters_total

    def _gathered(self, place: Place) -> float:
        """The best share of its characters in one phrase of the head."""
        return GATHERED * max(self._covered(phrase) for phrase in place.phrases)

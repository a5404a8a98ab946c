"""Lexicon: names of equipment, synonyms, and words for kinds of content; loaded by `lexicon_loading`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.search import analysis
from portal.search.analysis.words import stem
from portal.search.query.similarity import Likeness

MAX_HAN_TERM = 12
MAX_LATIN_WORDS = 6


@dataclass(frozen=True, slots=True)
class EquipmentNames:
    """An equipment model or category and everything it is called.

    Args:
        code: the model's code, or a category's with `is_category`.
        names: name, English name, aliases, families, model numbers.
        category: the category a model belongs to; what is known of its siblings may help.
        brand: who makes it; the brand names all its machines.
    """

    code: str
    names: tuple[str, ...]
    is_category: bool = False
    category: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class SynonymSet:
    """Words that mean the same. `one_way`: who asks for the first also means the others, but not the reverse."""

    words: tuple[str, ...]
    one_way: bool = False


@dataclass(slots=True)
class Entry:
    """What a term stands for. One term may be several things at once (杀菌灯 is a machine and a part of one)."""

    term: str
    equipment: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    siblings: set[str] = field(default_factory=set)
    alternatives: dict[str, None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    #: Whether it names whoever makes the equipment.
    is_brand: bool = False

    @property
    def is_equipment(self) -> bool:
        """Whether the term names equipment."""
        return bool(self.equipment or self.categories)

    @property
    def within(self) -> set[str]:
        """The categories the machines belong to."""
        return self.siblings | self.categories


class Lexicon:
    """Terms by spelling and by English stems; what they sound and look like is in `likeness`."""

    def __init__(
        self,
        equipment: Iterable[EquipmentNames] = (),
        synonyms: Iterable[SynonymSet] = (),
        kinds: Iterable[tuple[str, tuple[str, ...]]] = (),
    ) -> None:
        """Gather the terms.

        Args:
            equipment: models and categories by every name.
            synonyms: what editors say means the same.
            kinds: words that ask for a kind of content.
        """
        self._entries: dict[str, Entry] = {}
        self._names: dict[str, str] = {}
        for item in equipment:
            self._add_equipment(item)
        groups = list(synonyms)
        for group in groups:
            self._add_group(group)
        # First what means the same, then what means one of several: 煤气灶 = 燃气灶, and that is any of our stoves.
        for group in sorted(groups, key=lambda group: group.one_way):
            self._name_by_group(group)
        for kind, words in kinds:
            for word in words:
                self._entry(term_key(word)).kinds.add(kind)
        self._entries.pop("", None)
        self.likeness = Likeness({term: entry.is_equipment for term, entry in self._entries.items()})
        self.longest = max((min(len(term), MAX_HAN_TERM) for term in self._entries if not term.isascii()), default=1)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, term: str) -> Entry | None:
        """Return the entry of a Chinese term as `term_key` writes it."""
        return self._entries.get(term)

    def get_latin(self, words: Iterable[str]) -> Entry | None:
        """Return the entry of one or several Latin words."""
        return self._entries.get(" ".join(stem(word.lower()) for word in words))

    def entries(self, terms: Iterable[str]) -> list[Entry]:
        """Return the entries of known terms."""
        return [self._entries[term] for term in terms]

    def machines_with(self, piece: str) -> list[Entry]:
        """Return the equipment terms that hold a pair of characters, or that end with a single one."""
        return self.entries(self.likeness.machines_with(piece))

    def equipment_name(self, code: str) -> str:
        """Return what a model is called on screen; its code when it is unknown."""
        return self._names.get(code, code)

    def equipment_codes(self, value: str) -> frozenset[str]:
        """Return the models a code, name or alias stands for; empty when none."""
        if value in self._names:
            return frozenset({value})
        upper = value.strip().upper()
        if upper in self._names:
            return frozenset({upper})
        entry = self._entries.get(term_key(value))
        return frozenset(entry.equipment) if entry else frozenset()

    def _entry(self, term: str) -> Entry:
        return self._entries.setdefault(term, Entry(term))

    def _add_equipment(self, item: EquipmentNames) -> None:
        if not item.is_category:
            self._names[item.code] = item.names[0] if item.names else item.code
        for term in dict.fromkeys(form for name in (*item.names, item.brand) for form in name_forms(name)):
            entry = self._entry(term)
            (entry.categories if item.is_category else entry.equipment).add(item.code)
            if item.category:
                entry.siblings.add(item.category)
        for form in name_forms(item.brand):
            self._entry(form).is_brand = True

    def _add_group(self, group: SynonymSet) -> None:
        words = [(term_key(word), analysis.fold(word).strip()) for word in group.words]
        for term, _spelling in words[:1] if group.one_way else words:
            entry = self._entry(term)
            entry.alternatives.update({spelling: None for other, spelling in words if other != term})

    def _name_by_group(self, group: SynonymSet) -> None:
        """Let the words of a group name the machines it is about: a one-way word whose every meaning is a machine
        (车子 → 汽车), and each word of a group of equals one of which is a machine (煤气灶 = 燃气灶).
        """
        entries = [self._entries.get(term_key(word)) for word in group.words]
        machines = [entry for entry in entries if entry is not None and entry.is_equipment]
        if group.one_way and (len(machines) < len(entries) - 1 or entries[0] in machines):
            return
        named = [(entry.equipment.copy(), entry.categories.copy(), entry.siblings.copy()) for entry in machines]
        for entry in entries[:1] if group.one_way else entries:
            if entry is None or entry.is_equipment:
                continue
            for equipment, categories, siblings in named:
                entry.equipment |= equipment
                entry.categories |= categories
                entry.siblings |= siblings


def term_key(text: str) -> str:
    """Return a term as the lexicon keeps it: folded; a Latin one by the stems of its words."""
    folded = " ".join(analysis.fold(text).split())
    return " ".join(stem(word) for word in folded.split()) if folded.isascii() else folded.replace(" ", "")


def name_forms(name: str) -> list[str]:
    """Return the ways a name is said: whole, and without what stands in brackets behind it."""
    forms = [term_key(name)]
    head, bracket, _ = analysis.normalise(name).partition("(")
    if bracket and len(head.strip()) > 1:
        forms.append(term_key(head))
    return [form for form in forms if len(form) > 1]

"""Parse a query into fault codes, equipment and symptoms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.search import analysis
from portal.search.analysis.words import HAN
from portal.search.query.cleaning import clean_query
from portal.search.query.concepts import Concept, Reading
from portal.search.query.language import CODE_WORDS
from portal.search.query.latin import read_latin
from portal.search.query.lexicon import Lexicon
from portal.search.query.segmentation import (
    cut,
    drawn_apart,
    is_written,
    machine_in,
    machine_like,
    misspelt,
    stretches,
    without_edges,
)
from portal.search.query.spelling import meant_terms
from portal.search.query.vocabulary import ParserState, Vocabulary, concept_of, guessed_machine, loose_concept

_SEGMENT = re.compile(
    rf"(?P<han>[{HAN}]+)|(?P<latin>[A-Za-z0-9][A-Za-z0-9\-_./+']*(?:[ ]+[A-Za-z0-9][A-Za-z0-9\-_./+']*)*)"
)


def read(raw: str, lexicon: Lexicon, vocabulary: Vocabulary) -> Reading:
    """Read a query.

    Args:
        raw: as typed; any length and any characters.
        lexicon: equipment names, synonyms and words for kinds.
        vocabulary: which codes and words the index knows.
    """
    query, truncated = clean_query(raw)
    state = ParserState(lexicon, vocabulary)
    for match in _SEGMENT.finditer(query):
        run = match.group("han")
        if run:
            _read_han(run, state)
        else:
            read_latin(match.group("latin").split(), state)
    suggestion = query
    for wrong, right in state.corrections:
        suggestion = suggestion.replace(wrong, right)
    concepts = state.concepts
    if state.codes:
        concepts = [concept for concept in concepts if concept.text not in CODE_WORDS or concept.equipment]
    if not concepts and not state.codes and not state.unknown_machines:
        concepts = state.fillers
    return Reading(
        query=query,
        codes=tuple(dict.fromkeys(state.codes)),
        concepts=tuple(_without_repeats(concepts)),
        truncated=truncated,
        suggestion=suggestion if state.corrections else "",
        tokens=tuple(analysis.query_tokens(query)),
        unknown_machines=tuple(state.unknown_machines),
    )


def _read_han(run: str, state: ParserState) -> None:
    pieces = cut(run, state.lexicon)
    for piece in pieces:
        if piece.entry is not None:
            state.concepts.append(concept_of(piece.entry, piece.entry.term))
        elif piece.is_machine:
            _read_ordinary_machine(piece.text, state)
        elif piece.is_filler:
            state.fillers.append(loose_concept(piece.text))
        else:
            _read_loose(without_edges(piece.text), state)


def _read_ordinary_machine(name: str, state: ParserState) -> None:
    """Read the common name of a machine: a variant of a known one, a word of the texts, or not known here."""
    entries = machine_like(name, state.lexicon)
    if entries and not state.unknown_machines:
        state.concepts.append(guessed_machine(name, entries))
    elif not entries and is_written(name, state.vocabulary):
        state.concepts.append(loose_concept(name))
    else:
        state.unknown_machines.append(name)


def _read_loose(text: str, state: ParserState) -> None:
    """Read what no editor named: a mistaken character, a machine, and what the index knows of it."""
    for typed, meant in meant_terms(text, state.lexicon, state.vocabulary):
        if meant is None:
            _read_forms(without_edges(typed), state)
        else:
            state.corrections.append((typed, meant.term))
            state.concepts.append(concept_of(meant, meant.term))


def _read_forms(text: str, state: ParserState) -> None:
    if len(text) < 2:
        _take_stretch(text, state)
        return
    machine = machine_in(text, state.lexicon, state.vocabulary)
    if machine is not None:
        start, end, entries = machine
        _read_forms(without_edges(text[:start]), state)
        meant = misspelt(text[start:end], state.lexicon)
        if meant is not None:
            state.corrections.append((text[end - len(meant.term) : end], meant.term))
            state.concepts.append(concept_of(meant, meant.term))
        elif entries and not state.unknown_machines:
            state.concepts.append(guessed_machine(text[start:end], entries))
        else:
            state.unknown_machines.append(text[start:end])
        _read_forms(without_edges(text[end:]), state)
        return
    apart = drawn_apart(text, state.lexicon)
    if apart is not None:
        state.concepts.append(concept_of(apart, apart.term))
    for stretch in stretches(text, state.vocabulary):
        _take_stretch(without_edges(stretch), state)


def _take_stretch(text: str, state: ParserState) -> None:
    entry = state.lexicon.get(text)
    if entry is not None:
        state.concepts.append(concept_of(entry, text))
    elif text:
        state.concepts.append(loose_concept(text))


def _without_repeats(concepts: list[Concept]) -> Iterator[Concept]:
    seen: set[str] = set()
    for concept in concepts:
        if concept.text not in seen:
            seen.add(concept.text)
            yield concept

"""Candidates as results: title with matches marked, snippet, reasons, and the cards of the results page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.registry.search import severity_name, source_of
from portal.search import analysis
from portal.search.analytics.usage import MAX_REF
from portal.search.query.answers import AnswerHit, Group, Piece, Reason, SearchAnswer, Why
from portal.search.query.concepts import ConceptKind
from portal.search.query.fault_codes import EXACT_CODE, MENTIONED_CODE
from portal.search.query.lexicon import Lexicon
from portal.search.query.lexicon_loading import current_lexicon
from portal.search.query.ranking import Ranked, named_match
from portal.search.query.retrieval import Found
from portal.search.results.snippets import fold_in_place, mark, snippet

#: Words shown as the reason of a match.
MAX_REASONS = 3
#: Characters of a name that must match for it to be a reason.
MIN_MARKED = 2
#: Machines named on a card; a chapter of a manual may be about twenty.
MAX_MACHINES = 3
#: Codes shown beside a title.
MAX_CODES = 3
#: Lamp of a severity; what only bothers has none.
_LAMPS = {"danger": "red", "stop": "amber"}


def present(found: Found, items: Iterable[Ranked]) -> list[AnswerHit]:
    """Return results with what matched marked.

    Args:
        found: how the query was read.
        items: the candidates to show.
    """
    marker = Marker(found)
    return [answer_hit(item.hit.stored, item.score, marker, _reasons(found, item, marker)) for item in items]


def answer_hit(stored: Mapping[str, Any], score: float, marker: Marker, reasons: tuple[Reason, ...] = ()) -> AnswerHit:
    """Return one result from what the index stored of it."""
    source = source_of(stored["kind"])
    names = stored["equipment_names"]
    # A reader of another language is shown its words where it has them.
    words = stored.get("translations", {}).get(get_language(), {})
    title, text = words.get("title") or stored["title"], words.get("text") or stored["text"]
    # The number stands beside the title; in the text it is there to be found only.
    lines = [line for line in text.splitlines() if line.strip() not in ("", stored["ref"])]
    return AnswerHit(
        ref=stored["ref"],
        kind=stored["kind"],
        kind_label=source.label if source else stored["kind"],
        title=title,
        title_pieces=mark(title, marker.needles(title)),
        url=stored["url"],
        codes=tuple(stored["codes"]),
        equipment=tuple(stored["equipment"]),
        equipment_name=names[0] if names else "",
        brand=stored["brand"],
        severity=stored["severity"],
        phone_doable=stored["phone_doable"],
        score=round(score, 4),
        snippet_pieces=snippet(lines, marker.needles("\n".join(lines))),
        reasons=reasons,
        languages=(settings.LANGUAGE_CODE, *sorted(stored.get("translations", {}))),
    )


class Marker:
    """What to mark in a text: of each concept the whole phrases it holds, and only failing those its pieces."""

    def __init__(self, found: Found | None = None, words: Iterable[str] = ()) -> None:
        self._always = [analysis.fold(word) for word in words]
        self._phrases: list[list[str]] = []
        self._pieces: list[list[str]] = []
        if found is None:
            return
        for code in found.reading.codes:
            self._always.append(analysis.fold(code.shown))
        for concept in found.reading.concepts:
            ways = [way for way in concept.alternatives if not way.by_sound]
            self._phrases.append([way.text for way in ways])
            self._pieces.append([token for way in ways[:1] for token in way.tokens if len(token) > 1])

    def needles(self, text: str) -> list[str]:
        """Return the folded strings to mark in `text`."""
        folded = fold_in_place(text)
        needles = list(self._always)
        for phrases, pieces in zip(self._phrases, self._pieces, strict=True):
            whole = [phrase for phrase in phrases if phrase in folded]
            needles.extend(whole or pieces)
        return needles


def _reasons(found: Found, item: Ranked, marker: Marker) -> tuple[Reason, ...]:
    stored = item.hit.stored
    reasons: list[Reason] = []
    if item.code and item.code != MENTIONED_CODE:
        reasons.append(Reason(Why.CODE if item.code == EXACT_CODE else Why.SIMILAR_CODE, "/".join(stored["codes"])))
    names = stored["equipment_names"]
    if names and any(
        concept.kind is ConceptKind.EQUIPMENT and named_match(concept, stored) for concept in found.reading.concepts
    ):
        reasons.append(Reason(Why.EQUIPMENT, names[0]))
    called = _matching_names(stored, marker)
    if any(piece.marked for piece in mark(stored["title"], marker.needles(stored["title"]))):
        reasons.append(Reason(Why.TITLE))
    elif called:
        reasons.append(Reason(Why.NAMES, "、".join(called[:MAX_REASONS])))
    elif item.by_sound:
        reasons.append(Reason(Why.SOUND))
    elif not reasons:
        reasons.append(Reason(Why.BODY))
    return tuple(reasons)


def _matching_names(stored: Mapping[str, Any], marker: Marker) -> list[str]:
    """Symptoms and aliases that say what was asked, the fullest match first."""
    known = {stored["title"], *stored["equipment_names"], *stored["codes"]}
    rated = []
    for phrase in str(stored["head"]).split("\n"):
        if phrase in known:
            continue
        marked = sum(len(piece.text) for piece in mark(phrase, marker.needles(phrase)) if piece.marked)
        if marked >= MIN_MARKED:
            rated.append((-marked / len(phrase), phrase))
    return [phrase for _, phrase in sorted(rated)]


@dataclass(frozen=True, slots=True)
class Card:
    """A result with its texts ready for the page; the names are those `components/hit.html` reads.

    Args:
        key: what is noted when it is opened; the number people know it by is `ref`, and not everything has one.
    """

    key: str
    ref: str
    kind: str
    place: int
    kind_label: Any
    kind_icon: str
    title: SafeString
    url: str
    codes: Sequence[str]
    equipment: Sequence[str]
    snippet: SafeString
    note: str
    lamp: str
    lamp_label: str
    lamp_icon: str = ""


@dataclass(frozen=True, slots=True)
class Sections:
    """The results of a page in the order they are shown; no result stands in two of them."""

    promoted: list[Card]
    groups: list[tuple[Group, list[Card]]]
    others: list[Card]

    @property
    def cards(self) -> list[Card]:
        """All of them, as they are counted through."""
        return [*self.promoted, *(card for _group, cards in self.groups for card in cards), *self.others]


def sections_of(answer: SearchAnswer, first_place: int = 1) -> Sections:
    """Return the cards of an answer: what editors want first, what a code means by machine, the rest."""
    names = current_lexicon()
    places = count(first_place)
    shown: set[str] = set()

    def cards(hits: Iterable[AnswerHit]) -> list[Card]:
        fresh = [hit for hit in hits if hit.url not in shown]
        shown.update(hit.url for hit in fresh)
        return [_card(hit, next(places), names) for hit in fresh]

    promoted = cards(hit for hit in answer.hits if hit.promoted)
    groups = [(group, cards(group.hits)) for group in answer.groups]
    return Sections(promoted, [(group, found) for group, found in groups if found], cards(answer.hits))


def marked(pieces: Iterable[Piece]) -> SafeString:
    """Return pieces of text as HTML, the matching ones in `<mark>`."""
    return mark_safe(  # noqa: S308  (every piece is escaped)
        "".join(
            format_html("<mark>{}</mark>", piece.text) if piece.marked else conditional_escape(piece.text)
            for piece in pieces
        )
    )


def reason_text(reason: Reason) -> str:
    """Return why something was found, for the reader; empty where the title or the code beside it says so itself."""
    match reason.why:
        case Why.SIMILAR_CODE:
            return _("similar code %(text)s") % {"text": reason.text}
        case Why.NAMES:
            return _("also called: %(text)s") % {"text": reason.text}
        case Why.BODY:
            return _("mentioned in the text")
        case Why.SOUND:
            return _("sounds alike")
    return ""


def _card(hit: AnswerHit, place: int, names: Lexicon) -> Card:
    source = source_of(hit.kind)
    notes = [text for reason in hit.reasons if (text := reason_text(reason))]
    if hit.phone_doable:
        notes.append(_("Can be done on the phone"))
    if len(hit.equipment) > MAX_MACHINES:
        notes.append(_("%(count)d kinds of equipment") % {"count": len(hit.equipment)})
    codes = hit.codes[:MAX_CODES]
    return Card(
        key=(hit.ref or hit.url)[:MAX_REF],
        ref=hit.ref,
        kind=hit.kind,
        place=place,
        kind_label=hit.kind_label,
        kind_icon="star" if hit.promoted else source.icon if source else "list",
        title=marked(_without_codes(hit, codes)),
        url=hit.url,
        codes=codes,
        equipment=_machines(hit, names),
        snippet=marked(hit.snippet_pieces),
        note=" · ".join(notes),
        lamp=_LAMPS.get(hit.severity, ""),
        lamp_label=severity_name(hit.severity) if hit.severity in _LAMPS else "",
    )


def _without_codes(hit: AnswerHit, codes: Sequence[str]) -> Iterable[Piece]:
    """The title without the codes it begins with: they stand beside it."""
    begin = next((text for text in ("/".join(hit.codes), *codes) if text and hit.title.startswith(f"{text} ")), "")
    if not begin or len(hit.codes) > len(codes):
        return hit.title_pieces
    left = len(begin) + 1
    pieces = []
    for piece in hit.title_pieces:
        pieces.append(replace(piece, text=piece.text[left:]))
        left = max(0, left - len(piece.text))
    return [piece for piece in pieces if piece.text]


def _machines(hit: AnswerHit, names: Lexicon) -> list[str]:
    machines = [names.equipment_name(code) for code in hit.equipment[:MAX_MACHINES]] or [hit.equipment_name]
    return [name for name in (*machines, hit.brand) if name]

"""Results as the hit component shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.registry.search import severity_name, source_of
from portal.search.analytics.usage import MAX_REF
from portal.search.query.lexicon import Lexicon
from portal.search.query.lexicon_loading import current_lexicon
from portal.search.results.answers import AnswerHit, Group, Piece, Reason, SearchAnswer, Why

#: Machines named on a card; a chapter of a manual may be about twenty.
MAX_MACHINES = 3
#: Codes shown beside a title.
MAX_CODES = 3
#: Lamp of a severity; what only bothers has none.
_LAMPS = {"danger": "red", "stop": "amber"}


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
class Shelves:
    """The results of a page in the order they are shown; nothing stands on two of them."""

    promoted: list[Card]
    groups: list[tuple[Group, list[Card]]]
    others: list[Card]

    @property
    def cards(self) -> list[Card]:
        """All of them, as they are counted through."""
        return [*self.promoted, *(card for _group, cards in self.groups for card in cards), *self.others]


def shelve(answer: SearchAnswer, first_place: int = 1) -> Shelves:
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
    return Shelves(promoted, [(group, found) for group, found in groups if found], cards(answer.hits))


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

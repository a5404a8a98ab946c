"""Results as the hit component shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .answers import AnswerHit, Group, Piece, Reason, Why
from .sources import severity_name, source_of
from .understanding.lexicon import Lexicon
from .understanding.loading import current_lexicon

#: Machines named on a card; a chapter of a manual may be about twenty.
MAX_MACHINES = 3
#: Lamp of a severity; what only bothers has none.
_LAMPS = {"danger": "red", "stop": "amber"}


@dataclass(frozen=True, slots=True)
class Card:
    """A result with its texts ready for the page; the names are those `components/hit.html` reads."""

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


def cards(hits: Iterable[AnswerHit], first_place: int = 1) -> list[Card]:
    """Return the cards of `hits`, counted from `first_place`."""
    names = current_lexicon()
    return [_card(hit, place, names) for place, hit in enumerate(hits, first_place)]


def group_cards(groups: Iterable[Group]) -> list[tuple[Group, list[Card]]]:
    """Return groups with their cards, counted through."""
    result, place = [], 1
    for group in groups:
        result.append((group, cards(group.hits, place)))
        place += len(group.hits)
    return result


def marked(pieces: Iterable[Piece]) -> SafeString:
    """Return pieces of text as HTML, the matching ones in `<mark>`."""
    return mark_safe(  # noqa: S308  (every piece is escaped)
        "".join(
            format_html("<mark>{}</mark>", piece.text) if piece.marked else conditional_escape(piece.text)
            for piece in pieces
        )
    )


def reason_text(reason: Reason) -> str:
    """Return why something was found, for the reader; empty where the title says it itself."""
    match reason.why:
        case Why.CODE:
            return _("code %(text)s") % {"text": reason.text}
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
    return Card(
        ref=hit.ref,
        kind=hit.kind,
        place=place,
        kind_label=hit.kind_label,
        kind_icon="star" if hit.promoted else source.icon if source else "list",
        title=marked(hit.title_pieces),
        url=hit.url,
        codes=hit.codes,
        equipment=_machines(hit, names),
        snippet=marked(hit.snippet_pieces),
        note=" · ".join(notes),
        lamp=_LAMPS.get(hit.severity, ""),
        lamp_label=severity_name(hit.severity) if hit.severity in _LAMPS else "",
    )


def _machines(hit: AnswerHit, names: Lexicon) -> list[str]:
    machines = [names.equipment_name(code) for code in hit.equipment[:MAX_MACHINES]] or [hit.equipment_name]
    if len(hit.equipment) > MAX_MACHINES:
        machines.append("…")
    return [name for name in (*machines, hit.brand) if name]

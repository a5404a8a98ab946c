"""What the portal's own index holds of an article, chapter, guide, module or document, and under which fields it is found."""

from dataclasses import dataclass, field
from typing import Any

from portal.search import analysis

from .engine.base import EngineDocument, FieldKind, FieldSpec, Schema

#: Raise it when the analyzer chain or the fields change their meaning: indexes written before are then reported and rebuilt.
DOCUMENTS_VERSION = "1"

#: The flat field: title and text together. Fields apart with boosts lost recall on the relevance bench.
TEXT = "text"
TITLE = "title"
PINYIN = "pinyin"
#: Codes as displayed, with their case; and as a person may have misread them.
CODE_EXACT = "code_exact"
CODE_FOLDED = "code_folded"
KIND = "kind"
EQUIPMENT = "equipment"
CATEGORY = "category"
BRAND = "brand"
SEVERITY = "severity"
STAGE = "stage"
PHONE_DOABLE = "phone_doable"
AUDIENCE = "audience"
SCOPE = "scope"
REF = "ref"

DOCUMENT_SCHEMA = Schema(
    fields=(
        *(FieldSpec(name, FieldKind.TEXT) for name in (TEXT, TITLE, PINYIN)),
        *(
            FieldSpec(name, FieldKind.KEYWORD)
            for name in (
                CODE_EXACT,
                CODE_FOLDED,
                KIND,
                EQUIPMENT,
                CATEGORY,
                BRAND,
                SEVERITY,
                STAGE,
                PHONE_DOABLE,
                AUDIENCE,
                SCOPE,
            )
        ),
        FieldSpec(REF, FieldKind.KEYWORD, sortable=True),
    ),
    version=DOCUMENTS_VERSION,
)


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One findable record of the portal, before analysis.

    Args:
        key: unique over all kinds, e.g. `kb.faultarticle:17` or `kb.manualchapter:17:3`.
        kind: fault, manual, guide, bulletin, module, document …
        title: shown, and weighted a little above the text.
        text: everything else that should find it.
        codes: fault codes and model numbers as displayed.
        equipment: codes of equipment models and categories it is about.
        category: equipment categories, with their ancestors.
        brand, severity, stage: for facets; empty where they say nothing.
        phone_doable: whether it can be done on the phone; None where that is no question.
        audience: who may see it (public, customers, staff, restricted …): permission is a filter on this.
        scope: organisations or groups a restricted record is open to.
        ref: the number people know it by.
        url: where it opens.
        extra_terms: words it should be found by that it does not contain (aliases, colloquial names).
        stored: given back with a hit, JSON values.
    """

    key: str
    kind: str
    title: str
    text: str = ""
    codes: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    severity: str = ""
    stage: tuple[str, ...] = ()
    phone_doable: bool | None = None
    audience: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    ref: str = ""
    url: str = ""
    extra_terms: tuple[str, ...] = ()
    stored: dict[str, Any] = field(default_factory=dict)


def to_engine(document: SearchDocument) -> EngineDocument:
    """Return `document` with its text cut into the tokens of the analyzer chain."""
    title_tokens = analysis.index_tokens(document.title)
    flat = [*title_tokens, *analysis.index_tokens(" \n".join((document.text, *document.codes, *document.extra_terms)))]
    codes = dict.fromkeys(
        [analysis.code_key(code) for code in document.codes] + analysis.exact_codes(f"{document.title}\n{document.text}")
    )
    return EngineDocument(
        key=document.key,
        text={TEXT: flat, TITLE: title_tokens, PINYIN: analysis.pinyin_tokens(document.title)},
        keywords={
            CODE_EXACT: list(codes),
            CODE_FOLDED: list(dict.fromkeys(analysis.folded_code(code) for code in codes)),
            KIND: [document.kind],
            EQUIPMENT: document.equipment,
            CATEGORY: document.category,
            BRAND: document.brand,
            SEVERITY: [document.severity] if document.severity else [],
            STAGE: document.stage,
            PHONE_DOABLE: [] if document.phone_doable is None else [str(document.phone_doable).lower()],
            AUDIENCE: document.audience,
            SCOPE: document.scope,
            REF: [document.ref] if document.ref else [],
        },
        stored={"kind": document.kind, "title": document.title, "ref": document.ref, "url": document.url}
        | {"equipment": list(document.equipment), "codes": list(document.codes)}
        | document.stored,
    )

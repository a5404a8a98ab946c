"""Schema of the portal's document index, and the conversion of a `SearchDocument` to it."""

from typing import Any

from portal.registry.search import SearchDocument
from portal.search import analysis
from portal.search.engine.base import EngineDocument, FieldKind, FieldSpec, Schema

__all__ = ["DOCUMENTS_VERSION", "DOCUMENT_SCHEMA", "SearchDocument", "to_engine"]

#: Raise it when the fields change their meaning; the analyzer chain has a version of its own.
DOCUMENTS_VERSION = "10"

#: The flat field: everything together. Fields apart with boosts lost recall on the relevance bench; what people read
#: first (title, symptoms, names) is weighted when the best hits are ordered, see `query.ranking`.
TEXT = "text"
#: Syllable pairs of what people read first, and the initials of its phrases.
PINYIN = "pinyin"
#: Codes as displayed, with their case; and as a person may have misread them.
CODE_EXACT = "code_exact"
CODE_FOLDED = "code_folded"
#: Codes the text speaks of, members of a range among them.
CODE_MENTIONED = "code_mentioned"
KIND = "kind"
EQUIPMENT = "equipment"
CATEGORY = "category"
BRAND = "brand"
SEVERITY = "severity"
PHONE_DOABLE = "phone_doable"
AUDIENCE = "audience"
SCOPE = "scope"
REF = "ref"
#: What typing is completed to, see `suggest`.
SUGGEST = "suggest"
#: Value of `SCOPE` for what is open to everybody of its audience.
NO_SCOPE = "-"

_KEYWORDS = (
    *(CODE_EXACT, CODE_FOLDED, CODE_MENTIONED, KIND, EQUIPMENT, CATEGORY, BRAND, SEVERITY),
    *(PHONE_DOABLE, AUDIENCE, SCOPE, SUGGEST),
)
DOCUMENT_SCHEMA = Schema(
    fields=(
        *(FieldSpec(name, FieldKind.TEXT) for name in (TEXT, PINYIN)),
        *(FieldSpec(name, FieldKind.KEYWORD) for name in _KEYWORDS),
        FieldSpec(REF, FieldKind.KEYWORD, sortable=True),
    ),
    version=f"{DOCUMENTS_VERSION}.{analysis.CHAIN_VERSION}",
)
#: Characters of the body kept with a hit for its snippet.
STORED_TEXT = 3000
#: The index of these documents, beside the one of Wagtail.
INDEX_NAME = "documents"
_PART = "\x1f"


def to_engine(document: SearchDocument) -> EngineDocument:
    """Return `document` with its text cut into the tokens of the analyzer chain."""
    head = head_of(document)
    codes = [code for shown in document.codes for code in analysis.exact_codes(shown) or [analysis.code_key(shown)]]
    return EngineDocument(
        key=document.key,
        text={
            TEXT: analysis.index_tokens("\n".join((head, document.brand, document.text, *_other_texts(document)))),
            PINYIN: [*analysis.pinyin_tokens(head), *filter(None, map(analysis.initials_token, head.split("\n")))],
        },
        keywords={
            CODE_EXACT: list(dict.fromkeys(codes)),
            CODE_FOLDED: folded_codes(codes),
            CODE_MENTIONED: mentioned_codes(document),
            KIND: [document.kind],
            EQUIPMENT: document.equipment,
            CATEGORY: document.categories,
            BRAND: [document.brand] if document.brand else [],
            SEVERITY: [document.severity] if document.severity else [],
            PHONE_DOABLE: ["true" if document.phone_doable else "false"],
            AUDIENCE: [document.audience],
            SCOPE: [document.scope or NO_SCOPE],
            SUGGEST: suggestion_terms(document),
            REF: [document.ref],
        },
        stored=stored_of(document),
    )


def folded_codes(codes: list[str]) -> list[str]:
    """Return the forms under which codes are found although they were misread or only their number was said."""
    forms = (analysis.folded_code, analysis.bare_code, analysis.code_number)
    return list(dict.fromkeys(form(code) for form in forms for code in codes if form(code)))


def mentioned_codes(document: SearchDocument) -> list[str]:
    """Return the codes a document speaks of, members of a range among them."""
    return analysis.mentioned_codes(f"{head_of(document)}\n{document.text}")


def stored_of(document: SearchDocument) -> dict[str, Any]:
    """Return what a hit gives back of a document."""
    return {
        "ref": document.ref,
        "kind": document.kind,
        "title": document.shown_title,
        "url": document.address,
        "codes": list(document.codes),
        "mentioned": mentioned_codes(document),
        "equipment": list(document.equipment),
        "categories": list(document.categories),
        "equipment_names": list(document.equipment_names),
        "brand": document.brand,
        "severity": document.severity,
        "phone_doable": document.phone_doable,
        "head": head_of(document),
        "text": document.text[:STORED_TEXT],
        "is_cut": len(document.text) > STORED_TEXT,
        "translations": {
            words.language: {"title": words.title, "text": words.text[:STORED_TEXT]} for words in document.translations
        },
    }


def _other_texts(document: SearchDocument) -> list[str]:
    return [words.text for words in document.translations]


def head_of(document: SearchDocument) -> str:
    """Return what people read first, one phrase a line: title, symptoms, aliases, names of the equipment, codes."""
    phrases = (
        document.title,
        *document.symptoms,
        *document.aliases,
        *document.equipment_names,
        *document.codes,
        *(phrase for words in document.translations for phrase in (words.title, *words.phrases)),
    )
    return "\n".join(dict.fromkeys(phrase for phrase in phrases if phrase))


def suggestion_terms(document: SearchDocument) -> list[str]:
    """Return the terms under which typing is completed to this document's codes, equipment and phrases.

    A term is what is typed (folded), what it is, and what is shown, so that the completion itself says everything.
    """
    terms: list[str] = []
    for code in document.codes:
        terms.append(suggestion_term(code, "code", code))
    for name in document.equipment_names:
        terms.append(suggestion_term(name, "equipment", name))
        terms.extend(suggestion_term(latin, "equipment", name) for latin in _latin_forms(name))
    phrases = [(document.kind, document.title)]
    phrases.extend(("phrase", phrase) for phrase in (*document.aliases, *document.symptoms))
    for what, phrase in phrases:
        terms.append(suggestion_term(phrase, what, phrase))
        terms.extend(suggestion_term(latin, what, phrase) for latin in _latin_forms(phrase))
    return list(dict.fromkeys(terms))


def suggestion_term(typed: str, what: str, shown: str) -> str:
    """Return one term of the `SUGGEST` field."""
    return _PART.join((folded_typing(typed)[:40], what, shown[:60]))


def split_suggestion_term(term: str) -> tuple[str, str, str]:
    """Return what is typed, what it is (`code`, `equipment`, `phrase`, or for a title the kind) and what is shown."""
    typed, what, shown = [*term.split(_PART), "", ""][:3]
    return typed, what, shown


def folded_typing(text: str) -> str:
    """Return what a person typed as suggestions compare it: folded, without spaces."""
    return "".join(analysis.fold(text).split())


def _latin_forms(text: str) -> list[str]:
    """The whole pinyin and its initials, as phones complete them; nothing for a text of fewer than two characters."""
    syllables = analysis.syllables(text)
    return ["".join(syllables), "".join(syllable[0] for syllable in syllables)] if len(syllables) > 1 else []

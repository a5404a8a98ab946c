"""Text analysis: pure functions from text to tokens, the same chain for index and query."""

from portal.search.analysis.codes import bare_code, code_key, code_number, exact_codes, folded_code, mentioned_codes
from portal.search.analysis.normal import fold, normalise, simplify
from portal.search.analysis.phonetic import initials_token, latin_pinyin_tokens, letters_token, pinyin_tokens, syllables
from portal.search.analysis.shapes import look_alike, look_alikes
from portal.search.analysis.words import index_tokens, is_prefix, query_tokens

__all__ = [
    "CHAIN_VERSION",
    "bare_code",
    "code_key",
    "code_number",
    "exact_codes",
    "fold",
    "folded_code",
    "index_tokens",
    "initials_token",
    "is_prefix",
    "latin_pinyin_tokens",
    "letters_token",
    "look_alike",
    "look_alikes",
    "mentioned_codes",
    "normalise",
    "pinyin_tokens",
    "query_tokens",
    "simplify",
    "syllables",
]

#: Raise it when other tokens come of a text: indexes written before are then reported and rebuilt.
CHAIN_VERSION = "1"

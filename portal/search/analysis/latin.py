"""A light stemmer for the English words that occur between Chinese ones."""

# Endings in the order they are tried; the stem left over must keep at least three letters and a vowel.
_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("ings", ""),
    ("ing", ""),
    ("edly", ""),
    ("ied", "y"),
    ("ed", ""),
    ("ers", "er"),
    ("s", ""),
)
_VOWELS = frozenset("aeiouy")
_KEEP = ("ss", "us", "is")


def stem(word: str) -> str:
    """Return the stem of an English word in lower case: `heating`, `heated`, `heats` and `heat` become one."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    for ending, replacement in _ENDINGS:
        if not word.endswith(ending) or (ending == "s" and word.endswith(_KEEP)):
            continue
        root = word[: -len(ending)] + replacement
        if len(root) < 3 or _VOWELS.isdisjoint(root):
            continue
        return (
            _tidy(root)
            if ending in ("ing", "ings", "ed", "edly")
            else root.removesuffix("e")
            if len(root) > 4
            else root
        )
    return word.removesuffix("e") if len(word) > 4 else word


def _tidy(root: str) -> str:
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "aeiouyls":
        return root[:-1]
    return root.removesuffix("e") if len(root) > 4 else root

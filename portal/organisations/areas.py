"""Prefectures as people write them: 成都, 成都市, ＣＨＥＮＧＤＵ, 甘孜藏族自治州 or 四川省宜宾市."""

import unicodedata
from collections.abc import Iterable

# What the name of a Chinese prefecture may end in; the longest first.
SUFFIXES = ("自治州", "地区", "市", "州", "盟")
# Names of one character do not exist: the 州 of 达州 belongs to the name, that of 阿坝州 does not.
SHORTEST_NAME = 2


def stem(text: str) -> str:
    """Return a prefecture in one way of writing: half width, without spaces, in lower case, without its suffix."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    for suffix in SUFFIXES:
        name = plain.removesuffix(suffix)
        if name != plain and len(name) >= SHORTEST_NAME:
            return name
    return plain


def matching(wanted: str, prefectures: Iterable[str]) -> list[str]:
    """Return the ``prefectures`` called ``wanted``; where there is none, those of which one name contains the other."""
    sought = stem(wanted)
    if not sought:
        return []
    stems = {prefecture: stem(prefecture) for prefecture in prefectures}
    exact = [prefecture for prefecture, name in stems.items() if name == sought]
    return exact or [prefecture for prefecture, name in stems.items() if name and (sought in name or name in sought)]

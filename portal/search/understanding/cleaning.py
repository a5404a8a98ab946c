"""A query before it is read: what cannot be looked up is taken off."""

import re
import unicodedata

from portal.search.analysis import normalise

#: Characters of a query that are read. People type a sentence at most; more is a paste, and the page says it was cut.
MAX_QUERY = 120

#: Ways of asking, not of describing: they stand in every question and in no article.
_ASKING = (
    *("怎么办啊", "怎么办", "怎么回事", "怎么弄", "怎么修", "怎么处理", "怎么解决", "怎么样", "怎样", "怎么"),
    *("如何处理", "如何解决", "如何维修", "如何", "咋办", "咋回事", "咋整", "咋修", "为什么", "为啥", "为何"),
    *("什么原因", "啥原因", "是什么意思", "什么意思", "啥意思", "是什么", "什么", "请问", "请教", "求助"),
    *("谢谢", "师傅", "麻烦", "你好", "您好", "老是", "总是", "经常", "突然", "一下", "有没有"),
    *("得厉害", "厉害", "有点", "非常", "特别"),
)
_ASKING_LATIN = frozenset(
    {
        *("a", "an", "and", "are", "at", "be", "but", "can", "do", "does", "for", "from", "how", "i", "in", "is", "it"),
        *("its", "me", "my", "of", "on", "or", "our", "please", "the", "this", "to", "was", "what", "when", "why"),
        *("with", "won", "will"),
    }
)
#: Particles that carry no meaning of their own, at the edges of a run.
EDGE_PARTICLES = "的了吗呢啊吧呀嘛哦着么"
_ASKING_PATTERN = re.compile("|".join(sorted(_ASKING, key=len, reverse=True)))


def clean_query(raw: str) -> tuple[str, bool]:
    """Return the query in one spelling, without control characters and repeated spaces, and whether it was cut.

    Case is kept: `E6` and `e6` are two codes.
    """
    head = raw[: MAX_QUERY * 4]
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in head)
    text = " ".join(normalise(visible).split())
    return text[:MAX_QUERY].rstrip(), len(text) > MAX_QUERY or len(raw) > len(head)


def without_asking(text: str) -> str:
    """Return `text` with the words of asking replaced by spaces; unchanged if nothing else would be left."""
    rest = _ASKING_PATTERN.sub(" ", text)
    return rest if any(character.isalnum() for character in rest) else text


def is_asking_word(word: str) -> bool:
    """Whether a Latin word only asks."""
    return word.lower() in _ASKING_LATIN

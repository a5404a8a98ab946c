"""What the codes of a kept answer mean, in words."""

from collections.abc import Iterable

from certification.enums import ReasonCode
from certification.requirements.reasons import kind_of
from portal.registry.duty import Reason


def reason_words(codes: Iterable[str]) -> list[str]:
    """Return each code in words, once: what the gate says of itself, or what kind of requirement it is about.

    The sentences of the day are not kept; asking again as known then writes them anew.
    """
    return list(dict.fromkeys(_words(code) for code in codes))


def _words(code: str) -> str:
    if code in ReasonCode.values:
        return str(ReasonCode(code).label)
    kind = kind_of(Reason(code, ""))
    return str(kind.label) if kind else code

"""Registry of papers that name their holder: a scanned or typed certificate number leads to a person."""

from collections.abc import Callable, Iterable

# Takes texts as typed, returns the primary key of the holder for those that are a number of such a paper.
HolderFinder = Callable[[Iterable[str]], dict[str, int]]

_finders: list[HolderFinder] = []


def register_holder_finder(finder: HolderFinder) -> None:
    """Have ``finder`` asked for texts that name no person themselves; call it from AppConfig.ready."""
    if finder not in _finders:
        _finders.append(finder)


def holders_of(texts: Iterable[str]) -> dict[str, int]:
    """Return the primary key of the person for each text that is the number of a paper of theirs."""
    wanted, found = list(texts), {}
    for finder in _finders:
        found |= finder(text for text in wanted if text not in found)
    return found

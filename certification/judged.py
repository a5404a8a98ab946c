"""Lists of people who are judged one by one: narrowed in the database, judged a page at a time."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

from django.utils.functional import cached_property

T = TypeVar("T")
# As many candidates are judged at once, and their list is exact.
JUDGED_AT_ONCE = 60


class Judged(Sequence[T], Generic[T]):
    """What is found about candidates, as a list that a paginator cuts pages from.

    Of many candidates a page holds what is found about as many as it is asked for, and the length counts candidates.

    Args:
        candidates: returns the keys of all candidates, in the order of the list; asked once.
        judge: returns what is found about these, in the order of the keys; nothing for who turns out to be none.
    """

    def __init__(self, candidates: Callable[[], list[int]], judge: Callable[[list[int]], list[T]]) -> None:
        self._candidates, self._judge = candidates, judge

    @cached_property
    def _keys(self) -> list[int]:
        return self._candidates()

    @cached_property
    def _exact(self) -> list[T] | None:
        """Everything, where the candidates are few."""
        return self._judge(self._keys) if len(self._keys) <= JUDGED_AT_ONCE else None

    def __len__(self) -> int:
        return len(self._keys if self._exact is None else self._exact)

    def __iter__(self) -> Iterator[T]:
        """Yield everything found, judging so many candidates at once that nobody found ends the list early."""
        if self._exact is not None:
            yield from self._exact
            return
        for first in range(0, len(self._keys), JUDGED_AT_ONCE):
            yield from self._judge(self._keys[first : first + JUDGED_AT_ONCE])

    @overload
    def __getitem__(self, wanted: int) -> T: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[T]: ...

    def __getitem__(self, wanted: int | slice) -> Any:
        if self._exact is not None:
            return self._exact[wanted]
        if isinstance(wanted, slice):
            return self._judge(self._keys[wanted])
        return self._judge([self._keys[wanted]])[0]

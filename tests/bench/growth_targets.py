"""What each row of the growth table must keep, and whether it does."""

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """Bounds of a row; ``None`` is no bound. Times are CPU milliseconds, the ratio is the one to the demo."""

    ratio: float | None = 2.0
    milliseconds: float | None = None
    queries: int | None = None
    same_queries: bool = True

    def words(self) -> str:
        """Return the bounds as the table shows them."""
        bounds = [(self.ratio, "≤ {:g}×"), (self.milliseconds, "≤ {:g} ms"), (self.queries, "≤ {} queries")]
        said = [sentence.format(bound) for bound, sentence in bounds if bound is not None]
        return ", ".join([*said, "queries as the demo"] if self.same_queries else said)

    def missed(self, row: Row, demo: Row) -> bool:
        """Tell whether ``row`` breaks a bound; a row that could not be measured does."""
        if "cpu" not in row or "cpu" not in demo:
            return True
        return (
            (self.ratio is not None and row["cpu"] > self.ratio * demo["cpu"])
            or (self.milliseconds is not None and row["cpu"] > self.milliseconds)
            or (self.queries is not None and row["queries"] > self.queries)
            or (self.same_queries and row["queries"] > demo["queries"])
        )


ALIKE = Target()
# A chooser asks once more where there is more to choose from than a select shows.
FORM = Target(same_queries=False)
SEARCH_PAGE = Target(ratio=None, milliseconds=51, same_queries=False)
OTHERS = {
    "fault article": Target(queries=12),
    "duty.ask": Target(milliseconds=10, queries=4),
    "duty of 1000 people": Target(ratio=None, milliseconds=100, queries=6, same_queries=False),
}


def target_of(name: str) -> Target:
    """Return what the row ``name`` must keep: what most must, unless it has bounds of its own."""
    if name.startswith("search page"):
        return SEARCH_PAGE
    return FORM if name.endswith(" form") else OTHERS.get(name, ALIKE)


def verdict(name: str, rows: dict[str, Row], demo: Row) -> str:
    """Return the target of the row ``name`` with "kept", or the sizes in ``rows`` that miss it."""
    target = target_of(name)
    missed = [size for size, row in rows.items() if target.missed(row, demo)]
    return f"{'missed at ' + ', '.join(missed) if missed else 'kept'} ({target.words()})"

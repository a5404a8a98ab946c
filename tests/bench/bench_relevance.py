"""Relevance of search: nDCG@10 and where the answer stands, over the demo faults alone and among generated others.

    python -m tests.bench.bench_relevance [--others 10000] [--engine whoosh|tantivy] [--portal] [--misses]

Nothing here is asserted in CI; `tests/portal/search/query/test_relevance.py` holds the small run to its numbers.
"""

import argparse
import json
import os
import tempfile
import time
from math import log2
from pathlib import Path

from tests.bench.relevance_corpus import DATA, faults, lexicon, others
from tests.bench.relevance_probes import elsewhere, probes

#: Judged queries, in the order they were written; see docs/search.md.
SETS = (
    "queries",
    "queries_extra",
    "queries_held_out",
    "queries_check",
    "queries_unseen",
    "queries_field",
    "queries_phone",
)


def judged() -> list[dict]:
    """Every judged query: `set`, `query`, `type`, `expected` (ref → grade)."""
    rows = []
    for name in SETS:
        for row in json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["queries"]:
            expected = row["expected"]
            if isinstance(expected, list):
                expected = {item["fault"]: item["grade"] for item in expected}
            rows.append(
                {
                    "set": name,
                    "id": row["id"],
                    "query": row["query"],
                    "type": row["type"],
                    "expected": expected,
                }
            )
    return rows


def ndcg(refs: list[str], expected: dict[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `depth` results, gains 2^grade - 1."""

    def gain(grades: list[int]) -> float:
        return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:depth]))

    return gain([expected.get(ref, 0) for ref in refs]) / gain(sorted(expected.values(), reverse=True))


def answer_place(refs: list[str], expected: dict[str, int]) -> int | None:
    """Place (from 1) of the first result that is the answer."""
    return next((place for place, ref in enumerate(refs, 1) if expected.get(ref) == 2), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--others", type=int, default=10_000)
    parser.add_argument("--engine", default="whoosh", choices=["whoosh", "tantivy", "memory"])
    parser.add_argument("--misses", action="store_true", help="print the queries short of 0.99")
    parser.add_argument("--portal", action="store_true", help="documents and words of the loaded demo database")
    parser.add_argument("--bare", action="store_true", help="also with the engine's order alone, and without a lexicon")
    options = parser.parse_args()
    base, words = portal_corpus() if options.portal else (faults(), lexicon())
    print(f"{len(words)} terms in the lexicon")
    for count in dict.fromkeys((0, options.others)):
        engine = open_engine(options.engine)
        from portal.search.indexing.documents import to_engine

        engine.rebuild(to_engine(document) for document in (*base, *others(count)))
        report(engine, words, f"{len(base)} documents among {count} others", misses=options.misses)
        if options.bare:
            bare(engine, words)
        engine.close()


def portal_corpus():
    """Every document the apps register, and the lexicon, of the database in `VAR_DIR`."""
    from portal.registry.search import sources
    from portal.search.query.lexicon_loading import load_lexicon

    documents = [
        document for source in sources() for record in source.queryset() for document in source.documents(record)
    ]
    return documents, load_lexicon()


def report(engine, words, title: str, *, misses: bool) -> None:
    from portal.search.query.retrieval import find
    from portal.search.results.service import kind_weight

    results: dict[str, list[tuple[float, int | None]]] = {}
    times = []
    for row in judged():
        start = time.process_time()
        found = find(row["query"], engine, words, {}, kind_weight)
        times.append((time.process_time() - start) * 1000)
        refs = [item.hit.stored["ref"] for item in found.ranked][:10]
        score, place = ndcg(refs, row["expected"]), answer_place(refs, row["expected"])
        for group in (row["set"], f"  {row['set']}: {row['type']}"):
            results.setdefault(group, []).append((score, place))
        if misses and score < 0.99:
            shown = " ".join(
                f"{item.hit.stored['ref']}:{item.score:.2f}/{item.coverage:.2f}" for item in found.ranked[:6]
            )
            print(f"  {row['id']} {row['query']} {score:.2f} {found.missing} want {row['expected']}\n      {shown}")
    print(f"\n{title}\n{'queries':<34}{'n':>4}{'nDCG@10':>9}{'first':>7}{'in ten':>8}")
    for group in sorted(results):
        rows = results[group]
        mean = sum(score for score, _ in rows) / len(rows)
        first = sum(place == 1 for _, place in rows) / len(rows)
        inside = sum(place is not None for _, place in rows)
        print(f"{group:<34}{len(rows):>4}{mean:>9.3f}{first:>7.2f}{inside:>5}/{len(rows)}")
    times.sort()
    median, most = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"ms of CPU a query: median {median:.1f}, p95 {most:.1f}, max {times[-1]:.1f}")
    unanswerable(engine, words)
    by_class(engine, words)


def bare(engine, words) -> None:
    """What is left without the lexicon, and with the engine's order instead of ours."""
    from portal.search.query.expression import expression_of
    from portal.search.query.lexicon import Lexicon
    from portal.search.query.parser import read
    from portal.search.query.retrieval import VisibleIndex, find

    def by_engine(query: str, known: Lexicon) -> list[str]:
        index = VisibleIndex(engine, {})
        reading = read(query, known, index)
        return [hit.stored["ref"] for hit in index.best(expression_of(reading))] if not reading.is_empty else []

    def by_us(query: str, known: Lexicon) -> list[str]:
        return [item.hit.stored["ref"] for item in find(query, engine, known, {}).ranked]

    for title, order, known in (
        ("no lexicon", by_us, Lexicon()),
        ("engine's order", by_engine, words),
        ("engine's order, no lexicon", by_engine, Lexicon()),
    ):
        scores: dict[str, list[float]] = {}
        for row in judged():
            scores.setdefault(row["set"], []).append(ndcg(order(row["query"], known)[:10], row["expected"]))
        means = ", ".join(f"{name} {sum(values) / len(values):.3f}" for name, values in scores.items())
        print(f"{title}: {means}")


def unanswered() -> list[str]:
    """Questions the demo has no answer to."""
    names = [name for name in SETS if name != "queries"]
    return [
        query
        for name in names
        for query in json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")).get("unanswerable", ())
    ]


def unanswerable(engine, words) -> None:
    from portal.search.query.retrieval import find

    rows = [(query, find(query, engine, words, {})) for query in unanswered()]
    silent = sum(not found.ranked for _, found in rows)
    said = sum(bool(found.ranked) and found.relaxed for _, found in rows)
    print(f"unanswerable: {silent} with nothing, {said} with fewer words and saying so, of {len(rows)}")
    for query, found in rows:
        if found.ranked and not found.relaxed:
            print("   not said:", query, [item.hit.stored["title"] for item in found.ranked[:3]])


def by_class(engine, words) -> None:
    """Every alias and code of the faults, changed the way people change them."""
    from portal.search.query.retrieval import find

    places: dict[str, list[int | None]] = {}
    for name, query, right in probes():
        refs = [item.hit.stored["ref"] for item in find(query, engine, words, {}).ranked][:10]
        places.setdefault(name, []).append(next((place for place, ref in enumerate(refs, 1) if ref in right), None))
    print(f"{'generated':<34}{'n':>4}{'first':>7}{'in ten':>8}")
    for name, found in places.items():
        first, inside = (sum(test(place) for place in found) / len(found) for test in (lambda p: p == 1, bool))
        print(f"{name:<34}{len(found):>4}{first:>7.2f}{inside:>8.2f}")
    rows = [find(machine + code, engine, words, {}) for machine, code in elsewhere()]
    said = sum(bool(found.elsewhere or not found.ranked) and bool(found.missing) for found in rows)
    print(f"a code the machine has not: said for {said} of {len(rows)}")


def open_engine(name: str):
    """A fresh index in a new directory."""
    from portal.search.indexing.documents import DOCUMENT_SCHEMA

    if name == "memory":
        from tests.portal.search.memory_engine import MemoryEngine

        return MemoryEngine(DOCUMENT_SCHEMA)
    directory = Path(tempfile.mkdtemp(prefix="relevance-"))
    if name == "tantivy":
        from portal.search.engine.tantivy import TantivyEngine

        return TantivyEngine(directory, DOCUMENT_SCHEMA)
    from portal.search.engine.whoosh import WhooshEngine

    return WhooshEngine(directory, DOCUMENT_SCHEMA)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    main()

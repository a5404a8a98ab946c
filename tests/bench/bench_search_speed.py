"""Speed of the embedded engine beside SQLite FTS5 and PostgreSQL full text, on the same tokens, in one run.

    python -m tests.bench.bench_search_speed [--documents 10000 30000] [--engine whoosh tantivy] [--without-postgres]

Every engine answers the same queries: any of the tokens, the best twenty by relevance. Times are wall milliseconds,
median and 95th percentile, asked the first time ("cold", nothing of this query in memory) and again ("warm").
PostgreSQL is a private cluster started and stopped here. On a busy machine compare the rows of CPU time, which the
engines in this process have. Nothing is asserted.
"""

import argparse
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from portal.search.analysis import index_tokens, query_tokens
from portal.search.engine import expressions as ex
from portal.search.engine.base import Engine, EngineDocument, EngineQuery, FieldKind, FieldSpec, Schema, SortKey
from tests.bench.search_corpus import CAUSES, MACHINES, PARTS, SYMPTOMS, Article, article, articles
from tests.bench.search_rivals import rivals

SCHEMA = Schema(
    (
        FieldSpec("text", FieldKind.TEXT),
        *(FieldSpec(name, FieldKind.KEYWORD) for name in ("kind", "equipment", "brand", "audience")),
        FieldSpec("ref", FieldKind.KEYWORD, sortable=True),
    )
)
#: What a customer may see: permission is always a filter.
VISIBLE = {"audience": ["public", "customers"]}
FACETS = ("kind", "equipment", "brand")
#: Asked of every engine; a list in the order of a field, as a reader without words browses it, of ours only.
KINDS = ("1 term", "3 terms", "sentence", "code", "prefix", "filtered")
OUR_KINDS = (*KINDS, "ordered")
Timings = dict[str, tuple[list[float], list[float]]]


def document(found: Article) -> EngineDocument:
    """Return an article as the engine takes it."""
    return EngineDocument(
        found.key,
        {"text": index_tokens(f"{found.title}\n{found.text}")},
        {
            "kind": ["fault"],
            "equipment": [found.machine],
            "brand": [found.brand],
            "audience": [found.audience],
            "ref": [found.key],
        },
        {"title": found.title},
    )


def queries(seed: int = 7) -> list[tuple[str, str]]:
    """Return (kind, query), shuffled, always the same."""
    rng = random.Random(seed)
    words = [*PARTS, *SYMPTOMS]
    found = [("1 term", word) for word in rng.sample(words, 24)]
    found += [("3 terms", f"{rng.choice(MACHINES)} {rng.choice(PARTS)} {rng.choice(SYMPTOMS)}") for _ in range(24)]
    found += [
        (
            "sentence",
            f"{rng.choice(MACHINES)}{rng.choice(SYMPTOMS)}，还{rng.choice(SYMPTOMS)}，是不是{rng.choice(PARTS)}{rng.choice(CAUSES)}，怎么办",
        )
        for _ in range(24)
    ]
    found += [("code", f"{rng.choice('EFHLPCU')}{rng.randrange(1, 100)}") for _ in range(24)]
    found += [("prefix", rng.choice(words)[0]) for _ in range(24)]
    found += [("filtered", f"{rng.choice(PARTS)} {rng.choice(SYMPTOMS)}") for _ in range(24)]
    rng.shuffle(found)
    return found + [("ordered", "")] * 24


def ask_engine(engine: Engine, kind: str, query: str) -> int:
    """Ask one query and return how many documents came back."""
    if kind == "prefix":
        return len(engine.search(EngineQuery(ex.Prefix("text", query), matched=False)).hits)
    if kind == "ordered":
        listed = EngineQuery(ex.MatchAll(), filters=VISIBLE, facets=FACETS, order=(SortKey("ref"),), matched=False)
        return len(engine.search(listed).hits)
    expression = ex.Terms("text", query_tokens(query))
    if kind == "filtered":
        return len(engine.search(EngineQuery(expression, filters=VISIBLE, facets=FACETS, matched=False)).hits)
    return len(engine.search(EngineQuery(expression, matched=False)).hits)


def measure(ask: Callable[[str, str], int], kinds: Sequence[str] = KINDS) -> tuple[Timings, Timings]:
    """Time every query three times, the first time cold, the others warm; return wall and CPU milliseconds."""
    wall: Timings = {kind: ([], []) for kind in kinds}
    cpu: Timings = {kind: ([], []) for kind in kinds}
    asked = [(kind, query) for kind, query in queries() if kind in kinds]
    for round_ in range(3):
        for kind, query in asked:
            start, start_cpu = time.perf_counter(), time.thread_time()
            ask(kind, query)
            spent, spent_cpu = time.perf_counter() - start, time.thread_time() - start_cpu
            wall[kind][min(round_, 1)].append(spent * 1000)
            cpu[kind][min(round_, 1)].append(spent_cpu * 1000)
    return wall, cpu


def open_engine(name: str, directory: Path) -> Engine:
    """Return an engine on a directory."""
    if name == "tantivy":
        from portal.search.engine.tantivy import TantivyEngine

        return TantivyEngine(directory, SCHEMA)
    from portal.search.engine.whoosh import WhooshEngine

    return WhooshEngine(directory, SCHEMA)


def measure_engine(name: str, directory: Path, results: "multiprocessing.Queue") -> None:
    """In a process of its own: first query, queries, memory, updates."""
    start = time.perf_counter()
    engine = open_engine(name, directory)
    ask_engine(engine, "sentence", "蒸饭柜不加热显示报警不停")
    first = (time.perf_counter() - start) * 1000
    timings = measure(lambda kind, query: ask_engine(engine, kind, query), OUR_KINDS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    alone = []
    for number in range(20):
        start = time.process_time()
        engine.update([document(article(number, seed=1))])
        alone.append((time.process_time() - start) * 1000)
    start = time.process_time()
    engine.update([document(article(number, seed=2)) for number in range(100, 130)])
    batch = (time.process_time() - start) * 1000 / 30
    engine.close()
    results.put({"first": first, "timings": timings, "memory": memory, "alone": alone, "batch": batch})


def build_engine(name: str, directory: Path, count: int, results: "multiprocessing.Queue") -> None:
    """In a process of its own: a rebuild, its CPU seconds and its memory."""
    engine = open_engine(name, directory)
    start = time.process_time()
    engine.rebuild(document(found) for found in articles(count))
    seconds = time.process_time() - start
    results.put({"cpu": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def in_process(function: Callable[..., None], *args: object) -> dict:
    """Run a function in a fresh process and return what it puts into its queue."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=function, args=(*args, results))
    process.start()
    found = results.get()
    process.join()
    return found


def show(name: str, timings: Timings) -> None:
    """Print one engine's line: median/p95 cold, median/p95 warm."""

    def pair(values: list[float]) -> str:
        return f"{statistics.median(values):.2f}/{statistics.quantiles(values, n=20)[-1]:.1f}"

    cells = [f"{pair(cold)} {pair(warm)}" for cold, warm in timings.values()]
    print(f"{name:<16}" + "".join(f"{cell:>24}" for cell in cells), flush=True)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000, 30_000])
    parser.add_argument("--engine", nargs="+", default=["whoosh"], choices=["whoosh", "tantivy"])
    parser.add_argument("--without-postgres", action="store_true")
    options = parser.parse_args()
    for count in options.documents:
        print(f"\n{count} generated articles; ms, median/p95 cold and median/p95 warm")
        print(f"{'':<16}" + "".join(f"{kind:>24}" for kind in OUR_KINDS))
        facts = []
        for name in options.engine:
            with tempfile.TemporaryDirectory() as directory:
                root = Path(directory) / name
                built = in_process(build_engine, name, root, count)
                found = in_process(measure_engine, name, root)
            wall, cpu = found["timings"]
            show(name, wall)
            show(f"{name} CPU", cpu)
            facts.append(
                f"{name}: rebuild {built['cpu']:.0f} s CPU and {built['memory']:.0f} MB, first query "
                f"{found['first']:.0f} ms, {found['memory']:.0f} MB after all queries, one document "
                f"{statistics.median(found['alone']):.0f}/{max(found['alone']):.0f} ms CPU, in a batch of thirty "
                f"{found['batch']:.1f} ms each"
            )
        with_tantivy = "tantivy" in options.engine
        with rivals(count, with_postgres=not options.without_postgres, with_tantivy=with_tantivy) as others:
            for rival in others:
                wall, cpu = measure(rival.ask)
                show(rival.name, wall)
                if rival.in_process:
                    show(f"{rival.name} CPU", cpu)
        print("\n".join(facts))


if __name__ == "__main__":
    main()

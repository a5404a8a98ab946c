"""What each step from text to answer is worth: relevance without it, over the demo faults among generated others.

    python -m tests.bench.bench_relevance_steps [--others 1000] [--step NAME …]

Prints for every step the mean nDCG@10 of the judged queries, the answers within the first ten, how many of the
questions nobody can answer stay silent, and the generated class that loses most. Nothing is asserted.
"""

import argparse
import os
from collections.abc import Iterable
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

from tests.bench.bench_relevance import answer_place, judged, ndcg, open_engine, unanswered
from tests.bench.relevance_corpus import faults, lexicon, others
from tests.bench.relevance_probes import probes

SEARCH = "portal.search"


def nothing(*args: Any, **kwargs: Any) -> list[Any]:
    """Find nothing."""
    return []


def none(*args: Any, **kwargs: Any) -> None:
    """Find nothing."""


def as_it_is(text: str, *args: Any) -> str:
    """Leave a text alone."""
    return text


def whole(code: str) -> list[str]:
    """Keep a code in one piece."""
    return [code.lower()]


def single(run: str) -> Iterable[tuple[str]]:
    """Take characters one by one."""
    return ((character,) for character in run)


#: Step → what stands in its place, by the name it is used under.
STEPS: dict[str, dict[str, Any]] = {
    "nothing left out": {},
    "pairs of characters (single ones instead)": {"analysis.words.pairwise": single},
    "compatibility forms (full width)": {
        "analysis.normal.unicodedata": SimpleNamespace(normalize=lambda form, text: text)
    },
    "traditional → simplified": {"analysis.normal.simplified_table": dict},
    "stems of English words": {"analysis.words.stem": as_it_is, "query.lexicon.stem": as_it_is},
    "codes in parts": {"analysis.words.code_tokens": whole},
    "codes as misread": {"documents.folded_codes": nothing},
    "codes spoken of": {"documents.mentioned_codes": nothing},
    "sound (pinyin)": {"analysis.pinyin_tokens": nothing},
    "initials of phrases": {"analysis.initials_token": lambda phrase: ""},
    "one slip in pinyin": {"query.pinyin._repairs": lambda words: iter(())},
    "wrong characters by sound": {"query.spelling._heard_like": nothing},
    "asked again by its sound": {"finding._sound_of": none},
    "wrong characters by shape": {
        "query.similarity.Likeness.looking_like": nothing,
        "query.parser.respelled": as_it_is,
    },
    "patterns of speech": {"query.parser.potential": none, "query.parser.drawn_apart": none},
    "machines that are not known": {"query.parser.machine_in": none},
    "synonyms": {"query.lexicon.Lexicon._add_group": none},
    "names of equipment": {"query.lexicon.Lexicon._add_equipment": none},
}


class Measured(NamedTuple):
    """Mean nDCG@10, answers in the first ten, silence, and by class the share with the answer first."""

    score: float
    inside: str
    silent: str
    first: dict[str, float]


def measure(count: int) -> Measured:
    """Measure what is in place now, among `count` others."""
    from portal.search.indexing.documents import to_engine
    from portal.search.query.retrieval import find

    words, engine = lexicon(), open_engine("whoosh")
    engine.rebuild(to_engine(document) for document in (*faults(), *others(count)))

    def refs(query: str) -> list[str]:
        return [item.hit.stored["ref"] for item in find(query, engine, words, {}).ranked][:10]

    found = [(refs(row["query"]), row["expected"]) for row in judged()]
    scores = [ndcg(answers, expected) for answers, expected in found]
    inside = sum(answer_place(answers, expected) is not None for answers, expected in found)
    silent = [not refs(query) for query in unanswered()]
    first: dict[str, list[bool]] = {}
    for name, query, right in probes():
        first.setdefault(name, []).append(bool(right.intersection(refs(query)[:1])))
    engine.close()
    return Measured(
        sum(scores) / len(scores),
        f"{inside}/{len(scores)}",
        f"{sum(silent)}/{len(silent)}",
        {name: sum(values) / len(values) for name, values in first.items()},
    )


def most_lost(before: dict[str, float], after: dict[str, float]) -> str:
    """Return the class that lost most, with what it was and is."""
    name = max(before, key=lambda name: before[name] - after[name])
    return f"{name} {before[name]:.2f} → {after[name]:.2f}" if before[name] > after[name] else "none"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--others", type=int, default=1_000)
    parser.add_argument("--step", nargs="+", choices=list(STEPS), default=list(STEPS))
    options = parser.parse_args()
    print(f"{'without':<44}{'nDCG@10':>9}{'in ten':>10}{'silent':>8}   class that loses most, answer first")
    everything = None
    for step in dict.fromkeys(("nothing left out", *options.step)):
        with ExitStack() as stack:
            for name, stand_in in STEPS[step].items():
                stack.enter_context(patch(f"{SEARCH}.{name}", stand_in))
            found = measure(options.others)
        everything = everything or found
        lost = most_lost(everything.first, found.first)
        print(f"{step:<44}{found.score:>9.3f}{found.inside:>10}{found.silent:>8}   {lost}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    main()

"""What each step from text to answer is worth: relevance without it.

    python -m tests.bench.bench_relevance_steps [--portal] [--others 10000] [--step NAME …]

Prints for every step the mean nDCG@10 of the judged queries, the set of them that loses most, the answers within the
first ten, how many of the questions nobody can answer stay silent, and the generated class that loses most. A step
that moves none of them in a corpus of the size it is made for can go. Nothing is asserted.
"""

import argparse
import os
from collections.abc import Iterable
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

from .bench_relevance import answer_place, judged, ndcg, open_engine, portal_corpus, unanswered
from .relevance_corpus import faults, lexicon, others
from .relevance_probes import probes

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
    "codes as misread": {"indexing.documents.folded_codes": nothing},
    "codes spoken of": {"indexing.documents.mentioned_codes": nothing},
    "sound (pinyin)": {"analysis.pinyin_tokens": nothing},
    "initials of phrases": {"analysis.initials_token": lambda phrase: ""},
    "one slip in pinyin": {"query.pinyin._repairs": lambda words: iter(())},
    "wrong characters by sound": {"query.spelling._heard_like": nothing},
    "asked again by its sound": {"query.retrieval._sound_of": none},
    "wrong characters by shape": {"query.similarity.Likeness.looking_like": nothing},
    "wrong characters in names of machines": {"query.parser.misspelt": none},
    "words drawn apart": {"query.parser.drawn_apart": none},
    "names and codes written together": {"query.fault_codes._glued": none},
    "model numbers by their family": {"query.latin._family_of": none},
    "machines that are not known": {"query.parser.machine_in": none},
    "synonyms": {"query.lexicon.Lexicon._add_group": none},
    "names of equipment": {"query.lexicon.Lexicon._add_equipment": none},
}


class Measured(NamedTuple):
    """Mean nDCG@10, also by set; answers in the first ten; silence; by class the share with the answer first."""

    score: float
    sets: dict[str, float]
    inside: str
    silent: str
    first: dict[str, float]


def measure(count: int, *, portal: bool) -> Measured:
    """Measure what is in place now, among `count` others."""
    from portal.search.indexing.documents import to_engine
    from portal.search.query.retrieval import find
    from portal.search.results.service import kind_weight

    documents, words = portal_corpus() if portal else (faults(), lexicon())
    engine = open_engine("whoosh")
    engine.rebuild(to_engine(document) for document in (*documents, *others(count)))

    def refs(query: str) -> list[str]:
        return [item.hit.stored["ref"] for item in find(query, engine, words, {}, kind_weight).ranked][:10]

    found = [(row["set"], refs(row["query"]), row["expected"]) for row in judged()]
    scores: dict[str, list[float]] = {}
    for name, answers, expected in found:
        scores.setdefault(name, []).append(ndcg(answers, expected))
    inside = sum(answer_place(answers, expected) is not None for _, answers, expected in found)
    silent = [not refs(query) for query in unanswered()]
    first: dict[str, list[bool]] = {}
    for name, query, right in probes():
        first.setdefault(name, []).append(bool(right.intersection(refs(query)[:1])))
    engine.close()
    return Measured(
        sum(map(sum, scores.values())) / len(found),
        {name: sum(values) / len(values) for name, values in scores.items()},
        f"{inside}/{len(found)}",
        f"{sum(silent)}/{len(silent)}",
        {name: sum(values) / len(values) for name, values in first.items()},
    )


def most_lost(before: dict[str, float], after: dict[str, float], places: int) -> str:
    """Return the set or class that lost most, with what it was and is."""
    name = max(before, key=lambda name: before[name] - after[name])
    was, now = (f"{values[name]:.{places}f}" for values in (before, after))
    return f"{name} {was} → {now}" if was > now else "none"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--others", type=int, default=1_000)
    parser.add_argument("--portal", action="store_true", help="documents and words of the loaded demo database")
    parser.add_argument("--step", nargs="+", choices=list(STEPS), default=list(STEPS))
    options = parser.parse_args()
    print(f"{'without':<44}{'nDCG@10':>9}{'in ten':>10}{'silent':>8}   set and class that lose most")
    everything = None
    for step in dict.fromkeys(("nothing left out", *options.step)):
        with ExitStack() as stack:
            for name, stand_in in STEPS[step].items():
                stack.enter_context(patch(f"{SEARCH}.{name}", stand_in))
            found = measure(options.others, portal=options.portal)
        everything = everything or found
        lost = most_lost(everything.sets, found.sets, 3), most_lost(everything.first, found.first, 2)
        print(f"{step:<44}{found.score:>9.3f}{found.inside:>10}{found.silent:>8}   {'; '.join(lost)}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    main()

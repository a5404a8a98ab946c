"""What the embedded engine keeps in memory, and that lengths weigh the same however segments are cut."""

import gc
import tracemalloc

import pytest

from portal.search.engine import EngineQuery, SortKey
from portal.search.engine import expressions as ex
from portal.search.engine.whoosh.postings import BoundedCache
from tests.portal.search.engines_of_tests import document, whoosh_engine


@pytest.fixture
def engine(tmp_path):
    opened = whoosh_engine(tmp_path / "index")
    yield opened
    opened.close()


def test_words_nobody_wrote_are_not_kept(engine):
    engine.rebuild([document("a", "fan")])
    for batch in range(20):
        engine.search(EngineQuery(ex.Terms("text", [f"word{batch}x{number}" for number in range(64)])))
        engine.frequency("text", f"word{batch}")
    assert engine._caches.postings.cost < 1000


def test_looking_keys_up_keeps_nothing(engine):
    engine.rebuild(document(f"k{number}", "fan") for number in range(50))
    with_question = engine.search(EngineQuery(ex.MatchAll())).total
    before = engine._caches.masks.cost + engine._caches.postings.cost
    engine._opened().numbers_of_keys({f"k{number}" for number in range(400)})
    assert with_question == 50
    assert engine._caches.masks.cost + engine._caches.postings.cost == before


def test_caches_hold_no_more_than_they_say(engine):
    engine.rebuild(
        document(f"k{number}", f"fan rare{number} rare{number}", grade=f"g{number}") for number in range(500)
    )
    engine._caches.postings.budget = engine._caches.masks.budget = engine._caches.orders.budget = 150_000
    engine.search(EngineQuery(ex.Terms("text", ["fan"])))
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(500):
            engine.search(
                EngineQuery(
                    ex.Terms("text", [f"rare{number}", "fan"]),
                    filters={"grade": [f"g{number}", f"g{number + 1}"]},
                    order=[SortKey("grade", number % 2 == 0)] if number % 3 else (),
                )
            )
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    caches = engine._caches
    kept = caches.postings.cost + caches.masks.cost + caches.orders.cost
    assert 100_000 < caches.postings.cost <= 150_000
    # Beside the caches: lengths, norms and a column of 500 documents.
    assert held < kept + 150_000


def test_what_does_not_fit_is_not_kept():
    cache: BoundedCache[int] = BoundedCache(2_000)
    cache.put("small", 1, 100)
    cache.put("large", 2, 5_000)
    assert cache.get("large") is None
    assert cache.cost <= 2_000


def scores(engine) -> dict[str, float]:
    return {hit.key: hit.score for hit in engine.search(EngineQuery(ex.Terms("text", ["pump"]), limit=100)).hits}


def test_a_text_saved_unchanged_keeps_its_score(engine):
    def text(key: str, length: int):
        return document(key, " ".join(["pump", *(f"{key}{number}" for number in range(length))]))

    engine.rebuild([*(text(f"other{number}", 20) for number in range(30)), text("medium", 60), text("long", 600)])
    before = scores(engine)
    assert before["medium"] > before["long"]
    engine.update([text("long", 600)])
    assert scores(engine) == pytest.approx(before)
    engine.update([text("medium", 60)])
    engine.update([text("other3", 20)], ["other3"])
    assert scores(engine) == pytest.approx(before)

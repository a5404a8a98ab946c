"""What every engine must answer."""

import pytest

from portal.search.backend.mapping import FIELD_END
from portal.search.engine import EngineDocument, EngineQuery, EngineUnavailable, HealthState, SortKey
from portal.search.engine import expressions as ex
from portal.search.engine.ranking import in_order
from tests.portal.search.engines_of_tests import ARTICLES, document, open_engine


@pytest.fixture(params=["whoosh", "tantivy", "opensearch"])
def empty_engine(request, tmp_path):
    with open_engine(request.param, tmp_path / "index") as opened:
        yield opened


@pytest.fixture
def engine(empty_engine):
    empty_engine.rebuild(ARTICLES)
    return empty_engine


def keys(engine, expression, **options) -> list[str]:
    return [hit.key for hit in engine.search(EngineQuery(expression, **options)).hits]


def test_terms_or_scores_those_with_more_and_rarer_words_first(engine):
    assert keys(engine, ex.Terms("text", ["fan", "hums"])) == ["a", "b", "c"]


def test_terms_and_wants_all(engine):
    assert keys(engine, ex.Terms("text", ["fan", "hums"], "and")) == ["a"]


def test_terms_minimum_wants_so_many_different_ones(engine):
    found = keys(engine, ex.Terms("text", ["fan", "hums", "stops", "water"], minimum=2))
    assert found == ["a"]


def test_unknown_words_find_nothing(engine):
    assert keys(engine, ex.Terms("text", ["nothing"])) == []
    assert keys(engine, ex.Terms("text", [])) == []
    assert keys(engine, ex.Terms("text", [], "and")) == []
    assert keys(engine, ex.All([])) == []
    assert keys(engine, ex.Any([])) == []


def test_phrase_is_exact_where_places_are_kept(engine):
    assert keys(engine, ex.Phrase("title", ["the", "fan"])) == ["c"]
    assert keys(engine, ex.Phrase("title", ["fan", "the"])) == []
    assert sorted(keys(engine, ex.Phrase("text", ["fan", "the"]))) == ["c"]


def test_prefix_stands_for_the_words_it_begins(engine):
    assert sorted(keys(engine, ex.Prefix("text", "c"))) == ["b", "c"]
    assert keys(engine, ex.Prefix("text", "zz")) == []


def test_fuzzy_finds_a_misspelt_word(engine):
    assert keys(engine, ex.Fuzzy("text", "comprssor", 1)) == ["b"]
    assert keys(engine, ex.Fuzzy("text", "cmprssr", 1)) == []


def test_branches_combine(engine):
    fan, hums = ex.Terms("text", ["fan"]), ex.Terms("text", ["hums"])
    assert keys(engine, ex.All([fan, ex.Not(hums)])) == ["c"]
    assert sorted(keys(engine, ex.Any([fan, hums]))) == ["a", "b", "c"]
    assert sorted(keys(engine, ex.Not(fan))) == ["b", "d"]
    assert sorted(keys(engine, ex.MatchAll())) == ["a", "b", "c", "d"]
    assert keys(engine, ex.Not(ex.MatchAll())) == []


def test_boost_and_soft_filters_change_the_order(engine):
    fan = ex.Terms("text", ["fan"])
    assert keys(engine, fan) == ["a", "c"]
    guides = ex.Constant(ex.Values("kind", ["guide"]), 5.0)
    assert keys(engine, ex.Should(fan, [guides])) == ["c", "a"]
    assert keys(engine, ex.Any([ex.Boost(fan, 0.1), ex.Terms("text", ["door"])]))[0] == "d"


def test_best_counts_a_word_once(engine):
    twice = engine.search(EngineQuery(ex.Any([ex.Terms("text", ["fan"]), ex.Terms("title", ["fan"])]))).hits[0]
    once = engine.search(EngineQuery(ex.Best([ex.Terms("text", ["fan"]), ex.Terms("title", ["fan"])]))).hits[0]
    assert 0 < once.score < twice.score


def test_what_a_conjunction_rules_out_does_not_score_in_a_disjunction(engine):
    ruled_out = ex.All([ex.Boost(ex.Terms("text", ["fan"]), 100), ex.Terms("text", ["nothing"])])
    assert keys(engine, ex.Any([ruled_out, ex.Terms("text", ["hums"])]))[0] == "b"


def test_hits_say_what_matched_and_carry_what_was_stored(engine):
    (hit,) = engine.search(EngineQuery(ex.Terms("text", ["hums", "compressor", "fan"], minimum=2), limit=1)).hits
    assert hit.stored == {"key": hit.key}
    assert set(hit.matched) <= {("text", "hums"), ("text", "compressor"), ("text", "fan")}
    assert len(hit.matched) == 2


def test_filters_do_not_score_and_are_counted(engine):
    plain = engine.search(EngineQuery(ex.Terms("text", ["fan"])))
    filtered = engine.search(EngineQuery(ex.Terms("text", ["fan"]), filters={"kind": ["fault"]}))
    assert (plain.total, filtered.total) == (2, 1)
    assert filtered.hits[0].score == plain.hits[0].score
    assert keys(engine, ex.MatchAll(), filters={"kind": []}) == []


def test_where_takes_any_expression(engine):
    assert keys(engine, ex.Terms("text", ["fan"]), where=ex.Range("ref", "b", "c")) == ["c"]
    assert keys(engine, ex.Terms("text", ["fan"]), where=ex.Not(ex.Values("kind", ["guide"]))) == ["a"]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (ex.Range("ref", "b"), ["b", "c", "d"]),
        (ex.Range("ref", "b", include_lower=False), ["c", "d"]),
        (ex.Range("ref", None, "b"), ["a", "b"]),
        (ex.Range("ref", None, "b", include_upper=False), ["a"]),
        (ex.Range("brand", "h", "i"), ["d"]),
        (ex.Range("brand"), ["a", "b", "d"]),
    ],
)
def test_ranges(engine, bounds, expected):
    assert sorted(keys(engine, ex.MatchAll(), where=bounds)) == expected


def test_facets_leave_out_their_own_filter(engine):
    found = engine.search(
        EngineQuery(
            ex.MatchAll(),
            filters={"kind": ["fault"], "audience": ["public"]},
            limit=0,
            facets=("kind", "brand"),
        )
    )
    assert found.total == 2
    assert found.hits == []
    assert dict(found.facets["kind"]) == {"fault": 2, "guide": 1}
    assert dict(found.facets["brand"]) == {"gree": 1, "haier": 1, "midea": 1}


def test_facets_are_ordered_and_count_those_without_a_value(engine):
    facets = engine.search(EngineQuery(ex.MatchAll(), facets=("brand",))).facets
    assert list(facets["brand"].items()) == [("gree", 2), ("haier", 1), ("midea", 1), (None, 1)]


def test_paging_is_stable_and_complete(engine):
    pages = [keys(engine, ex.MatchAll(), limit=1, offset=place) for place in range(5)]
    assert [page[0] for page in pages[:4]] == keys(engine, ex.MatchAll())
    assert pages[4] == []


def test_order_by_a_field(engine):
    assert keys(engine, ex.MatchAll(), order=[SortKey("ref", descending=True)]) == ["d", "c", "b", "a"]
    assert keys(engine, ex.MatchAll(), order=[SortKey("ref")], limit=2, offset=1) == ["b", "c"]


def test_documents_without_a_value_come_last_or_first(engine):
    engine.update([document("e", "no number", kind="fault")], ["a"])
    engine.update([document("f", "none", ref="")])
    assert keys(engine, ex.MatchAll(), order=[SortKey("ref")])[-1] == "f"
    assert keys(engine, ex.MatchAll(), order=[SortKey("ref", descending=True)])[-1] == "f"
    assert keys(engine, ex.MatchAll(), order=[SortKey("ref", nulls_first=True)])[0] == "f"


GRADES = ["", "low", "high", "low", "", "high", "low", "mid"]
ORDERS = [
    [SortKey("grade"), SortKey("ref", descending=True)],
    [SortKey("grade", descending=True), SortKey("ref")],
    [SortKey("grade", nulls_first=True), SortKey("ref", descending=True)],
    [SortKey("ref", descending=True), SortKey("grade")],
]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_ordered_by_several_fields_are_parts_of_one_order(empty_engine, order):
    graded = [document(f"k{number}", "fan", grade=grade) for number, grade in enumerate(GRADES)]
    empty_engine.rebuild(graded[:5])
    empty_engine.update(graded[4:6])
    empty_engine.update(graded[6:])
    value = {found.key: {"ref": found.key, "grade": grade} for found, grade in zip(graded, GRADES, strict=True)}
    expected = in_order(sorted(value), order, lambda field, key: value[key][field])
    assert keys(empty_engine, ex.MatchAll(), order=order) == expected
    for size in (1, 3):
        pages = [keys(empty_engine, ex.MatchAll(), order=order, limit=size, offset=at) for at in range(0, 9, size)]
        assert [key for page in pages for key in page] == expected


def test_complete_counts_what_the_reader_may_see(engine):
    found = engine.complete("text", "c")
    assert {item.term: item.frequency for item in found} == {"compressor": 1, "clean": 1}
    public = engine.complete("text", "c", filters={"audience": ["public"]})
    assert [item.term for item in public] == ["clean"]
    assert engine.complete("text", "f", limit=1)[0].term == "fan"


def test_a_short_prefix_finds_every_document(empty_engine):
    empty_engine.rebuild(document(f"{number}", f"s{number:04d}") for number in range(600))
    assert empty_engine.search(EngineQuery(ex.Prefix("text", "s"))).total == 600
    assert empty_engine.search(EngineQuery(ex.Prefix("text", "s05"))).total == 100
    empty_engine.update([], ["599"])
    assert empty_engine.search(EngineQuery(ex.Prefix("text", "s05"))).total == 99


def test_what_others_may_see_does_not_use_completions_up(empty_engine):
    empty_engine.rebuild(
        document(f"{number}", f"s{number:04d} shared", audience="public" if number >= 590 else "staff")
        for number in range(600)
    )
    found = empty_engine.complete("text", "s0", filters={"audience": ["public"]})
    assert [item.term for item in found] == [f"s0{number}" for number in range(590, 600)]
    (most,) = empty_engine.complete("text", "s", limit=1, filters={"audience": ["public"]})
    assert (most.term, most.frequency) == ("shared", 10)


def test_no_phrase_runs_from_one_field_into_the_next(engine):
    engine.update([EngineDocument("e", {"title": ["red", "fan", FIELD_END, "belt", "broken"]})])
    assert keys(engine, ex.Phrase("title", ["red", "fan"])) == ["e"]
    assert keys(engine, ex.Phrase("title", ["fan", "belt"])) == []


def test_frequency_counts_what_the_reader_may_see(engine):
    assert engine.frequency("text", "fan") == 2
    assert engine.frequency("text", "fan", {"kind": ["guide"]}) == 1
    assert engine.frequency("text", "fan", {"kind": []}) == 0
    assert engine.frequency("text", "compressor", {"audience": ["public"]}) == 0
    assert engine.frequency("text", "nothing") == 0
    assert engine.count() == 4
    assert engine.count({"audience": ["public", "partners"], "kind": ["fault"]}) == 2


def test_deleted_documents_are_not_counted(engine):
    engine.update([document(f"n{number}", "ice") for number in range(20)])
    engine.update([], ["a", "n3"])
    assert engine.frequency("text", "fan") == 1
    assert engine.frequency("text", "stops") == 0
    assert engine.frequency("text", "ice") == 19
    assert engine.count() == 22


def test_update_replaces_and_deletes_by_key_and_group(engine):
    chapters = [document(f"m{number}", "manual chapter", kind="manual") for number in range(3)]
    from dataclasses import replace

    engine.update([replace(chapter, group="manual@7") for chapter in chapters])
    assert len(keys(engine, ex.Terms("text", ["manual"]))) == 3
    engine.update([replace(chapters[0], group="manual@7")], ["manual@7"])
    assert keys(engine, ex.Terms("text", ["manual"])) == ["m0"]
    engine.update([document("a", "fan replaced")])
    assert keys(engine, ex.Terms("text", ["stops"])) == []
    assert keys(engine, ex.Terms("text", ["replaced"])) == ["a"]
    engine.update([], ["a", "b", "c", "d", "m0", "never there"])
    assert engine.health().documents == 0
    assert keys(engine, ex.MatchAll()) == []


def test_the_last_of_two_documents_with_one_key_counts(engine):
    engine.update([document("z", "first"), document("z", "second")])
    assert keys(engine, ex.Terms("text", ["first"])) == []
    assert keys(engine, ex.Terms("text", ["second"])) == ["z"]


def test_many_small_updates_keep_answers_right(engine):
    for number in range(60):
        engine.update([document(f"n{number % 20}", f"fan number{number}")])
    assert engine.search(EngineQuery(ex.Terms("text", ["fan"]))).total == 22
    assert keys(engine, ex.Terms("text", ["number59"])) == ["n19"]
    assert keys(engine, ex.Terms("text", ["number39"])) == []


def test_an_empty_index_answers(empty_engine):
    engine = empty_engine
    engine.rebuild([])
    assert keys(engine, ex.Any([ex.MatchAll(), ex.Prefix("text", "a"), ex.Fuzzy("text", "abcd")])) == []
    assert engine.complete("text", "a") == []
    assert engine.health().state is HealthState.OK
    engine.update(ARTICLES)
    assert len(keys(engine, ex.MatchAll())) == 4


def test_no_index_is_said_so(empty_engine):
    assert empty_engine.health().state is HealthState.MISSING
    with pytest.raises(EngineUnavailable):
        empty_engine.search(EngineQuery(ex.MatchAll()))
    with pytest.raises(EngineUnavailable):
        empty_engine.update(ARTICLES)

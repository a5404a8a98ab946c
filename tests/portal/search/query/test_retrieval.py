"""From a query to ordered candidates, for one reader."""

import pytest

from portal.registry.search import SearchDocument
from portal.search.indexing.documents import DOCUMENT_SCHEMA, to_engine
from portal.search.query.concepts import CodeMatch
from portal.search.query.lexicon import Lexicon
from portal.search.query.retrieval import CANDIDATES, MAX_PARTS, find
from tests.bench.relevance_corpus import faults
from tests.portal.search.corpus import words
from tests.portal.search.memory_engine import MemoryEngine

SECRET = SearchDocument(
    ref="X-1",
    kind="fault",
    title="镨化炉钷棒断裂",
    url="/kb/faults/X-1/",
    codes=("ZQ77",),
    audience="restricted",
    text="更换钷棒",
)
PUBLIC, STAFF = {"audience": ["public"]}, {"audience": ["public", "staff"]}


@pytest.fixture(scope="module")
def engine():
    made = MemoryEngine(DOCUMENT_SCHEMA)
    made.rebuild(to_engine(document) for document in (*faults(), SECRET))
    return made


@pytest.mark.parametrize("known", ["E6", "ZQ77"])
def test_a_code_one_may_not_see_is_read_like_one_that_does_not_exist(engine, known):
    seen, unknown = (find(query, engine, words(), PUBLIC) for query in (known, "ZQ99"))
    assert seen.ranked == unknown.ranked == ()
    assert seen.reading.codes[0].match is unknown.reading.codes[0].match is CodeMatch.UNKNOWN
    assert (seen.missing, unknown.missing) == ((known,), ("ZQ99",))
    assert find("E6", engine, words(), STAFF).reading.codes[0].match is CodeMatch.EXACT


@pytest.mark.parametrize(("secret", "nonsense"), [("钷棒断裂", "钐棒断裂"), ("镨化炉", "铽化炉")])
def test_a_word_one_may_not_see_is_read_like_one_in_no_text(engine, secret, nonsense):
    seen, unknown = (find(query, engine, Lexicon(), STAFF).reading for query in (secret, nonsense))
    shapes = [
        [(len(concept.text), concept.kind, len(concept.alternatives)) for concept in reading.concepts]
        for reading in (seen, unknown)
    ]
    assert shapes[0] == shapes[1]
    assert [len(name) for name in seen.unknown_machines] == [len(name) for name in unknown.unknown_machines]


def test_what_is_not_kept_of_a_long_text_is_still_an_answer():
    filler = "日常保养按规定进行。" * 400
    long = SearchDocument(
        ref="D-1", kind="document", title="保养手册", url="/d/1/", text=f"{filler}螺栓预紧力矩为三十牛米"
    )
    other = SearchDocument(ref="D-2", kind="document", title="另一份", url="/d/2/", text=filler)
    engine = MemoryEngine(DOCUMENT_SCHEMA)
    engine.rebuild(map(to_engine, (long, other)))
    assert [item.hit.stored["ref"] for item in find("螺栓预紧力矩", engine, Lexicon(), {}).ranked] == ["D-1"]


def test_a_file_brings_its_best_pages_and_not_all():
    pages = [
        SearchDocument(ref=f"D-1#{n}", kind="document", title=f"灶具年检报告 {n}", url=f"/d/1/#page={n}", text="合格")
        for n in range(1, 9)
    ]
    article = SearchDocument(ref="F-1", kind="fault", title="灶具年检不合格", url="/f/1/")
    engine = MemoryEngine(DOCUMENT_SCHEMA)
    engine.rebuild(map(to_engine, (*pages, article)))
    found = [item.hit.stored["ref"] for item in find("灶具年检", engine, Lexicon(), {}).ranked]
    assert len(found) == MAX_PARTS + 1
    assert "F-1" in found


def test_no_more_candidates_than_the_best_are_looked_at(engine):
    class Counting:
        def __init__(self):
            self.limits = []

        def __getattr__(self, name):
            return getattr(engine, name)

        def search(self, query):
            self.limits.append(query.limit)
            return engine.search(query)

    counting = Counting()
    find("不加热", counting, words(), STAFF, narrowed={"kind": ["fault"]})
    assert set(counting.limits) == {CANDIDATES}
    assert len(counting.limits) <= 2

"""The public search addresses: the contract of their answers, to whom, and wrong parameters."""

import pytest
from django.utils import translation

from portal.enums import Role
from portal.search.indexing.documents import to_engine
from portal.search.query.lexicon_loading import forget_lexicon
from portal.search.results import service
from portal.search.results.api import SUGGESTION_LIMITS
from tests.bench.relevance_corpus import faults
from tests.factories.portal import EquipmentModelFactory, PersonFactory
from tests.portal.search.results.test_views import OVEN, SECRET


@pytest.fixture(scope="module")
def filled(_own_search_index):
    service.document_engine().rebuild([to_engine(document) for document in (*faults(), SECRET, OVEN)])


@pytest.fixture
def index(db, filled):
    forget_lexicon()
    yield
    forget_lexicon()


@pytest.fixture
def technician(db):
    return PersonFactory(roles=[Role.ENGINEER])


def test_search_answers_as_promised(index, client_of, technician):
    body = client_of(technician).get("/api/v1/search", {"q": "冰柜结霜", "limit": 3}).json()
    assert set(body) == {"query", "total", "hits", "suggestion"}
    assert len(body["hits"]) == 3
    first = body["hits"][0]
    assert set(first) == {"ref", "title", "kind", "url", "equipment", "codes", "score", "snippet", "languages"}
    assert (first["ref"], first["kind"]) == ("RF-FROST", "fault")
    assert body["total"] >= 3
    assert body["suggestion"] is None


def test_search_suggests_what_was_meant(index, client_of, technician):
    client = client_of(technician)
    assert (
        client.get("/api/v1/search", {"q": "冰柜结双"}).json()["suggestion"] == "冰柜结霜"
        or client.get("/api/v1/search", {"q": "Fo"}).json()["suggestion"] == "F0"
    )


def test_anyone_is_answered_by_what_they_may_see(index, client_of):
    body = client_of(None).get("/api/v1/search", {"q": "烤箱"}).json()
    assert [hit["ref"] for hit in body["hits"]] == ["PUB-1"]
    assert client_of(None).get("/api/v1/search", {"q": "E6"}).json()["total"] == 0


def test_equipment_may_be_a_code_or_a_name(index, client_of, technician):
    EquipmentModelFactory(code="RF-LK", name="冷库")
    client = client_of(technician)
    by_code = client.get("/api/v1/search", {"q": "温度", "equipment": "RF-LK"}).json()
    by_name = client.get("/api/v1/search", {"q": "温度", "equipment": "冷库"}).json()
    assert by_code["hits"] == by_name["hits"] != []
    assert all("RF-LK" in hit["equipment"] for hit in by_code["hits"])


def test_unknown_equipment_is_a_problem_with_a_sentence(index, client_of, technician):
    with translation.override("zh-hans"):
        response = client_of(technician).get("/api/v1/search", {"q": "E6", "equipment": "飞船"})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert "飞船" in response.json()["detail"]


@pytest.mark.parametrize("limit", ["0", "51", "x", "-3"])
def test_a_wrong_limit_is_named(index, client_of, technician, limit):
    response = client_of(technician).get("/api/v1/search", {"q": "E6", "limit": limit})
    assert response.status_code == 422
    assert "limit" in response.json()["detail"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("E4", "E42"),
        ("冰柜", "冰柜结霜"),
        ("bing", "冰柜结霜"),
        ("结霜", "蒸发器结霜严重、化霜不好"),
        ("xwj", "洗碗机"),
        ("fault", "Fault 6"),
    ],
)
def test_completions_begin_with_what_was_typed(index, client_of, technician, typed, expected):
    found = client_of(technician).get("/api/v1/suggest", {"q": typed}).json()["suggestions"]
    assert 0 < len(found) <= 10
    texts = [item["text"] for item in found]
    assert expected in texts or any(expected[:2] in text for text in texts)
    assert len(texts) == len(set(texts))


def test_completions_do_not_tell_secrets(index, client_of, technician):
    for typed in ("事故", "E6 事", "机密"):
        found = client_of(technician).get("/api/v1/suggest", {"q": typed}).json()["suggestions"]
        assert all("内部通报" not in item["text"] for item in found)


def test_search_reads_little(index, client_of, technician, django_assert_max_num_queries):
    client = client_of(technician)
    with django_assert_max_num_queries(12):
        client.get("/api/v1/search", {"q": "不制冷"})


def test_a_completion_says_what_it_is(index, client_of, technician):
    client = client_of(technician)
    labels = {
        item["text"]: item["label"]
        for typed in ("E4", "xwj", "门锁")
        for item in client.get("/api/v1/suggest", {"q": typed}).json()["suggestions"]
    }
    assert labels["E42"] == "故障代码"
    assert labels["洗碗机"] == "设备"
    assert all(labels.values())


def test_completing_does_not_use_up_what_may_be_searched(index, client_of, technician):
    client = client_of(technician)
    for _ in range(130):
        assert client.get("/api/v1/suggest", {"q": ""}).status_code == 200
    assert client.get("/api/v1/search", {"q": "E6"}).status_code == 200


def test_completing_has_a_limit_of_its_own(index, client_of, monkeypatch):
    monkeypatch.setattr(SUGGESTION_LIMITS[0], "num_requests", 2)
    client = client_of()
    assert [client.get("/api/v1/suggest").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/api/v1/search").status_code == 200


def test_titles_are_completed_once_and_only_when_they_are_near(index, client_of, technician):
    found = client_of(technician).get("/api/v1/suggest", {"q": "冰柜不制冷"}).json()["suggestions"]
    texts = [item["text"] for item in found]
    assert "压缩机不启动" not in texts
    assert len({text[:60] for text in texts}) == len(texts)


def test_unknown_kind_is_a_problem_that_names_the_kinds(index, client_of, technician):
    response = client_of(technician).get("/api/v1/search", {"q": "E6", "kind": "recipe"})

    assert (response.status_code, response.json()["code"]) == (422, "unknown_kind")
    assert "fault" in response.json()["detail"]


@pytest.mark.parametrize("step", [1, 7, 50])
def test_every_hit_is_reached_by_offset_and_page(index, client_of, technician, step):
    client = client_of(technician)
    asked = {"q": "温度", "limit": step}
    total = client.get("/api/v1/search", asked).json()["total"]

    def refs(**window):
        return [hit["ref"] for hit in client.get("/api/v1/search", asked | window).json()["hits"]]

    by_offset = [ref for start in range(0, total, step) for ref in refs(offset=start)]
    by_page = [ref for number in range(1, -(-total // step) + 1) for ref in refs(page=number)]

    assert total > 7
    assert by_offset == by_page
    assert len(by_offset) == len(set(by_offset)) == total
    assert refs(offset=3)[:2] == by_offset[3 : 3 + min(step, 2)]
    assert refs(offset=total) == refs(page=1000) == []


def test_next_hits_are_linked(index, client_of, technician):
    client = client_of(technician)

    first = client.get("/api/v1/search", {"q": "温度", "limit": 3})
    following = client.get(first["Link"].split(">")[0].lstrip("<"))

    assert 'rel="next"' in first["Link"]
    assert following.json()["hits"] == client.get("/api/v1/search", {"q": "温度", "limit": 6}).json()["hits"][3:]
    assert "Link" not in client.get("/api/v1/search", {"q": "温度", "limit": 50})


@pytest.mark.parametrize("window", [{"offset": 1, "page": 2}, {"offset": -1}, {"page": 0}, {"offset": "x"}])
def test_impossible_window_is_a_problem(index, client_of, technician, window):
    assert client_of(technician).get("/api/v1/search", {"q": "温度"} | window).status_code == 422


@pytest.mark.parametrize("typed", ["冷 库", "ＲＦ－ＬＫ", "rflk", "lengku"])
def test_equipment_is_understood_as_people_type_it(index, client_of, technician, typed):
    EquipmentModelFactory(code="RF-LK", name="冷库")
    client = client_of(technician)

    named = client.get("/api/v1/search", {"q": "温度", "equipment": typed})

    assert named.status_code == 200
    assert named.json()["hits"] == client.get("/api/v1/search", {"q": "温度", "equipment": "RF-LK"}).json()["hits"]

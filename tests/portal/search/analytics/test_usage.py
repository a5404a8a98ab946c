"""What search notes of its use: by pages, without scripts, by programs; once each, without a name, not too often."""

import datetime as dt
import json
import re
import uuid
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from portal.enums import Audience, Role
from portal.models import SearchRecord
from portal.retention.clearing import clear_what_is_over
from portal.search.analytics import gathering, usage
from portal.search.indexing.documents import to_engine
from portal.search.query.answers import Notice, SearchAnswer
from portal.search.query.lexicon_loading import forget_lexicon
from portal.search.results import service
from tests.factories.portal import PersonFactory
from tests.portal.search.results.test_views import OVEN

STAFF_ONLY = replace(OVEN, ref="STAFF-1", title="蒸柜锅炉压力整定", equipment=(), audience=Audience.STAFF, text="")


@pytest.fixture(scope="module")
def filled(_own_search_index):
    service.document_engine().rebuild([to_engine(OVEN), to_engine(STAFF_ONLY)])


@pytest.fixture
def index(db, filled):
    forget_lexicon()
    gathering._waiting.clear()
    yield
    gathering._waiting.clear()
    forget_lexicon()


def offer(query, *refs, first_place=1, **facts):
    return usage.record_offer(SearchAnswer(query=query, **facts), refs, first_place)


def use(client, **message):
    return client.post(reverse("search_use"), json.dumps(message), content_type="text/plain").status_code


def test_use_is_noted_without_a_name(db, client_of):
    client = client_of()
    seen = offer("冰柜结霜", "RF-NOCOOL", "RF-FROST", total=2)
    assert use(client, note=seen.note, after=None) == 204
    assert use(client, note=seen.note, ref="RF-FROST") == 204
    assert use(client, note=seen.note, solved=True) == 204
    record = SearchRecord.objects.get()
    assert (record.token, record.query, record.total, record.channel) == (seen.token, "冰柜结霜", 2, "page")
    assert (record.clicked_ref, record.clicked_place, record.is_solved) == ("RF-FROST", 2, True)
    assert {field.name for field in SearchRecord._meta.get_fields()}.isdisjoint({"person", "user", "ip", "address"})


def test_a_note_is_one_search_however_often_it_comes(db, client_of):
    seen = offer("冰柜")
    assert [use(client_of(), note=seen.note, token=str(uuid.uuid4())) for _ in range(3)] == [204] * 3
    assert SearchRecord.objects.get().token == seen.token


def test_numbers_of_people_are_not_kept(db, client_of):
    use(client_of(), note=offer("E6 打 13800138000 找张工").note)
    use(client_of(), note=offer("11010119900307123X").note)
    assert list(SearchRecord.objects.order_by("pk").values_list("query", flat=True)) == ["E6 打 *** 找张工", "***"]


def test_only_what_a_page_showed_can_have_been_opened(db, client_of):
    seen = offer("冰柜", "RF-FROST", first_place=11)
    assert use(client_of(), note=seen.note, ref="NICHT-DA") == 400
    assert use(client_of(), note=seen.note, ref=["RF-FROST"]) == 400
    assert use(client_of(), note=seen.note, ref="RF-FROST") == 204
    assert SearchRecord.objects.get().clicked_place == 11


def asked_again(client, first, second="冰柜霜很厚"):
    use(client, note=offer(second).note, after=first.token)
    return SearchRecord.objects.exclude(token=first.token).get().reformulates


def test_other_words_for_what_was_not_found_are_seen(db, client_of):
    first = offer("冰柜结霜")
    use(client_of(), note=first.note)
    assert asked_again(client_of(), first).token == first.token


def test_after_opening_something_the_next_search_is_a_new_question(db, client_of):
    first = offer("冰柜结霜", "RF-FROST")
    use(client_of(), note=first.note, ref="RF-FROST")
    assert asked_again(client_of(), first) is None


def test_after_a_while_or_once_solved_the_next_search_is_a_new_question(db, client_of):
    late, solved = offer("冰柜结霜"), offer("冰柜漏水")
    use(client_of(), note=late.note)
    record = SearchRecord.objects.get()
    SearchRecord.objects.update(searched_at=record.searched_at - usage.ASKED_AGAIN_WITHIN - dt.timedelta(seconds=1))
    assert asked_again(client_of(), late) is None
    use(client_of(), note=solved.note, solved=True)
    use(client_of(), note=offer("咖啡机").note, after=solved.token)
    assert SearchRecord.objects.get(query="咖啡机").reformulates is None


@pytest.mark.parametrize("after", [None, 7, "x", "00000000-0000-0000-0000-000000000000"])
def test_a_wrong_number_before_is_no_search_before(db, client_of, after):
    assert use(client_of(), note=offer("冰柜").note, after=after) == 204
    assert SearchRecord.objects.get().reformulates is None


@pytest.mark.parametrize(
    "message", [{"note": "forged"}, {"note": None}, {"token": str(uuid.UUID(int=0)), "solved": True}, {}]
)
def test_a_forged_note_is_refused(db, client_of, message):
    assert use(client_of(), **message) == 400
    assert not SearchRecord.objects.exists()


def test_notes_do_not_flood(db, client_of):
    codes = [use(client_of(), note=offer("x").note) for _ in range(usage.NOTES_A_MINUTE + 2)]
    assert codes[-1] == 400
    assert SearchRecord.objects.count() == usage.NOTES_A_MINUTE


def test_behind_a_proxy_each_reader_is_counted_alone(db, client_of, settings, monkeypatch):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(usage, "NOTES_A_MINUTE", 1)
    senders = ["203.0.113.1", "203.0.113.2", "203.0.113.1"]
    codes = [
        client_of(HTTP_X_FORWARDED_FOR=sender).get(reverse("search_use"), {"note": offer("x").note}).status_code
        for sender in senders
    ]
    assert codes == [204, 204, 400]


def test_a_browser_without_scripts_notes_by_a_picture(index, client_of):
    client = client_of()
    html = client.get(reverse("search"), {"q": "烤箱"}).content.decode()
    address = re.search(r'<noscript><img src="([^"]+)"', html).group(1)
    assert not SearchRecord.objects.exists()
    answer = client.get(address.replace("&amp;", "&"))
    assert (answer.status_code, answer["Cache-Control"]) == (204, "no-store")
    record = SearchRecord.objects.get()
    assert (record.query, record.total, record.channel) == ("烤箱", 1, "no_script")
    part = client.get(reverse("search"), {"q": "烤箱"}, headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<noscript" not in part.content.decode()


@pytest.mark.parametrize("query", ["锅炉压力整定", "蒸柜锅炉"])
def test_what_was_only_hidden_from_who_asked_is_no_search_in_vain(index, client_of, query):
    client = client_of()
    page = client.get(reverse("search"), {"q": query}).content.decode()
    note = re.search(r'data-note="([^"]+)"', page).group(1)
    assert (use(client, note=note), use(client, note=note, solved=False)) == (204, 204)
    client.get("/api/v1/search", {"q": query})
    assert gathering.write_gathered() == 0
    assert not SearchRecord.objects.exists()


@pytest.mark.parametrize("query", ["飞碟起飞", "锅炉"])
def test_who_may_open_it_and_what_there_is_not_are_counted(index, client_of, query):
    client = client_of(PersonFactory(roles=[Role.ENGINEER]))
    page = client.get(reverse("search"), {"q": query}).content.decode()
    use(client, note=re.search(r'data-note="([^"]+)"', page).group(1))
    assert SearchRecord.objects.get().total == (1 if query == "锅炉" else 0)


@pytest.mark.parametrize("query", ["\ufffd\ufffd", "冰柜\ufffd", "\u200b", "\x07\x1b", "\ue000", "\u2028 \u3000"])
def test_what_says_nothing_is_not_written_down(db, query):
    gathering.gather(SearchAnswer(query=query), sender=query)
    assert not gathering._waiting
    assert not usage.is_counted(SearchAnswer(query=query))


@pytest.mark.parametrize("query", ["E6", "？", "冰柜", "\u200b冰柜", "😀"])
def test_what_can_be_read_is_counted(query):
    assert usage.is_counted(SearchAnswer(query=query))


def test_a_page_of_results_is_kept_in_no_shared_cache(index, client_of, settings):
    settings.ANONYMOUS_PAGE_CACHE_SECONDS = 60
    pages = [client_of().get(reverse("search"), {"q": "烤箱"}) for _ in range(2)]
    tokens = {re.search(r'data-token="([^"]+)"', page.content.decode()).group(1) for page in pages}
    assert len(tokens) == 2
    assert all("private" in page["Cache-Control"] for page in pages)


def test_searches_of_programs_are_written_later_and_together(index, client_of, django_assert_num_queries):
    client = client_of()
    for query in ("烤箱", "烤箱 ", "飞碟", ""):
        client.get("/api/v1/search", {"q": query})
    assert not SearchRecord.objects.exists()
    with django_assert_num_queries(1):
        assert gathering.write_gathered() == 2
    with django_assert_num_queries(0):
        assert gathering.write_gathered() == 0
    facts = SearchRecord.objects.order_by("-times").values_list("query", "times", "total", "channel")
    assert list(facts) == [("烤箱", 2, 1, "api"), ("飞碟", 1, 0, "api")]


def test_a_program_cannot_fill_the_memory_or_the_report(index, client_of, monkeypatch):
    monkeypatch.setattr(usage, "NOTES_A_MINUTE", 2)
    statuses = [client_of().get("/api/v1/search", {"q": f"烤箱{number}"}).status_code for number in range(4)]
    assert statuses == [200] * 4
    assert gathering.write_gathered() == 2
    for number in range(gathering.MAX_WAITING + 5):
        gathering.gather(SearchAnswer(query=str(number)), sender=str(number))
    assert len(gathering._waiting) == gathering.MAX_WAITING


def test_searches_that_could_not_be_written_wait_for_the_next_time(db, monkeypatch):
    for query in ("a", "b", "c"):
        gathering.gather(SearchAnswer(query=query), sender=query)

    def locked(records):
        gathering.gather(SearchAnswer(query="d"), sender="d")
        raise OperationalError("database is locked")

    monkeypatch.setattr(gathering, "MAX_WAITING", 3)
    with monkeypatch.context() as failing:
        failing.setattr(SearchRecord.objects, "bulk_create", locked)
        with pytest.raises(OperationalError):
            gathering.write_gathered()
    assert [query for query, *_facts in gathering._waiting] == ["b", "c", "d"]
    assert gathering.write_gathered() == 3


def test_while_the_index_is_broken_nothing_is_counted(db):
    broken = SearchAnswer(query="冰柜", notices=(Notice.DEGRADED,))
    gathering.gather(broken, sender="x")
    assert not gathering._waiting
    assert not usage.is_counted(broken)
    assert not usage.is_counted(service.search("", AnonymousUser()))


def test_a_case_is_known_by_the_search_it_came_of(db, client_of):
    seen = offer("冰柜结霜")
    use(client_of(), note=seen.note)
    assert usage.led_to_case(seen.token, "FC-2026-0042")
    assert SearchRecord.objects.get().case_ref == "FC-2026-0042"
    assert not usage.led_to_case(str(uuid.uuid4()), "FC-1")
    assert not usage.led_to_case("nonsense", "FC-1")


def test_old_searches_are_forgotten(db, settings):
    SearchRecord.objects.create(token=str(uuid.uuid4()), query="a", folded="a", total=0)
    assert clear_what_is_over() == 0
    assert clear_what_is_over(timezone.now() + dt.timedelta(days=settings.SEARCH_LOG_DAYS, minutes=1)) == 1

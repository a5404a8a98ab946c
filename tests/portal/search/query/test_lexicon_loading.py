"""When the lexicon is read again, by whom, and who waits."""

import threading

import pytest
from django.db import transaction

from portal.models import SynonymGroup
from portal.search.query import lexicon_loading
from portal.search.query.lexicon_loading import LEXICON_SECONDS, current_lexicon, forget_lexicon


class Readings:
    """Stands for the database: gives numbered lexicons, and can be held up."""

    def __init__(self):
        self.count = 0
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self):
        self.count += 1
        number = self.count
        self.begun.set()
        assert self.go_on.wait(10)
        return f"lexicon {number}"

    def hold(self):
        self.begun.clear()
        self.go_on.clear()


@pytest.fixture
def readings(monkeypatch):
    readings = Readings()
    monkeypatch.setattr(lexicon_loading, "load_lexicon", readings)
    forget_lexicon()
    yield readings
    forget_lexicon()


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(lexicon_loading.time, "monotonic", lambda: now[0])
    return now


def elsewhere(got):
    thread = threading.Thread(target=lambda: got.append(current_lexicon()))
    thread.start()
    return thread


def test_it_is_read_once_and_again_when_it_has_grown_old(readings, clock):
    assert current_lexicon() == current_lexicon() == "lexicon 1"
    clock[0] += LEXICON_SECONDS + 1
    assert current_lexicon() == "lexicon 2"


def test_others_answer_from_the_old_one_while_one_reads(readings, clock):
    current_lexicon()
    clock[0] += LEXICON_SECONDS + 1
    readings.hold()
    got = []
    thread = elsewhere(got)
    assert readings.begun.wait(10)
    assert current_lexicon() == "lexicon 1"
    readings.go_on.set()
    thread.join()
    assert got == [current_lexicon()] == ["lexicon 2"]


def test_a_change_while_it_is_read_is_not_overwritten(readings):
    readings.hold()
    thread = elsewhere([])
    assert readings.begun.wait(10)
    forget_lexicon()
    readings.go_on.set()
    thread.join()
    assert current_lexicon() == "lexicon 2"


def test_a_change_is_seen_once_it_is_committed(readings, db, django_capture_on_commit_callbacks):
    current_lexicon()
    with django_capture_on_commit_callbacks(execute=True):
        SynonymGroup.objects.create(words="独角兽、飞马")
        # Another thread reads now: what is not committed it cannot see, and must not keep.
        assert current_lexicon() == "lexicon 1"
    assert current_lexicon() == "lexicon 2"


def test_what_is_rolled_back_is_nothing_new(readings, db, django_capture_on_commit_callbacks):
    current_lexicon()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        SynonymGroup.objects.create(words="独角兽、飞马")
        transaction.set_rollback(True)
    assert current_lexicon() == "lexicon 1"

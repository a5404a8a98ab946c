"""One place however it is typed: width, spaces, letter case."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.enums import ClashKind
from courses.models import Session
from courses.models.places import place_key, tidy_place
from courses.sessions.clashes.domain import clashes_of, clashes_of_session
from courses.sessions.meetings.domain import MeetingPlan
from courses.sessions.scheduling.domain import reschedule_session
from tests.factories.courses import SessionFactory, TrainerFactory

SPELLINGS = ["A室", " Ａ室", "a室", "Ａ 室", "\u3000A\u3000室 ", "ａ室", "A\u00a0室", "A\t室"]
SPELLINGS += ["A\u200b室", "A室\ufeff", "A\u00ad室", "\u2060A\u200d室", "A室\ufe0f", "A\u2800室"]
names = st.text(min_size=1, max_size=60)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_one_place_have_one_key(spelling):
    assert place_key(spelling) == "a室"


@pytest.mark.parametrize(
    ("one", "other"), [("A室", "B室"), ("101", "102"), ("一号教室", "二号教室"), ("A室", "A室（二楼）"), ("", "A")]
)
def test_other_places_have_other_keys(one, other):
    assert place_key(one) != place_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("１０１", "101"),
        ("（二楼）", "(二楼)"),
        ("ﬁ", "fi"),
        ("Straße", "STRASSE"),
        ("①", "1"),
        ("ＰＸ－０４", "px-04"),
        ("A—1室", "A-1室"),
        ("A–1室", "A-1室"),
        ("A\u22121室", "A-1室"),
        ("A‐1室", "A-1室"),
    ],
)
def test_compatible_characters_are_one(one, other):
    assert place_key(one) == place_key(other)


@given(name=names)
def test_key_of_a_key_is_the_key(name):
    assert place_key(place_key(name)) == place_key(name)


@given(name=names, before=st.sampled_from(["", " ", "\u3000", "\t "]), after=st.sampled_from(["", " ", "\u3000\u3000"]))
def test_spaces_around_make_no_other_place(name, before, after):
    assert place_key(before + name + after) == place_key(name)


@given(name=names)
def test_tidied_name_is_the_same_place(name):
    assert place_key(tidy_place(name)) == place_key(name)
    assert tidy_place(tidy_place(name)) == tidy_place(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ａ室", "A室"),
        ("培训中心（一号）", "培训中心（一号）"),
        ("A  室", "A 室"),
        ("１０１\n教室", "101 教室"),
        ("Ｐx", "Px"),
    ],
)
def test_name_is_kept_plain_and_chinese_brackets_stay(typed, kept):
    assert tidy_place(typed) == kept


@pytest.fixture
def pair(world, make_session):
    """Return a function making two sessions at one time, of two trainers, at two spellings."""

    def make(one, other):
        first = make_session(place=one)
        colleague = TrainerFactory(organisation=world.outlet)
        return first, make_session(place=other, trainer=colleague, starts_at=first.starts_at)

    return make


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_clash_is_found_at_any_spelling(pair, spelling):
    first, second = pair("A室", spelling)
    assert [(clash.kind, clash.session) for clash in clashes_of_session(second)] == [(ClashKind.PLACE, first)]


def test_no_clash_without_a_place(pair, world):
    first, _second = pair("", "")
    span = {"starts_at": first.starts_at, "ends_at": first.ends_at}
    assert clashes_of(trainer=TrainerFactory(), meetings=[MeetingPlan(place=" ", **span)]) == []


def test_key_follows_the_place_whoever_saves(make_session):
    session = make_session(place="A室")
    session.place = "Ｂ室"
    session.save()
    assert Session.objects.get().place_key == "b室"


def test_key_is_written_with_many_at_once(world, make_session):
    session = make_session()
    copies = [
        Session(
            trainer=world.trainer,
            organisation=world.west,
            title="批量",
            place=place,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        for place in SPELLINGS
    ]
    Session.objects.bulk_create(copies)
    assert set(Session.objects.filter(title="批量").values_list("place_key", flat=True)) == {"a室"}


def test_long_place_keeps_a_key_that_fits(make_session):
    # One ligature of the alphabet becomes eighteen characters.
    session = make_session(place="\ufdfa" * 160)
    assert len(session.place_key) == Session._meta.get_field("place_key").max_length


def test_moved_session_has_the_plain_name(world, make_session):
    moved = reschedule_session(make_session(place="一号"), by=world.trainer, place=" Ａ\u3000室 ")
    assert (moved.place, moved.place_key, moved.sequence) == ("A 室", "a室", 1)


def test_same_place_in_full_width_is_no_move(world, make_session):
    same = reschedule_session(make_session(place="A室"), by=world.trainer, place="Ａ室")
    assert same.sequence == 0


@pytest.mark.parametrize("asked", SPELLINGS)
def test_list_is_narrowed_by_any_spelling(client_of, world, make_session, asked):
    make_session(title="在这里", place=" Ａ室")
    make_session(title="在别处", place="B室", starts_at=timezone.now() + dt.timedelta(days=9))
    page = client_of(world.technician).get(reverse("courses:sessions"), {"place": asked}).text
    assert "在这里" in page
    assert "在别处" not in page


def test_part_of_a_place_narrows_too(client_of, world, make_session):
    make_session(title="在这里", place="培训中心 A 室")
    assert "在这里" in client_of(world.technician).get(reverse("courses:sessions"), {"place": "Ａ室"}).text


def test_calendar_file_has_the_plain_name(client_of, world):
    session = SessionFactory(trainer=world.trainer, organisation=world.west, place="A室")
    content = client_of(world.technician).get(reverse("courses:session_calendar", args=[session.pk])).content
    assert "LOCATION:A室\r\n" in content.decode()

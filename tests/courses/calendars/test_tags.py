"""Entity tags of calendars: the same while nothing shown changes, another as soon as something does, and cheap."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses.calendars.domain import open_feed
from courses.calendars.feeds import Feed, FeedSubject, tag_of_session
from courses.calendars.tags import OWN, SHOWN, own_rows, session_rows, tag_of
from courses.enums import EnrolmentState, FeedKind
from courses.models import Enrolment, PlannedSession, Session, SessionModule
from courses.sessions.scheduling.domain import cancel_session, reschedule_session
from courses.sessions.seats.domain import book_seat, cancel_seat
from tests.factories.courses import EnrolmentFactory, PlaceFactory, PlanRowFactory, ProjectFactory, SessionFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

KINDS = list(FeedKind)


@pytest.fixture
def seated(world, make_session):
    """The technician's seat in a session of the west."""
    return book_seat(make_session(), world.technician, by=world.technician)


@pytest.fixture
def feeds(world, seated):
    """One feed of each kind with that session in it."""
    model, row = EquipmentModelFactory(), PlanRowFactory(project=ProjectFactory(organisation=world.west))
    world.module.equipment.add(model)
    world.module.save()
    PlannedSession.objects.create(row=row, session=seated.session)
    room = PlaceFactory()
    Session.objects.filter(pk=seated.session_id).update(place_record=room)
    seated.session.meetings.update(place_record=room)
    return {
        FeedKind.PERSON: Feed(world.technician, FeedSubject(FeedKind.PERSON, world.technician.pk)),
        FeedKind.TRAINER: Feed(world.trainer, FeedSubject(FeedKind.TRAINER, world.trainer.pk)),
        FeedKind.ORGANISATION: Feed(world.technician, FeedSubject(FeedKind.ORGANISATION, world.west.pk)),
        FeedKind.CATEGORY: Feed(world.technician, FeedSubject(FeedKind.CATEGORY, world.module.category_id)),
        FeedKind.MODEL: Feed(world.technician, FeedSubject(FeedKind.MODEL, model.pk)),
        FeedKind.PROJECT: Feed(world.manager, FeedSubject(FeedKind.PROJECT, row.project_id)),
        FeedKind.PLACE: Feed(world.manager, FeedSubject(FeedKind.PLACE, room.pk)),
        FeedKind.REGION: Feed(world.manager, FeedSubject(FeedKind.REGION, world.west.pk)),
    }


@pytest.fixture
def never_built(monkeypatch):
    """Make building any calendar an error."""

    def build(*args, **kwargs):
        raise AssertionError("a calendar was built")

    return lambda: monkeypatch.setattr("courses.calendars.feeds.build_calendar", build)


def fresh(feed: Feed) -> Feed:
    return Feed(type(feed.person).objects.get(pk=feed.person.pk), feed.subject)


@pytest.mark.parametrize("kind", KINDS)
def test_tag_stays_while_nothing_changes(feeds, kind, time_machine):
    tag = feeds[kind].tag
    time_machine.move_to(timezone.now() + dt.timedelta(hours=5))
    assert fresh(feeds[kind]).tag == tag
    assert fresh(feeds[kind]).build() == feeds[kind].build()


CHANGES = {
    "title": lambda session: {"title": "新名称"},
    "note": lambda session: {"note": "请带工具"},
    "place": lambda session: {"place": "二号教室"},
    "starts_at": lambda session: {"starts_at": session.starts_at + dt.timedelta(minutes=5)},
    "ends_at": lambda session: {"ends_at": session.ends_at + dt.timedelta(minutes=5)},
    "kind": lambda session: {"kind": "seminar"},
    "sequence": lambda session: {"sequence": 9},
    "changed_at": lambda session: {"changed_at": session.changed_at + dt.timedelta(seconds=1)},
    "cancel_reason": lambda session: {"cancel_reason": "停电"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("field", CHANGES)
def test_whatever_an_event_shows_changes_the_tag(feeds, kind, field):
    """Also where it is changed beside the verbs that count a sequence."""
    before, session = feeds[kind].tag, Session.objects.get()
    change = CHANGES[field](session)
    Session.objects.update(**change)
    if field in ("place", "starts_at", "ends_at"):
        session.meetings.update(**change)
    assert fresh(feeds[kind]).tag != before


@pytest.mark.parametrize("kind", KINDS)
def test_names_in_an_event_change_the_tag(world, feeds, kind):
    tags = [feeds[kind].tag]
    for record, name in [(world.trainer, "name"), (world.west, "name"), (world.module, "title")]:
        type(record).objects.filter(pk=record.pk).update(**{name: "改名了"})
        tags.append(fresh(feeds[kind]).tag)
    assert len(set(tags)) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_minutes_of_a_module_change_the_tag(feeds, kind):
    before = feeds[kind].tag
    SessionModule.objects.update(minutes=120)
    assert fresh(feeds[kind]).tag != before


@pytest.mark.parametrize("kind", KINDS)
def test_language_address_and_sender_change_the_tag(feeds, kind, settings):
    tags = [feeds[kind].tag]
    with translation.override("en"):
        tags.append(fresh(feeds[kind]).tag)
    settings.PUBLIC_URL = "https://elsewhere.example.com"
    tags.append(fresh(feeds[kind]).tag)
    settings.DEFAULT_FROM_EMAIL = "Training <training@example.com>"
    tags.append(fresh(feeds[kind]).tag)
    assert len(set(tags)) == 4


def test_what_happens_to_the_seat_changes_the_persons_tag_alone(world, feeds, seated):
    before = {kind: feed.tag for kind, feed in feeds.items()}
    cancel_seat(seated, by=world.technician)
    after = {kind: fresh(feed).tag for kind, feed in feeds.items()}
    assert [kind for kind in KINDS if before[kind] != after[kind]] == [FeedKind.PERSON]


def test_somebody_elses_seat_changes_no_tag(world, feeds, seated):
    before = {kind: feed.tag for kind, feed in feeds.items()}
    EnrolmentFactory(session=seated.session, person=PersonFactory(organisation=world.outlet))
    assert {kind: fresh(feed).tag for kind, feed in feeds.items()} == before


@pytest.mark.parametrize("kind", KINDS)
def test_reschedule_and_cancellation_change_the_tag_each_time(world, feeds, seated, kind):
    tags = [feeds[kind].tag]
    # Moved to another place, it would no longer be in the calendar of the first.
    reschedule_session(seated.session, by=world.trainer, title="二期")
    tags.append(fresh(feeds[kind]).tag)
    cancel_session(seated.session, by=world.trainer, reason="停电")
    tags.append(fresh(feeds[kind]).tag)
    assert len(set(tags)) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_what_falls_out_of_the_window_changes_the_tag(world, feeds, kind, time_machine):
    before = feeds[kind].tag
    time_machine.move_to(Session.objects.get().ends_at + dt.timedelta(days=91))
    assert fresh(feeds[kind]).tag != before


# --- over HTTP ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_unchanged_feed_is_answered_without_building_it(client_of, feeds, kind, never_built):
    token = open_feed(feeds[kind].person, feeds[kind].subject)
    address, client = reverse("calendars:feed", args=[token.secret]), client_of()
    tag = client.get(address)["ETag"]
    never_built()
    answer = client.get(address, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert answer["Cache-Control"] == "private, no-cache"
    weak = client.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
    assert weak.status_code == 304
    with pytest.raises(AssertionError, match="built"):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("kind", "queries"),
    [(FeedKind.PERSON, 2), (FeedKind.TRAINER, 6), (FeedKind.ORGANISATION, 8), (FeedKind.CATEGORY, 8)],
)
def test_unchanged_feed_takes_one_query_for_its_tag(
    world, client_of, feeds, django_assert_max_num_queries, kind, queries, count
):
    for day in range(count):
        session = SessionFactory(
            trainer=world.trainer,
            organisation=world.west,
            modules=[world.module],
            starts_at=timezone.now() + dt.timedelta(days=20 + day),
        )
        book_seat(session, world.technician, by=world.technician)
    token = open_feed(feeds[kind].person, feeds[kind].subject)
    address, client = reverse("calendars:feed", args=[token.secret]), client_of()
    tag = client.get(address)["ETag"]
    with django_assert_max_num_queries(queries):
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("kind", KINDS)
def test_head_of_a_feed_says_what_get_says(client_of, feeds, kind):
    token = open_feed(feeds[kind].person, feeds[kind].subject)
    address, client = reverse("calendars:feed", args=[token.secret]), client_of()
    got, asked = client.get(address), client.head(address)
    assert (asked.status_code, asked.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Cache-Control"):
        assert asked[name] == got[name]
    assert client.head(address, headers={"If-None-Match": got["ETag"]}).status_code == 304


def test_head_of_a_wrong_secret_is_404(client_of, db):
    assert client_of().head(reverse("calendars:feed", args=["0" * 32])).status_code == 404


def test_file_of_a_session_answers_head_and_304_without_building(client_of, world, seated, never_built):
    address, client = reverse("courses:session_calendar", args=[seated.session_id]), client_of(world.technician)
    got, asked = client.get(address), client.head(address)
    assert (asked.status_code, asked.content, asked["ETag"]) == (200, b"", got["ETag"])
    assert asked["Content-Disposition"] == got["Content-Disposition"]
    never_built()
    assert client.get(address, headers={"If-None-Match": got["ETag"]}).status_code == 304


def test_two_readers_of_one_file_have_tags_of_their_own(client_of, world, seated):
    address = reverse("courses:session_calendar", args=[seated.session_id])
    tags = {client_of(person).get(address)["ETag"] for person in (world.technician, world.trainer)}
    assert len(tags) == 2


def test_file_changes_with_the_readers_place(world, seated):
    session, seen = seated.session, set()
    for state in EnrolmentState:
        until = session.starts_at if state == EnrolmentState.OFFERED else None
        Enrolment.objects.update(state=state, offer_until=until)
        seen.add(tag_of_session(session, Enrolment.objects.get()))
    seen.add(tag_of_session(session))
    assert len(seen) == len(EnrolmentState) + 1


# --- the parts --------------------------------------------------------------------------------------------------------


def test_tag_is_quoted_and_depends_on_name_and_rows():
    tags = {tag_of(name, rows) for name in ("甲", "乙") for rows in ([], [(1,)], [(1,), (2,)], [(2,), (1,)])}
    assert len(tags) == 8
    assert all(tag.startswith('"') and tag.endswith('"') and len(tag) == 34 for tag in tags)


def test_rows_hold_what_is_shown_of_each_part(world, seated):
    extra = SessionFactory(trainer=world.trainer, modules=[world.module])
    assert len(list(session_rows(Session.objects.all()))) == 2
    (row,) = own_rows(Enrolment.objects.all())
    assert len(row) == len(OWN) + len(SHOWN)
    assert extra.pk not in row


def test_session_without_modules_has_a_row(world):
    session = SessionFactory(trainer=world.trainer, modules=[])
    assert [row[0] for row in session_rows(Session.objects.all())] == [session.pk]

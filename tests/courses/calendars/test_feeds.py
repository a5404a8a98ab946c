"""Calendar feeds: by secret, by what the owner may see now, unchanged is 304, revoked is 404."""

import datetime as dt

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from courses.calendars.domain import open_feed, revoke_feed
from courses.calendars.errors import NotYourFeed
from courses.calendars.feeds import KEEP_CANCELLED, FeedSubject, subjects_for
from courses.enums import FeedKind
from courses.sessions.scheduling.domain import cancel_session, reschedule_session
from courses.sessions.seats.domain import book_seat, cancel_seat
from portal.enums import Role, TokenPurpose
from portal.models import AccessToken, AuditEvent
from tests.factories.courses import PlaceFactory, SessionFactory, TrainerFactory, TrainingModuleFactory
from tests.factories.portal import PersonFactory
from tests.libical import errors_in


def address_of(token: AccessToken) -> str:
    return reverse("calendars:feed", args=[token.secret])


def mine(person) -> FeedSubject:
    return FeedSubject(FeedKind.PERSON, person.pk)


def events_in(content: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


@pytest.fixture
def fetch(client_of):
    """Return a function fetching a feed without signing in; the events in it."""

    def get(token: AccessToken) -> list[icalendar.Event]:
        response = client_of().get(address_of(token))
        assert response.status_code == 200
        count, holds, _text = errors_in(response.content)
        assert (count, holds) == (0, True)
        return events_in(response.content)

    return get


def test_persons_feed_shows_seats_waits_and_what_was_given_back(world, make_session, fetch):
    seat, wait, left = (make_session(title=title, capacity=1) for title in ("有座", "候补", "退出"))
    other = PersonFactory(organisation=world.outlet)
    book_seat(wait, other, by=other)
    enrolments = [book_seat(session, world.technician, by=world.technician) for session in (seat, wait, left)]
    cancel_seat(enrolments[2], by=world.technician)
    make_session(title="没有报名")
    events = fetch(open_feed(world.technician, mine(world.technician)))
    assert {str(event["summary"]): str(event["status"]) for event in events} == {
        "有座": "CONFIRMED",
        "【候补】候补": "TENTATIVE",
        "【已取消】退出": "CANCELLED",
    }


def test_reschedule_keeps_the_uid_and_grows_the_sequence_in_the_feed(world, make_session, fetch):
    session = make_session()
    book_seat(session, world.technician, by=world.technician)
    token = open_feed(world.technician, mine(world.technician))
    (before,) = fetch(token)
    later = session.starts_at + dt.timedelta(days=1)
    reschedule_session(session, by=world.trainer, starts_at=later, ends_at=later + dt.timedelta(hours=9))
    (after,) = fetch(token)
    assert (before["uid"], before["sequence"], after["sequence"]) == (after["uid"], 0, 1)
    assert after["dtstart"].dt - before["dtstart"].dt == dt.timedelta(days=1)


def test_cancelled_session_stays_in_the_feed_for_a_while(world, make_session, fetch, time_machine):
    session = make_session(starts_at=timezone.now() + dt.timedelta(days=60))
    book_seat(session, world.technician, by=world.technician)
    token = open_feed(world.technician, mine(world.technician))
    cancel_session(session, by=world.trainer)
    (event,) = fetch(token)
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)
    time_machine.move_to(timezone.now() + KEEP_CANCELLED + dt.timedelta(minutes=1))
    assert fetch(token) == []


def test_unchanged_feed_answers_304_and_a_changed_one_does_not(world, make_session, client_of):
    session, client = make_session(), client_of()
    book_seat(session, world.technician, by=world.technician)
    address = address_of(open_feed(world.technician, mine(world.technician)))
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    reschedule_session(session, by=world.trainer, place="二号教室")
    changed = client.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_wrong_revoked_and_foreign_secrets_are_404(world, client_of):
    token = open_feed(world.technician, mine(world.technician))
    unit = AccessToken.objects.mint(TokenPurpose.UNIT, "unit:1", person=world.technician)
    ownerless = AccessToken.objects.mint(TokenPurpose.CALENDAR, str(mine(world.technician)))
    nonsense = AccessToken.objects.mint(TokenPurpose.CALENDAR, "person:x", person=world.technician)
    gone = AccessToken.objects.mint(TokenPurpose.CALENDAR, "organisation:999999", person=world.technician)
    revoke_feed(token, by=world.technician)
    for secret in (token.secret, unit.secret, ownerless.secret, nonsense.secret, gone.secret, "0" * 32):
        assert client_of().get(reverse("calendars:feed", args=[secret])).status_code == 404


def test_feed_of_somebody_who_left_is_404(world, client_of):
    token = open_feed(world.technician, mine(world.technician))
    world.technician.is_active = False
    world.technician.save()
    assert client_of().get(address_of(token)).status_code == 404


def test_nobody_subscribes_to_the_training_of_others(world):
    for person, subject in [
        (world.technician, mine(world.stranger)),
        (world.manager, mine(world.technician)),
        (world.technician, FeedSubject(FeedKind.TRAINER, world.trainer.pk)),
        (world.technician, FeedSubject(FeedKind.ORGANISATION, world.east.pk)),
        (world.contact, FeedSubject(FeedKind.ORGANISATION, world.outlet.pk)),
        (world.technician, FeedSubject(FeedKind.CATEGORY, 999_999)),
    ]:
        with pytest.raises(NotYourFeed):
            open_feed(person, subject)
    assert not AccessToken.objects.exists()


def test_trainers_feed_shows_what_they_teach_as_long_as_they_do(world, make_session, fetch, client_of):
    make_session(title="我讲的")
    SessionFactory(trainer=TrainerFactory(organisation=world.outlet), title="同事讲的")
    token = open_feed(world.trainer, FeedSubject(FeedKind.TRAINER, world.trainer.pk))
    assert [str(event["summary"]) for event in fetch(token)] == ["我讲的"]
    world.trainer.groups.clear()
    assert client_of().get(address_of(token)).status_code == 404


def test_branch_and_category_feeds_show_what_the_owner_may_see_now(world, make_session, fetch):
    make_session(title="西区的班")
    make_session(title="总部的班", organisation=world.hq)
    make_session(title="东区的班", organisation=world.east)
    other = TrainingModuleFactory(trainers=[world.trainer])
    make_session(title="别的类别", modules=[other])
    west = open_feed(world.technician, FeedSubject(FeedKind.ORGANISATION, world.west.pk))
    assert {str(event["summary"]) for event in fetch(west)} == {"西区的班", "总部的班", "别的类别"}
    category = open_feed(world.technician, FeedSubject(FeedKind.CATEGORY, world.module.category_id))
    assert {str(event["summary"]) for event in fetch(category)} == {"西区的班", "总部的班"}
    world.technician.organisation = world.east
    world.technician.save()
    assert {str(event["summary"]) for event in fetch(category)} == {"总部的班", "东区的班"}


def test_feed_of_a_place_and_of_a_region(world, make_session, fetch):
    place = PlaceFactory(organisation=world.west)
    make_session(title="西区办的", place_record=PlaceFactory())
    make_session(title="教室里的", organisation=world.east, place_record=place)
    make_session(title="总部办的", organisation=world.hq)
    make_session(title="东区办的", organisation=world.east)
    by = world.administrator
    of_place = fetch(open_feed(by, FeedSubject(FeedKind.PLACE, place.pk)))
    assert {str(event["summary"]) for event in of_place} == {"教室里的"}
    region = open_feed(by, FeedSubject(FeedKind.REGION, world.west.pk))
    assert {str(event["summary"]) for event in fetch(region)} == {"西区办的", "教室里的"}
    revoke_feed(region, by=by)
    assert AccessToken.objects.get(pk=region.pk).revoked_at is not None


def test_feed_of_a_place_or_region_unchanged_is_304_without_building(world, make_session, client_of, monkeypatch):
    place = PlaceFactory()
    session = make_session(place_record=place)
    subjects = (FeedSubject(FeedKind.PLACE, place.pk), FeedSubject(FeedKind.REGION, world.west.pk))
    addresses = [address_of(open_feed(world.manager, subject)) for subject in subjects]
    tags = [client_of().get(address)["ETag"] for address in addresses]
    monkeypatch.setattr("courses.calendars.feeds.build_calendar", lambda *args, **kwargs: pytest.fail("built"))
    for address, tag in zip(addresses, tags, strict=True):
        assert client_of().get(address, headers={"if-none-match": tag}).status_code == 304
    monkeypatch.undo()
    reschedule_session(session, by=world.trainer, ends_at=session.ends_at + dt.timedelta(minutes=1))
    for address, tag in zip(addresses, tags, strict=True):
        assert client_of().get(address, headers={"if-none-match": tag}).status_code == 200


def test_places_and_regions_are_followed_by_who_arranges(world):
    place = FeedSubject(FeedKind.PLACE, PlaceFactory().pk)
    region = FeedSubject(FeedKind.REGION, world.west.pk)
    for person in (world.technician, world.contact):
        for subject in (place, region):
            with pytest.raises(NotYourFeed):
                open_feed(person, subject)
    with pytest.raises(NotYourFeed):
        open_feed(world.other_manager, region)
    with pytest.raises(NotYourFeed):
        open_feed(world.manager, FeedSubject(FeedKind.REGION, world.outlet.pk))
    assert {place, region} <= set(subjects_for(world.manager))


def test_two_people_have_two_links_to_the_same_calendar(world):
    subject = FeedSubject(FeedKind.ORGANISATION, world.west.pk)
    first, second = open_feed(world.technician, subject), open_feed(world.manager, subject)
    assert first.secret != second.secret
    assert open_feed(world.technician, subject) == first


def test_link_is_revoked_by_its_owner_only_and_once(world):
    token = open_feed(world.technician, mine(world.technician))
    with pytest.raises(NotYourFeed):
        revoke_feed(token, by=world.administrator)
    for _ in range(2):
        revoke_feed(token, by=world.technician)
    assert AuditEvent.objects.filter(action="courses.feed_revoked").count() == 1
    assert open_feed(world.technician, mine(world.technician)).secret != token.secret


def test_secrets_do_not_stand_in_the_audit_log(world):
    token = open_feed(world.technician, mine(world.technician))
    event = AuditEvent.objects.get(action="courses.feed_opened")
    assert token.secret not in f"{event.subject}{event.detail}"


@pytest.mark.parametrize(
    "text", ["", "person", "person:", "person:-1", "person:1x", "person:１", "robot:1", "person:1:2"]
)
def test_subject_that_is_none_is_not_parsed(text):
    assert FeedSubject.parse(text) is None


def test_page_makes_shows_and_revokes_links(world, client_of):
    client = client_of(world.technician)
    address = reverse("courses:feeds")
    page = client.post(address, {"subject": str(mine(world.technician))}, follow=True).text
    token = AccessToken.objects.get()
    assert f"webcal://127.0.0.1:8000{address_of(token)}" in page
    stranger = client_of(world.stranger)
    assert stranger.post(reverse("courses:feed_revoke", args=[token.pk])).status_code == 404
    assert token.secret not in client_of(world.stranger).get(address).text
    page = client.post(reverse("courses:feed_revoke", args=[token.pk]), follow=True).text
    assert token.secret not in page


def test_page_refuses_what_is_not_offered(world, client_of):
    client = client_of(world.technician)
    assert client.post(reverse("courses:feeds"), {"subject": str(mine(world.stranger))}).status_code == 403
    assert client.post(reverse("courses:feeds"), {"subject": "nonsense"}).status_code == 404


@pytest.mark.parametrize("modules", [1, 3])
def test_page_of_links_takes_the_same_queries_at_any_length(world, client_of, django_assert_num_queries, modules):
    for _ in range(modules):
        category = TrainingModuleFactory().category_id
        open_feed(world.technician, FeedSubject(FeedKind.CATEGORY, category))
    client = client_of(world.technician)
    client.get(reverse("courses:feeds"))
    with django_assert_num_queries(13):
        client.get(reverse("courses:feeds"))


@pytest.mark.parametrize("count", [1, 3])
def test_feed_takes_the_same_queries_at_any_length(world, make_session, client_of, django_assert_num_queries, count):
    for day in range(count):
        session = make_session(starts_at=timezone.now() + dt.timedelta(days=day + 1))
        book_seat(session, world.technician, by=world.technician)
    address = address_of(open_feed(world.technician, mine(world.technician)))
    with django_assert_num_queries(7):
        client_of().get(address)


def test_offered_calendars_are_those_one_may_have(world):
    kinds = [subject.kind for subject in subjects_for(world.trainer)]
    assert kinds == [
        FeedKind.PERSON,
        FeedKind.TRAINER,
        *[FeedKind.ORGANISATION] * 3,
        FeedKind.CATEGORY,
        FeedKind.REGION,
    ]
    assert [subject.kind for subject in subjects_for(world.contact)] == [FeedKind.PERSON, *[FeedKind.ORGANISATION] * 2]
    assert Role.TRAINER not in world.technician.role_names


def test_session_file_is_a_calendar_with_its_name(world, make_session, client_of):
    session = make_session(title="冷冻设备, 一期; 上")
    response = client_of(world.technician).get(reverse("courses:session_calendar", args=[session.pk]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert errors_in(response.content)[:2] == (0, True)
    (event,) = events_in(response.content)
    assert str(event["summary"]) == "冷冻设备, 一期; 上"
    assert str(event["url"]).endswith(session.get_absolute_url())

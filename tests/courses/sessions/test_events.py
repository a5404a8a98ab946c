"""Sessions as calendar events, for files, feeds and invitations."""

import datetime as dt

import pytest
from django.utils import translation

from courses.enums import EnrolmentState, SessionKind, SessionState
from courses.models import Session
from courses.sessions.events import REMIND_MINUTES, absolute, describe, events_of, organiser
from portal.models import PortalSettings
from tests.factories.courses import EnrolmentFactory, SessionModuleFactory, TrainingModuleFactory

SEATED, WAITLISTED, CANCELLED = EnrolmentState.SEATED, EnrolmentState.WAITLISTED, EnrolmentState.CANCELLED


def test_event_says_what_the_session_says(world, make_session):
    session = make_session(title="冷冻设备", place="一号教室", kind=SessionKind.SEMINAR, sequence=4)
    event = events_of(session)[0]
    assert (event.summary, event.location, event.sequence) == ("冷冻设备", "一号教室", 4)
    assert (event.starts_at, event.ends_at) == (session.starts_at, session.ends_at)
    assert event.categories == [SessionKind.SEMINAR.label]
    assert event.url == f"http://127.0.0.1:8000/courses/sessions/{session.pk}/"
    assert event.remind_minutes == REMIND_MINUTES


def test_identity_is_the_sessions_and_knows_no_host(make_session, settings):
    session = make_session()
    uids = set()
    for address in ("https://a.example.com", "http://127.0.0.1:9123", "https://b.example.org:8443"):
        settings.PUBLIC_URL = address
        uids.add(events_of(session)[0].uid)
    assert uids == {str(session.uid)}


@pytest.mark.parametrize(
    ("session_state", "state", "is_cancelled", "is_tentative", "summary"),
    [
        (SessionState.SCHEDULED, SEATED, False, False, "班"),
        (SessionState.SCHEDULED, WAITLISTED, False, True, "【候补】班"),
        (SessionState.SCHEDULED, CANCELLED, True, False, "【已取消】班"),
        (SessionState.CANCELLED, SEATED, True, False, "【已取消】班"),
        (SessionState.CANCELLED, WAITLISTED, True, True, "【已取消】班"),
        (SessionState.OPEN, SEATED, False, False, "班"),
        (SessionState.CLOSED, SEATED, False, False, "班"),
    ],
)
def test_event_as_somebody_sees_it(make_session, session_state, state, is_cancelled, is_tentative, summary):
    session = make_session(title="班", state=session_state)
    event = events_of(session, EnrolmentFactory(session=session, state=state))[0]
    assert (event.is_cancelled, event.is_tentative, event.summary) == (is_cancelled, is_tentative, summary)


@pytest.mark.parametrize(("of_session", "of_place", "sequence"), [(0, 0, 0), (3, 0, 3), (0, 2, 2), (3, 2, 5)])
def test_sequence_counts_changes_of_both(make_session, of_session, of_place, sequence):
    session = make_session(sequence=of_session)
    place = EnrolmentFactory(session=session, sequence=of_place)
    assert events_of(session, place)[0].sequence == place.calendar_sequence == sequence
    assert events_of(session)[0].sequence == of_session


def test_last_change_is_the_later_of_both(make_session):
    session = make_session()
    later = session.changed_at + dt.timedelta(hours=1)
    assert events_of(session, EnrolmentFactory(session=session, changed_at=later))[0].changed_at == later
    sooner = session.changed_at - dt.timedelta(hours=1)
    assert events_of(session, EnrolmentFactory(session=session, changed_at=sooner))[0].changed_at == session.changed_at


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("portal@example.com", "上岗通", "portal@example.com"),
        ("培训部 <training@example.com>", "培训部", "training@example.com"),
        ('"Kitchen, Training" <training@example.com>', "Kitchen, Training", "training@example.com"),
        ("<portal@example.com>", "上岗通", "portal@example.com"),
    ],
)
def test_who_invites_has_a_name_and_an_address(db, settings, sender, name, address):
    settings.DEFAULT_FROM_EMAIL = sender
    assert (organiser().name, organiser().address) == (name, address)


def test_organisations_name_invites_where_the_sender_has_none(db):
    portal = PortalSettings.load()
    portal.organisation_name = "示范厨具公司"
    portal.save()
    assert organiser().name == "示范厨具公司"


def test_organiser_is_asked_once_for_many_events(make_session, django_assert_num_queries):
    make_session()
    by = organiser()
    session = (
        Session.objects.select_related("trainer", "organisation").prefetch_related("parts__module", "meetings").get()
    )
    with django_assert_num_queries(0):
        assert events_of(session, organised_by=by)[0].organiser is by


def test_description_names_modules_trainer_branch_note_and_address(world, make_session):
    session = make_session(note="请带工作服")
    SessionModuleFactory(session=session, module=TrainingModuleFactory(title="灶具"), minutes=90)
    assert describe(session).splitlines() == [
        "培训模块：冷冻设备技术培训（8 小时）、灶具（1 小时 30 分钟）",
        "讲师：陈老师",
        "面向：西区",
        "请带工作服",
        absolute(session.get_absolute_url()),
    ]


def test_description_of_a_session_called_off_says_why(make_session):
    session = make_session(cancel_reason="讲师生病", modules=[])
    assert "原因：讲师生病" in describe(session).splitlines()


def test_description_in_english(make_session):
    with translation.override("en"):
        assert describe(make_session()).splitlines()[1:3] == ["Trainer: 陈老师", "Held for: 西区"]

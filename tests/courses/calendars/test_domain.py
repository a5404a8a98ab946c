"""Links to calendars: made once, found again, ended by their owner alone."""

import datetime as dt

import pytest

from courses.calendars.domain import open_feed, revoke_feed
from courses.calendars.errors import NotYourFeed
from courses.calendars.feeds import FeedSubject, events_of, feed_of, live_tokens, may_subscribe, names_of, subjects_for
from courses.enums import FeedKind
from courses.models import PlannedSession
from portal.enums import Role, TokenPurpose
from portal.models import AccessToken, AuditEvent
from tests.factories.courses import PlanRowFactory, ProjectFactory, TrainingModuleFactory
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory, PersonFactory


def subject(kind, record) -> FeedSubject:
    return FeedSubject(kind, record.pk)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("person:7", FeedSubject(FeedKind.PERSON, 7)),
        ("trainer:7", FeedSubject(FeedKind.TRAINER, 7)),
        ("organisation:12", FeedSubject(FeedKind.ORGANISATION, 12)),
        ("category:999999999999999999", FeedSubject(FeedKind.CATEGORY, 10**18 - 1)),
        ("category:1000000000000000000", None),
        ("person:007", FeedSubject(FeedKind.PERSON, 7)),
        ("Person:7", None),
        ("person: 7", None),
        ("person:7 ", None),
        ("person:+7", None),
        ("person:7.0", None),
        ("person:٧", None),
        (":7", None),
        ("person", None),
    ],
)
def test_subject_is_read_as_it_is_written(text, expected):
    assert FeedSubject.parse(text) == expected


@pytest.mark.parametrize("kind", list(FeedKind))
def test_subject_written_is_read_again(kind):
    assert FeedSubject.parse(str(FeedSubject(kind, 42))) == FeedSubject(kind, 42)


MAY = {
    FeedKind.PERSON: {"technician"},
    FeedKind.TRAINER: set(),
    FeedKind.ORGANISATION: {"technician", "manager", "administrator", "auditor", "trainer"},
    FeedKind.CATEGORY: {
        *("technician", "stranger", "manager", "other_manager", "administrator", "auditor", "trainer", "contact"),
    },
}


@pytest.mark.parametrize("kind", MAY)
def test_who_may_subscribe_to_what(world, kind):
    about = {
        FeedKind.PERSON: world.technician,
        FeedKind.TRAINER: world.technician,
        FeedKind.ORGANISATION: world.west,
        FeedKind.CATEGORY: world.module.category,
    }[kind]
    people = MAY[FeedKind.CATEGORY]
    assert {who for who in people if may_subscribe(getattr(world, who), subject(kind, about))} == MAY[kind]


def test_who_left_subscribes_to_nothing(world):
    world.technician.is_active = False
    for kind, about in [(FeedKind.PERSON, world.technician), (FeedKind.CATEGORY, world.module.category)]:
        assert not may_subscribe(world.technician, subject(kind, about))


def test_trainer_who_is_none_any_more_loses_that_feed(world):
    token = open_feed(world.trainer, subject(FeedKind.TRAINER, world.trainer))
    assert feed_of(token.secret) is not None
    world.trainer.groups.clear()
    assert feed_of(token.secret) is None


def test_opening_twice_is_one_link_and_one_act(world):
    own = subject(FeedKind.PERSON, world.technician)
    assert open_feed(world.technician, own) == open_feed(world.technician, own)
    assert AuditEvent.objects.filter(action="courses.feed_opened").count() == 1


def test_revoked_link_is_dead_and_a_new_one_is_another(world):
    own = subject(FeedKind.PERSON, world.technician)
    token = open_feed(world.technician, own)
    secret = token.secret
    revoke_feed(token, by=world.technician)
    assert feed_of(secret) is None
    assert list(live_tokens(world.technician)) == []
    again = open_feed(world.technician, own)
    assert again.secret != secret
    assert feed_of(again.secret).subject == own
    assert feed_of(secret) is None


@pytest.mark.parametrize("who", ["stranger", "manager", "administrator", "auditor", "contact"])
def test_nobody_ends_somebody_elses_link(world, who):
    token = open_feed(world.technician, subject(FeedKind.PERSON, world.technician))
    with pytest.raises(NotYourFeed):
        revoke_feed(token, by=getattr(world, who))
    assert feed_of(token.secret) is not None


def test_link_of_another_purpose_is_no_calendar(world):
    unit = AccessToken.objects.mint(TokenPurpose.UNIT, "unit:1", person=world.technician)
    with pytest.raises(NotYourFeed):
        revoke_feed(unit, by=world.technician)
    assert feed_of(unit.secret) is None


@pytest.mark.parametrize("secret", ["", "x", "0" * 32, "0" * 10_000, "汉字", "../../etc"])
def test_secret_that_opens_nothing(db, secret):
    assert feed_of(secret) is None


def test_names_of_many_subjects_take_a_query_a_model(world, django_assert_num_queries):
    subjects = [
        subject(FeedKind.PERSON, world.technician),
        subject(FeedKind.TRAINER, world.trainer),
        subject(FeedKind.ORGANISATION, world.west),
        subject(FeedKind.ORGANISATION, world.hq),
        subject(FeedKind.CATEGORY, world.module.category),
        FeedSubject(FeedKind.CATEGORY, 999_999),
    ]
    with django_assert_num_queries(3):
        names = names_of(subjects)
    assert names[subjects[0]] == "小林的培训"
    assert subjects[-1] not in names
    assert len(names) == 5


def test_categories_offered_are_those_taught(world):
    EquipmentCategoryFactory(name="没有课的类别")
    TrainingModuleFactory(category=world.module.category)
    offered = [found for found in subjects_for(world.technician) if found.kind == FeedKind.CATEGORY]
    assert offered == [subject(FeedKind.CATEGORY, world.module.category)]


@pytest.mark.parametrize("role", list(Role))
def test_own_training_is_offered_first_to_everybody(world, role):
    person = PersonFactory(organisation=world.outlet, roles=[role])
    kinds = [found.kind for found in subjects_for(person)]
    assert kinds[0] == FeedKind.PERSON
    assert (FeedKind.TRAINER in kinds) is (role == Role.TRAINER)


def test_feed_of_a_project_is_for_who_sees_it_and_holds_its_sessions(world, make_session):
    project = ProjectFactory(organisation=world.west, customer=world.customer)
    session = make_session(title="项目培训")
    make_session(title="别的培训", starts_at=session.ends_at, ends_at=session.ends_at + dt.timedelta(hours=8))
    PlannedSession.objects.create(row=PlanRowFactory(project=project), session=session)
    about = subject(FeedKind.PROJECT, project)
    assert not may_subscribe(world.technician, about)
    assert not may_subscribe(world.other_manager, about)
    token = open_feed(world.manager, about)
    assert [event.summary for event in events_of(world.manager, about)] == ["项目培训"]
    assert feed_of(token.secret) is not None
    revoke_feed(token, by=world.manager)
    assert feed_of(token.secret) is None


def test_feed_of_an_equipment_model_holds_what_teaches_it(world, make_session):
    model = EquipmentModelFactory()
    world.module.equipment.add(model)
    world.module.save()
    make_session(title="机型培训")
    about = subject(FeedKind.MODEL, model)
    assert [event.summary for event in events_of(world.technician, about)] == ["机型培训"]
    assert not may_subscribe(world.technician, subject(FeedKind.MODEL, EquipmentModelFactory()))

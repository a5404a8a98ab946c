"""Sessions of several meetings clash by meeting, not by the time between their first and their last."""

import pytest
from django.utils import timezone

from courses.enums import ClashKind, DayKind
from courses.models import SpecialDay
from courses.places.domain import merge_places
from courses.plans.generating import Window, generate_sessions
from courses.sessions.clashes.domain import clashes_of_session, clashes_of_trainee
from courses.sessions.errors.scheduling import TrainerBusy
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import schedule_session
from tests.courses.sessions.courses import DAY, HOUR, spans
from tests.factories.courses import EnrolmentFactory, PlaceFactory, PlanRowFactory, ProjectFactory, TrainerFactory

pytestmark = pytest.mark.engines


@pytest.fixture
def start():
    """Half past eight in a week."""
    return (timezone.now() + 7 * DAY).replace(hour=0, minute=30, second=0, microsecond=0)


def test_courses_that_alternate_days_in_one_room_do_not_clash(make_session, start):
    first = make_session(meetings=spans(start, days=(0, 2, 4)), place="一号教室")
    other = make_session(meetings=spans(start, days=(1, 3, 5)), place="一号教室", trainer=first.trainer)
    assert clashes_of_session(other) == []


def test_one_meeting_in_common_is_a_clash_named_with_its_own_time(world, make_session, start):
    first = make_session(meetings=spans(start, days=(0, 2, 4)), place="一号教室", title="甲班")
    colleague = TrainerFactory(organisation=world.west)
    other = make_session(meetings=spans(start, days=(1, 4)), place="一号教室", trainer=colleague)
    (clash,) = clashes_of_session(other)
    assert (clash.kind, clash.session, clash.meeting) == (ClashKind.PLACE, first, first.meetings.get(number=3))
    assert f"{timezone.localdate(start + 4 * DAY).day}日" in clash.message


def test_trainer_between_two_meetings_of_a_course_is_free(world, make_session, start):
    make_session(meetings=spans(start, days=(0, 6)))
    given = {"trainer": world.trainer, "organisation": world.west, "modules": {world.module: 480}, "place": "别处"}

    def schedule(day):
        times = {"starts_at": start + day * DAY, "ends_at": start + day * DAY + 8 * HOUR}
        return schedule_session(SessionPlan(**given | times), by=world.trainer)

    assert schedule(3)
    with pytest.raises(TrainerBusy):
        schedule(6)


def test_a_learner_clashes_at_a_meeting_not_between_them(world, make_session, start):
    course = make_session(meetings=spans(start, days=(0, 2)))
    EnrolmentFactory(session=course, person=world.technician)
    between, at_it = (make_session(starts_at=start + days * DAY) for days in (1, 2))
    assert clashes_of_trainee(world.technician, between) == []
    (clash,) = clashes_of_trainee(world.technician, at_it)
    assert clash.meeting == course.meetings.get(number=2)


def test_each_meeting_on_a_holiday_is_told(make_session, start):
    for days in (0, 1, 2):
        SpecialDay.objects.create(day=timezone.localdate(start + days * DAY), kind=DayKind.HOLIDAY, name="国庆节")
    course = make_session(meetings=spans(start, days=(0, 2, 5)))
    found = [clash for clash in clashes_of_session(course) if clash.kind == ClashKind.HOLIDAY]
    assert [clash.day.day for clash in found] == [timezone.localdate(start), timezone.localdate(start + 2 * DAY)]


def test_the_smallest_room_counts(make_session, start):
    small = PlaceFactory(name="小间", capacity=3)
    course = make_session(meetings=spans(start), capacity=9)
    course.meetings.filter(number=2).update(place="小间", place_record=small)
    (clash,) = [one for one in clashes_of_session(course) if one.kind == ClashKind.SEATS]
    assert "小间" in clash.message


def test_merged_places_take_the_meetings_along(world, make_session, start):
    session = make_session(meetings=spans(start))
    one, two = (PlaceFactory(name=name) for name in ("甲室", "乙室"))
    session.meetings.update(place_record=one)
    merge_places(one, two, by=world.administrator)
    assert set(session.meetings.values_list("place_record", flat=True)) == {two.pk}


def test_a_plan_uses_the_days_between_the_meetings_of_a_course(world, make_session, start):
    project = ProjectFactory(organisation=world.west, customer=world.customer)
    PlanRowFactory(project=project, module=world.module, trainer=world.trainer, minutes=240)
    day = timezone.localdate(start)
    make_session(meetings=spans(start, days=(0, 2), hours=9))
    found = generate_sessions(project, Window(first=day, last=day + 2 * DAY, weekdays=range(7)), by=world.administrator)
    assert [timezone.localdate(one.starts_at) for one in found.sessions] == [day + DAY]

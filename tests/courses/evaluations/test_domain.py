"""Evaluations: once a person, by nobody in particular; complaints past the trainer; reviews of the effect, once."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from courses.evaluations.domain import (
    ask_for_reviews,
    evaluate,
    invite,
    review_effect,
    settle_complaint,
)
from courses.evaluations.errors import (
    EvaluatedAlready,
    EvaluationClosed,
    NothingSaid,
    NotYourComplaint,
    NotYourReview,
    ReviewedAlready,
    WasNotThere,
)
from courses.evaluations.reminders import _reviewers
from courses.evaluations.summaries import summaries_of, summary_of
from courses.models import Complaint, EffectReview, Evaluation, EvaluationInvite, Session
from portal.models import AuditEvent
from tests.factories.courses import (
    AttendanceCorrectionFactory,
    AttendanceFactory,
    EnrolmentFactory,
    NomineeFactory,
    NomineeTimesFactory,
    TrainingRequestFactory,
)
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db

FOURS = {"content": 4, "teaching": 4, "organisation": 4, "place": 4}
DAY = dt.timedelta(days=1)


@pytest.fixture
def held(world, make_session, time_machine):
    """A session that ended an hour ago, with the technician's attendance."""
    start = timezone.now().replace(hour=0, minute=30, second=0, microsecond=0)
    session = make_session(starts_at=start, ends_at=start + dt.timedelta(hours=8), state="closed")
    time_machine.move_to(session.ends_at + dt.timedelta(hours=1), tick=False)
    enrolment = EnrolmentFactory(session=session, person=world.technician)
    AttendanceFactory(enrolment=enrolment, checked_in_at=start, checked_out_at=session.ends_at)
    return session


def test_evaluation_says_nothing_of_its_writer(held, world):
    evaluate(held, person=world.technician, scores=FOURS, remark="很好")
    columns = {field.name for field in Evaluation._meta.get_fields()}
    assert columns == {"id", "session", "content", "teaching", "organisation", "place", "remark"}
    assert not AuditEvent.objects.filter(action__contains="evaluat").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM courses_evaluationinvite")
        (row,) = cursor.fetchall()
    assert len(row) == 5


def test_each_evaluates_once(held, world):
    evaluate(held, person=world.technician, scores=FOURS)
    with pytest.raises(EvaluatedAlready):
        evaluate(held, person=world.technician, scores=FOURS)
    assert Evaluation.objects.count() == 1


def test_invites_are_made_together_before_anybody_answers(held, world):
    others = [AttendanceFactory(enrolment__session=held).enrolment.person for _ in range(3)]
    evaluate(held, person=others[1], scores=FOURS)
    assert EvaluationInvite.objects.filter(session=held).count() == 4
    assert invite(held) == 0


def test_who_was_not_there_does_not_evaluate(held, world):
    EnrolmentFactory(session=held, person=world.manager)
    with pytest.raises(WasNotThere):
        evaluate(held, person=world.manager, scores=FOURS)
    struck = AttendanceFactory(enrolment__session=held)
    AttendanceCorrectionFactory(attendance=struck, is_void=True)
    with pytest.raises(WasNotThere):
        evaluate(held, person=struck.enrolment.person, scores=FOURS)


def test_named_person_evaluates(held, world):
    wanted = TrainingRequestFactory(
        organisation=world.customer, modules=[world.module], asked_by=world.contact, session=held, state="planned"
    )
    came = NomineeFactory(request=wanted)
    NomineeTimesFactory(nominee=came, came_at=held.starts_at, went_at=held.ends_at)
    evaluate(held, nominee=came, scores=FOURS)
    with pytest.raises(WasNotThere):
        evaluate(held, nominee=NomineeFactory(request=wanted), scores=FOURS)


@pytest.mark.parametrize("days", [-1, 31])
def test_only_from_the_end_until_thirty_days_later(held, world, time_machine, days):
    time_machine.move_to(held.ends_at + days * DAY, tick=False)
    with pytest.raises(EvaluationClosed):
        evaluate(held, person=world.technician, scores=FOURS)


def test_empty_form_is_refused_and_may_be_sent_again(held, world):
    with pytest.raises(NothingSaid):
        evaluate(held, person=world.technician, scores={}, remark="  ")
    evaluate(held, person=world.technician, scores={"place": 2})


def test_number_outside_the_scale_is_refused_by_the_database(held):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(session=held, content=6)


def answered(session, count, **scores):
    for _number in range(count):
        evaluate(session, person=AttendanceFactory(enrolment__session=session).enrolment.person, scores=FOURS | scores)


def test_few_answers_are_not_shown(held):
    answered(held, 4)
    summary = summary_of(held)
    assert (summary.is_shown, summary.overall, summary.shown_remarks) == (False, None, [])
    answered(held, 1, place=1)
    summary = summary_of(held)
    assert summary.is_shown
    assert summary.mean("place") == 3.4


def test_aspect_few_answered_is_not_shown(held):
    answered(held, 5, place=None)
    assert summary_of(held).mean("place") is None


@pytest.mark.parametrize("group", ["trainer", "course", "period"])
def test_summaries_by_trainer_course_and_quarter(held, world, group):
    answered(held, 5)
    (summary,) = summaries_of(Session.objects.all(), group)
    expected = {"trainer": world.trainer.name, "course": world.module.title, "period": str(held.starts_at.year)}
    assert expected[group] in summary.label
    assert summary.overall == 4.0
    assert summaries_of(Session.objects.all(), group, 1999) == []


def test_group_tells_nothing_of_a_session_too_few_answered(held, make_session, world):
    hidden = make_session(starts_at=held.starts_at - 7 * DAY, state="closed")
    answered(held, 5)
    answered(hidden, 1, content=1)
    for group in ("trainer", "course", "period"):
        (summary,) = summaries_of(Session.objects.all(), group)
        assert (summary.answers, summary.overall, summary.mean("content")) == (5, 4.0, 4.0)


def test_mean_of_all_tells_nothing_of_an_aspect_too_few_answered(held):
    answered(held, 4, place=None)
    answered(held, 1, place=1)
    summary = summary_of(held)
    assert (summary.mean("place"), summary.overall) == (None, 4.0)


def test_letters_about_the_effect_reach_the_superior_who_may_review(held, world):
    chief = PersonFactory(organisation=world.outlet, roles=["manager"])
    helper = PersonFactory(organisation=world.outlet)
    review = EffectReview.objects.create(
        attendance=held.enrolments.get().attendances.get(), after_days=30, due_on=timezone.localdate()
    )
    assert _reviewers(review) == [chief]
    posts = [PositionFactory(organisation=world.outlet, title=title) for title in ("站长", "组长")]
    post = PositionFactory(organisation=world.outlet, reports_to=posts[1])
    AssignmentFactory(person=world.technician, position=post, organisation=world.outlet)
    AssignmentFactory(person=helper, position=posts[1], organisation=world.outlet)
    assert _reviewers(review) == [chief]
    AssignmentFactory(person=world.manager, position=posts[1], organisation=world.west)
    assert _reviewers(review) == [world.manager]


def test_complaint_reaches_the_manager_and_not_the_trainer(held, world):
    evaluate(held, person=world.technician, scores={}, complaint="工具不够")
    assert not Evaluation.objects.exists()
    complaint = Complaint.objects.get()
    for person in (world.trainer, world.other_manager, world.technician):
        with pytest.raises(NotYourComplaint):
            settle_complaint(complaint, by=person, outcome="x")
    settle_complaint(complaint, by=world.manager, outcome="加了两套工具")
    settle_complaint(complaint, by=world.manager, outcome="别的")
    complaint.refresh_from_db()
    assert complaint.outcome == "加了两套工具"


def test_complaint_about_a_manager_who_teaches_is_not_theirs(held, world):
    evaluate(held, person=world.technician, scores={}, complaint="工具不够")
    Session.objects.filter(pk=held.pk).update(trainer=world.manager)
    with pytest.raises(NotYourComplaint):
        settle_complaint(Complaint.objects.get(), by=world.manager, outcome="x")


def test_effect_is_asked_for_after_thirty_and_ninety_days_once(held):
    day = timezone.localdate(held.ends_at)
    assert ask_for_reviews(day + 29 * DAY) == 0
    assert [ask_for_reviews(day + 30 * DAY) for _ in range(2)] == [1, 0]
    assert ask_for_reviews(day + 90 * DAY) == 1
    assert list(EffectReview.objects.values_list("after_days", "due_on")) == [
        (30, day + 30 * DAY),
        (90, day + 90 * DAY),
    ]


def test_old_trainings_are_not_asked_about(held):
    assert ask_for_reviews(timezone.localdate(held.ends_at) + 500 * DAY) == 0


def test_superior_reviews_and_nobody_else(held, world):
    ask_for_reviews(timezone.localdate(held.ends_at) + 30 * DAY)
    review = EffectReview.objects.get()
    for person in (world.technician, world.other_manager, world.trainer):
        with pytest.raises(NotYourReview):
            review_effect(review, by=person, applies=5, alone=4)
    review_effect(review, by=world.manager, applies=5, alone=4)
    with pytest.raises(ReviewedAlready):
        review_effect(review, by=world.manager, applies=1, alone=1)


def test_manager_does_not_review_themselves(held, world):
    AttendanceFactory(enrolment__session=held, enrolment__person=world.manager)
    ask_for_reviews(timezone.localdate(held.ends_at) + 30 * DAY)
    with pytest.raises(NotYourReview):
        review_effect(
            EffectReview.objects.get(attendance__enrolment__person=world.manager),
            by=world.manager,
            applies=5,
            alone=5,
        )


def test_customers_people_are_not_reviewed(held, world):
    AttendanceFactory(enrolment__session=held, enrolment__person=PersonFactory(organisation=world.customer))
    assert ask_for_reviews(timezone.localdate(held.ends_at) + 30 * DAY) == 1


def test_who_works_at_a_customers_by_now_is_not_reviewed(held, world):
    day = timezone.localdate(held.ends_at) + 30 * DAY
    AssignmentFactory(person=world.technician, organisation=world.customer, start=day)
    assert ask_for_reviews(day) == 0
    assert ask_for_reviews(day - DAY) == 0

"""Every way to write an assignment leaves a record of what it said from then on."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from portal.enums import Role
from portal.models import Assignment, AssignmentRecord
from portal.people.domain import assign_position, end_assignment
from tests.factories.portal import AssignmentFactory, OrganisationFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db

START = dt.date(2026, 3, 1)
MOMENT = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def assignment():
    return AssignmentFactory(start=START)


def said(assignment_key):
    records = AssignmentRecord.objects.filter(assignment_key=assignment_key)
    return [(record.position_id, record.start, record.end, record.is_removed) for record in records]


def test_adding_ending_and_removing_leave_a_record_each(assignment):
    key, post = assignment.pk, assignment.position_id
    last = dt.date(2026, 6, 30)
    end_assignment(assignment, last)
    Assignment.objects.get(pk=key).delete()
    assert said(key) == [(post, START, None, False), (post, START, last, False), (post, START, last, True)]


def test_a_record_says_what_is_stored_and_not_what_memory_holds(assignment):
    other = PositionFactory()
    assignment.position, assignment.end = other, dt.date(2026, 6, 30)
    assignment.save(update_fields=["end"])
    record = AssignmentRecord.objects.last()
    assert record.end == dt.date(2026, 6, 30)
    assert record.position_id != other.pk


def test_writing_many_at_once_leaves_records_too(assignment):
    last = dt.date(2026, 6, 30)
    Assignment.objects.filter(pk=assignment.pk).update(end=last)
    person, post = PersonFactory(), PositionFactory()
    (made,) = Assignment.objects.bulk_create(
        [Assignment(person=person, position=post, organisation=post.organisation, start=START)]
    )
    made.end = last
    Assignment.objects.bulk_update([made], ["end"])
    person.assignments.all().delete()
    assert [end for _post, _start, end, _removed in said(assignment.pk)] == [None, last]
    assert said(made.pk) == [(post.pk, START, None, False), (post.pk, START, last, False), (post.pk, START, last, True)]


def test_moving_the_days_on_a_page_leaves_a_record(client_of):
    hq = OrganisationFactory()
    held = AssignmentFactory(
        person=PersonFactory(organisation=hq), position=PositionFactory(organisation=hq), start=START
    )
    form = {"person": held.person_id, "position": held.position_id, "organisation": hq.pk, "start": "2026-2-1"}
    client = client_of(PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]))
    assert client.post(reverse("assignment:edit", args=[held.pk]), form).status_code == 302
    assert [start for _post, start, _end, _removed in said(held.pk)] == [START, dt.date(2026, 2, 1)]


def test_what_is_taken_over_was_known_before(assignment):
    earlier = MOMENT - dt.timedelta(days=300)
    post = PositionFactory()
    assign_position(PersonFactory(), post, start=START, organisation=post.organisation, recorded_at=earlier)
    assert [record.recorded_at for record in AssignmentRecord.objects.all()] == [earlier, MOMENT]


def test_who_ever_held_a_post_stays_on_record(assignment):
    person, post = assignment.person, assignment.position
    assignment.delete()
    for record in (person, post):
        with pytest.raises(ProtectedError):
            record.delete()


def test_nothing_is_kept_of_what_was_not_written(assignment):
    copy = Assignment(
        person=assignment.person, position=assignment.position, organisation=assignment.organisation, start=START
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()
    assert AssignmentRecord.objects.count() == 1


@pytest.mark.parametrize("noun", ["position", "organisation"])
def test_deleting_what_is_on_record_is_refused_and_said(client_of, noun):
    hq = OrganisationFactory()
    place = OrganisationFactory(parent=hq)
    post = PositionFactory(organisation=hq)
    AssignmentFactory(position=post, organisation=place).delete()
    record = {"position": post, "organisation": place}[noun]
    client = client_of(PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]))

    answer = client.post(reverse(f"{noun}:delete", args=[record.pk]), follow=True)

    assert answer.status_code == 200
    assert "未删除：仍被任职变更记录引用" in answer.content.decode()
    assert type(record).objects.filter(pk=record.pk).exists()

"""Posts on a day: planned, assigned, allowed, open."""

import datetime as dt

import pytest
from django.utils import timezone

from certification.enums import PostState
from certification.overview.posts import Totals, posts_on, staffed_places, totals
from portal.enums import Role
from portal.models import Position
from tests.factories.certification import certificate_for
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


def fresh(record):
    """Return the record as it is stored: places added later move the paths of those beside them."""
    return type(record).objects.get(pk=record.pk)


def seen_posts(asker, day=None, branch=None):
    places = staffed_places(fresh(asker), fresh(branch) if branch else None)
    return posts_on(places, day or timezone.localdate())


def post_of(asker, position, day=None):
    return next(post for post in seen_posts(asker, day) if post.position == position)


@pytest.fixture
def position(network):
    """The gated post of headquarters, planned for three, held by the technician at the outlet."""
    post = Position.objects.get(assignments__person=network["technician"])
    post.headcount, post.is_duty_gated = 3, True
    post.save()
    return post


def test_counts_planned_assigned_allowed_and_open(network, position):
    AssignmentFactory(person=network["colleague"], position=position, organisation=network["outlet"])
    certificate_for(network["colleague"], network["scheme"])

    post = post_of(network["administrator"], position)

    assert (post.planned, post.assigned, post.allowed, post.open_seats) == (3, 2, 1, 1)
    assert [holder.person for holder in post.unqualified] == [network["technician"]]
    assert post.state == PostState.UNQUALIFIED


def test_sums_count_every_seat(network, position):
    second = PositionFactory(organisation=network["outlet"], headcount=1)
    AssignmentFactory(person=network["technician"], position=second)

    sums = totals(seen_posts(network["administrator"]))

    assert sums == Totals(planned=4, assigned=2, allowed=1, open_seats=2)


@pytest.mark.parametrize(
    ("headcount", "holders", "gated", "qualified", "state"),
    [
        (2, 1, True, False, PostState.UNQUALIFIED),
        (2, 1, True, True, PostState.OPEN),
        (1, 1, False, False, PostState.IN_TRAINING),
        (None, 1, True, True, PostState.NO_PLAN),
        (1, 2, True, True, PostState.ABOVE_PLAN),
        (1, 1, True, True, PostState.FILLED),
        (0, 0, True, True, PostState.FILLED),
    ],
)
def test_state_is_what_is_most_urgent(network, headcount, holders, gated, qualified, state):
    post = PositionFactory(organisation=network["outlet"], headcount=headcount, is_duty_gated=gated)
    network["scheme"].positions.add(post)
    network["scheme"].save()
    for person in [network["technician"], network["colleague"]][:holders]:
        AssignmentFactory(person=person, position=post)
        if qualified:
            certificate_for(person, network["scheme"])

    assert post_of(network["administrator"], post).state == state


def test_people_count_from_the_first_day_to_the_last(network, position):
    first, last = dt.date(2026, 4, 1), dt.date(2026, 4, 30)
    AssignmentFactory(
        person=network["colleague"], position=position, organisation=network["outlet"], start=first, end=last
    )
    days = [first - dt.timedelta(days=1), first, last, last + dt.timedelta(days=1)]
    assert [post_of(network["administrator"], position, day).assigned for day in days] == [1, 2, 2, 1]


def test_a_certificate_counts_until_its_last_day(network, position):
    last = certificate_for(network["technician"], network["scheme"]).valid_to
    days = [last, last + dt.timedelta(days=1)]
    assert [post_of(network["administrator"], position, day).allowed for day in days] == [1, 0]


def test_who_has_left_counts_on_past_days_only(network, position):
    today = timezone.localdate()
    AssignmentFactory(person=network["colleague"], position=position, organisation=network["outlet"])
    network["colleague"].is_active = False
    network["colleague"].save()
    days = [today - dt.timedelta(days=1), today, today + dt.timedelta(days=1)]
    assert [post_of(network["administrator"], position, day).assigned for day in days] == [2, 1, 1]


def test_two_assignments_to_one_post_are_one_person(network, position):
    AssignmentFactory(
        person=network["technician"], position=position, organisation=network["outlet"], start=dt.date(2026, 3, 1)
    )
    assert post_of(network["administrator"], position).assigned == 1


def test_manager_sees_the_people_of_the_branch_but_no_plan_of_the_whole_network(network, position):
    AssignmentFactory(person=network["stranger"], position=position, organisation=network["stranger"].organisation)

    post = post_of(network["manager"], position)

    assert [holder.person for holder in post.by_person.values()] == [network["technician"]]
    assert (post.planned, post.open_seats) == (None, None)
    assert totals(seen_posts(network["manager"])) == Totals(None, assigned=1, allowed=0, open_seats=None)
    assert post_of(network["administrator"], position).assigned == 2


def test_branch_narrows_places_and_plan(network, position):
    branch = network["outlet"]
    own = PositionFactory(organisation=branch, headcount=2)
    elsewhere = PositionFactory(organisation=network["stranger"].organisation, headcount=5)

    posts = seen_posts(network["administrator"], branch=branch)

    assert {post.position: post.planned for post in posts} == {position: None, own: 2}
    assert elsewhere not in {post.position for post in posts}


def test_customers_people_are_nobody_here(network, position):
    place = network["customer"].organisation
    AssignmentFactory(person=network["customer"], position=position, organisation=place)
    assert post_of(network["administrator"], position).assigned == 1


def test_transfer_shows_its_gap_in_the_new_branch_from_its_first_day(network):
    post = PositionFactory(organisation=network["outlet"], is_duty_gated=True)
    AssignmentFactory(person=network["stranger"], position=post, start=dt.date(2026, 4, 1))
    before = post_of(network["manager"], post, dt.date(2026, 3, 31))
    after = post_of(network["manager"], post, dt.date(2026, 4, 1))
    assert (len(before.unqualified), len(after.unqualified)) == (0, 1)


@pytest.mark.parametrize("role", [None, Role.ENGINEER, Role.EDITOR])
def test_without_a_role_over_others_there_is_nothing(network, position, role):
    reader = PersonFactory(organisation=network["outlet"], roles=[role] if role else [])
    assert seen_posts(reader) == []

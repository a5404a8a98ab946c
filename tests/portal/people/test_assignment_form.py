"""Giving a gated post in the admin: warned of what is missing, confirmed once, kept in the audit log."""

import datetime as dt

import pytest
from django.urls import reverse

from portal.enums import Role
from portal.models import Assignment, AuditEvent
from portal.people.domain import assign_position
from portal.registry import duty
from tests.factories.portal import AssignmentFactory, OrganisationFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db

START = dt.date(2026, 3, 1)
MISSING = "电气安全考试未通过"


@pytest.fixture
def asked(monkeypatch):
    """A gate that allows nobody before April and notes what it is asked."""
    questions = []

    def gate(batch):
        questions.extend(batch)
        reasons = (duty.Reason("quiz_not_passed", MISSING),)
        return [duty.DutyAnswer(each, each.on >= dt.date(2026, 4, 1), reasons) for each in batch]

    monkeypatch.setattr(duty, "_gates", [gate])
    return questions


@pytest.fixture
def hq():
    """Where everybody works."""
    return OrganisationFactory()


@pytest.fixture
def client(client_of, hq):
    """An administrator's browser."""
    return client_of(PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]))


@pytest.fixture
def form(hq):
    """What is typed: a person into a gated post from March on."""
    post = PositionFactory(organisation=hq, title="技术工程师", is_duty_gated=True)
    person = PersonFactory(organisation=hq)
    return {"person": person.pk, "position": post.pk, "organisation": hq.pk, "start": str(START), "end": ""}


def add(client, form, **changes):
    return client.post(reverse("assignment:add"), form | changes)


def confirmation(form):
    return f"{form['person']}/{form['position']}/{form['start']}"


def added_event():
    return AuditEvent.objects.get(action="portal.assignment_added")


def test_warns_with_the_reasons_and_saves_nothing(client, form, asked):
    page = add(client, form)

    assert page.status_code == 200
    html = page.content.decode()
    assert "技术工程师须持证上岗。任职首日尚缺：" in html
    assert MISSING in html
    assert f'type="checkbox" name="confirmed" value="{confirmation(form)}"' in html
    assert not Assignment.objects.exists()
    assert [(each.person.pk, each.position.pk, each.on) for each in asked] == [
        (form["person"], form["position"], START)
    ]


def test_the_box_is_not_there_before_it_is_needed(client, asked):
    html = client.get(reverse("assignment:add")).content.decode()
    assert '<input type="hidden" name="confirmed"' in html
    assert 'type="checkbox" name="confirmed"' not in html


def test_confirmed_once_it_is_saved_and_the_log_keeps_what_was_missing(client, form, asked):
    assert add(client, form, confirmed=confirmation(form)).status_code == 302

    assert Assignment.objects.get().start == START
    assert added_event().detail["confirmed_without"] == [MISSING]


def test_the_log_says_it_in_words(client, form, asked):
    add(client, form, confirmed=confirmation(form))
    page = client.get(reverse("audit_report")).content.decode()
    assert f"已确认，尚缺: {MISSING}" in page


@pytest.mark.parametrize("confirmed", ["on", "true", "1/1/2026-03-01"])
def test_what_was_confirmed_for_something_else_confirms_nothing(client, form, asked, confirmed):
    assert add(client, form, confirmed=confirmed).status_code == 200
    assert not Assignment.objects.exists()


def test_another_person_must_be_confirmed_anew(client, form, asked, hq):
    other = PersonFactory(organisation=hq)
    page = add(client, form, person=other.pk, confirmed=confirmation(form))
    html = page.content.decode()
    assert f'value="{confirmation(form | {"person": other.pk})}"' in html
    assert f'value="{confirmation(form)}"' not in html
    assert not Assignment.objects.exists()


def test_who_is_allowed_on_the_first_day_needs_no_confirmation(client, form, asked):
    assert add(client, form, start="2026-04-01").status_code == 302
    assert "confirmed_without" not in added_event().detail


def test_a_post_open_to_anybody_is_not_asked_about(client, form, asked, hq):
    post = PositionFactory(organisation=hq)
    assert add(client, form, position=post.pk).status_code == 302
    assert asked == []


def test_ending_an_assignment_asks_nothing(client, form, asked, hq):
    held = AssignmentFactory(person_id=form["person"], position_id=form["position"], organisation=hq, start=START)
    answer = client.post(reverse("assignment:edit", args=[held.pk]), form | {"end": "2026-03-20"})
    assert answer.status_code == 302
    assert asked == []


def test_moving_the_first_day_asks_again(client, form, asked, hq):
    held = AssignmentFactory(
        person_id=form["person"], position_id=form["position"], organisation=hq, start=dt.date(2026, 4, 1)
    )
    assert client.post(reverse("assignment:edit", args=[held.pk]), form).status_code == 200
    held.refresh_from_db()
    assert held.start == dt.date(2026, 4, 1)


def test_a_wrong_period_is_said_before_the_gate_is_asked(client, form, asked):
    assert add(client, form, end="2026-02-01", confirmed=confirmation(form)).status_code == 200
    assert asked == []


def test_regional_administrator_cannot_confirm_out_of_sight(client_of, form, asked, hq):
    region = OrganisationFactory(parent=hq, tier="region")
    keeper = PersonFactory(organisation=region, roles=[Role.REGIONAL_ADMINISTRATOR])
    page = add(client_of(keeper), form, confirmed=confirmation(form))
    assert not Assignment.objects.exists()
    assert asked == []
    assert MISSING not in page.content.decode()


def test_the_verb_still_puts_new_staff_into_their_post(asked, hq):
    post = PositionFactory(organisation=hq, is_duty_gated=True)
    assignment = assign_position(PersonFactory(organisation=hq), post, start=START)
    assert assignment.position == post
    assert asked == []

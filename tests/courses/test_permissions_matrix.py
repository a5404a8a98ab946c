"""Every address of training, every role: who is let in, who is refused, and how."""

import pytest
from django.urls import URLPattern, reverse

from courses import urls
from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, Session
from portal.enums import Role
from portal.exchange.pdf import Printed
from tests.factories.courses import AttendanceFactory, EnrolmentFactory, PlaceFactory
from tests.factories.portal import PersonFactory

WHO = (
    "nobody",
    "technician",
    "trainer",
    "manager",
    "administrator",
    "auditor",
    "dispatcher",
    "assessor",
    "editor",
    "stranger",
    "other_manager",
    "other_trainer",
    "contact",
    "gone",
)
LOGIN = 302
# What each may do with a session of the west, scheduled and a week away. Whoever is not named gets the last answer.
SEEN_BY = ("technician", "trainer", "manager", "administrator", "auditor", "dispatcher", "assessor", "editor")
RUNS = ("trainer", "manager", "administrator")


@pytest.fixture
def people(world):
    """One person of each kind: of the west, of another branch, of a customer, one who has left, and nobody."""

    def of_west(*roles, **facts):
        return PersonFactory(organisation=world.outlet, roles=roles, **facts)

    return vars(world) | {
        "nobody": None,
        "dispatcher": of_west(Role.DISPATCHER),
        "assessor": of_west(Role.ASSESSOR),
        "editor": of_west(Role.EDITOR),
        "other_trainer": PersonFactory(organisation=world.east, roles=[Role.TRAINER]),
        "gone": of_west(Role.MANAGER, is_active=False),
    }


def expected(*groups, default: int) -> dict[str, int]:
    """Return the status for each person: of the first group that names them, else ``default``; strangers sign in."""
    answers = {"nobody": LOGIN, "gone": LOGIN}
    for names, status in groups:
        answers |= {name: status for name in names if name not in answers}
    return {who: answers.get(who, default) for who in WHO}


def ask(client_of, people, method, address, data=None) -> dict[str, int]:
    return {who: getattr(client_of(people[who]), method)(address, data or {}).status_code for who in WHO}


OF_A_SESSION = [
    ("get", "session", expected((SEEN_BY, 200), default=404)),
    ("head", "session", expected((SEEN_BY, 200), default=404)),
    ("get", "session_calendar", expected((SEEN_BY, 200), default=404)),
    ("head", "session_calendar", expected((SEEN_BY, 200), default=404)),
    ("get", "attendance", expected(((*RUNS, "auditor"), 200), (SEEN_BY, 403), default=404)),
    ("get", "session_edit", expected((RUNS, 200), (SEEN_BY, 403), default=404)),
    ("get", "session_cancel", expected((RUNS, 200), (SEEN_BY, 403), default=404)),
    ("get", "session_move", expected((RUNS, 200), (SEEN_BY, 403), default=404)),
    ("post", "session_move", expected((RUNS, 422), (SEEN_BY, 403), default=404)),
    ("post", "walk_in", expected((RUNS, 409), (SEEN_BY, 403), default=404)),
    ("post", "paper", expected((RUNS, 409), (SEEN_BY, 403), default=404)),
    ("post", "open_session", expected((RUNS, 409), (SEEN_BY, 403), default=404)),
    ("post", "close_session", expected((RUNS, 409), (SEEN_BY, 403), default=404)),
    ("post", "everybody_out", expected((RUNS, 302), (SEEN_BY, 403), default=404)),
    ("post", "session_edit", expected((RUNS, 422), (SEEN_BY, 403), default=404)),
    ("post", "session_cancel", expected((RUNS, 200), (SEEN_BY, 403), default=404)),
    ("get", "line", expected(((*RUNS, "auditor"), 200), (SEEN_BY, 403), default=404)),
    ("post", "reserve_seats", expected((RUNS, 422), (SEEN_BY, 403), default=404)),
    ("post", "enrol_interested", expected((RUNS, 302), (SEEN_BY, 403), default=404)),
    ("get", "leave", expected(default=404)),
    ("post", "leave", expected(default=404)),
]


@pytest.mark.parametrize(("method", "name", "answers"), OF_A_SESSION)
def test_session_of_the_west(client_of, people, make_session, method, name, answers):
    session = make_session()
    address = reverse(f"courses:{name}", args=[session.pk])
    assert ask(client_of, people, method, address, {"place": ""}) == answers
    session.refresh_from_db()
    assert session.state == SessionState.SCHEDULED


def test_booking_is_for_those_it_is_held_for(client_of, people, make_session):
    session = make_session(capacity=99)
    address = reverse("courses:book", args=[session.pk])
    assert ask(client_of, people, "post", address) == expected((SEEN_BY, 302), default=404)
    booked = set(session.enrolments.values_list("person__name", flat=True))
    named = {people[who].name for who in ("technician", "dispatcher", "assessor", "editor", "manager")}
    # Who sees it from above may look at it; a seat is for people of the branch.
    assert booked == named


PRINTED = expected(((*RUNS, "auditor"), 200), (SEEN_BY, 403), default=404)


def test_sheet_with_names_is_for_those_who_see_who_comes(client_of, people, make_session, monkeypatch):
    monkeypatch.setattr("courses.sessions.views.files.render_pdf", lambda *args, **kwargs: Printed(b"%PDF-"))
    address = reverse("courses:sign_in_sheet", args=[make_session().pk])
    assert ask(client_of, people, "get", address) == PRINTED


@pytest.mark.parametrize("act", ["check-in", "check-out"])
def test_attendance_is_recorded_by_those_who_run_the_session(client_of, people, open_session, time_machine, act):
    time_machine.move_to(open_session.starts_at, tick=False)
    enrolment = EnrolmentFactory(session=open_session)
    address = reverse("courses:mark", args=[enrolment.pk, act])
    # Nobody is checked out who was not checked in.
    assert ask(client_of, people, "post", address) == expected((RUNS, 302 if act == "check-in" else 409), default=404)
    assert Attendance.objects.count() == (1 if act == "check-in" else 0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_attendance_is_corrected_by_those_who_run_the_session(client_of, people, open_session, time_machine, method):
    time_machine.move_to(open_session.ends_at, tick=False)
    enrolment = AttendanceFactory(enrolment__session=open_session).enrolment
    address = reverse("courses:correct", args=[enrolment.pk])
    answers = expected((RUNS, 200 if method == "get" else 422), default=404)
    assert ask(client_of, people, method, address, {"reason": ""} if method == "post" else None) == answers


@pytest.mark.parametrize("name", ["sessions", "calendar", "my", "feeds", "seats_to_approve"])
def test_pages_about_oneself_are_for_anybody_who_signs_in(client_of, people, name):
    assert ask(client_of, people, "get", reverse(f"courses:{name}")) == expected(default=200)


@pytest.mark.parametrize("method", ["get", "post"])
def test_sessions_are_scheduled_by_trainers_managers_and_administrators(client_of, people, method):
    may = ("trainer", "other_trainer", "manager", "other_manager", "administrator")
    answers = expected((may, 200 if method == "get" else 422), default=403)
    assert ask(client_of, people, method, reverse("courses:session_new"), {"place": ""}) == answers
    assert not Session.objects.exists()


def test_catalogue_is_for_anybody(client_of, people):
    assert set(ask(client_of, people, "get", reverse("courses:catalogue")).values()) == {200}


def test_coverage_is_for_who_writes_or_arranges_training_and_auditors(client_of, people):
    may = ("trainer", "other_trainer", "manager", "other_manager", "administrator", "auditor", "editor")
    assert ask(client_of, people, "get", reverse("courses:coverage")) == expected((may, 200), default=403)


def test_module_for_staff(client_of, people, world):
    answers = ask(client_of, people, "get", reverse("courses:module", args=[world.module.code]))
    # What one may not open is answered like what is not there.
    assert answers == dict.fromkeys(WHO, 200) | dict.fromkeys(("contact", "gone", "nobody"), 404)


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_place_of_somebody_else_is_not_given_back(client_of, people, world, make_session, state):
    enrolment = EnrolmentFactory(session=make_session(), state=state)
    address = reverse("courses:leave", args=[enrolment.session_id])
    assert ask(client_of, people, "post", address) == expected(default=404)
    assert Enrolment.objects.get().state == state


def test_every_address_of_training_is_asked_here():
    asked = {name for _method, name, _answers in OF_A_SESSION}
    asked |= {"book", "sign_in_sheet", "mark", "correct", "sessions", "calendar", "my", "feeds", "session_new"}
    asked |= {"catalogue", "module", "coverage"}
    asked |= {"requests", "request_new", "schedule", "places", "place", "place_new", "place_merge"}
    # tests/courses/modules: test_copies.py, test_teaching.py
    asked |= {"course", "module_copy", "module_trainers"}
    # tests/courses/assignments
    asked |= {"dues", "due_new", "overdue", "due", "due_withdraw", "enrol"}
    # tests/courses/sessions: test_approvals.py, test_offers.py, test_reservations.py, test_interests.py
    asked |= {"seats_to_approve", "decide_seat", "offer", "answer_offer", "release_seats", "interest"}
    # A link is revoked by its owner: tests/courses/calendars/test_feed_views.py.
    elsewhere = {"feed_revoke"}
    # tests/courses/nominations/test_views.py
    elsewhere |= {"request", "names", "naming", "nominee_times", "match_nominee"}
    elsewhere |= {"open_naming", "renew_link", "plan_request", "decline_request"}
    # tests/courses/nominations/test_personal.py
    elsewhere |= {"invitations", "invitations_by_link", "renew_personal_links"}
    # tests/courses/plans
    elsewhere |= {"projects", "project_new", "project", "plan_grid", "plan_schedule", "plan_generate", "plan_export"}
    # tests/courses/checkins
    elsewhere |= {"check_in_screen", "decide_arrivals", "named_out", "taps", "add_sheet_scan", "sheet_scan"}
    elsewhere |= {"arrive", "scan", "keeper", "personal_link"}
    # tests/courses/evaluations
    elsewhere |= {"training_record", "evaluation_form", "session_evaluations", "evaluations", "complaints"}
    elsewhere |= {"effects", "effect", "evaluate"}
    # tests/courses/records
    elsewhere |= {"hours", "reports", "report"}
    # tests/courses/yearly
    elsewhere |= {"yearly_plans", "yearly_needs", "yearly_plan", "yearly_row_new", "yearly_row_drop", "yearly_act"}
    elsewhere |= {"yearly_paper", "own_needs", "own_need_back"}
    known = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert known - asked == elsewhere


def test_training_requests_are_for_who_arranges_customers_and_auditors(client_of, people):
    arranges = ("trainer", "other_trainer", "manager", "other_manager", "administrator")
    answers = ask(client_of, people, "get", reverse("courses:requests"))
    assert answers == expected(((*arranges, "auditor", "contact"), 200), default=403)
    # Managers arrange for customers of their branch; this one stands below headquarters.
    answers = ask(client_of, people, "get", reverse("courses:request_new"))
    assert answers == expected((("trainer", "other_trainer", "administrator", "contact"), 200), default=403)


ARRANGES = ("trainer", "other_trainer", "manager", "other_manager", "administrator")


def test_schedule_is_for_who_arranges(client_of, people):
    assert ask(client_of, people, "get", reverse("courses:schedule")) == expected((ARRANGES, 200), default=403)


def test_places_are_listed_for_who_arranges_and_kept_by_managers_of_the_branch(client_of, people, world):
    assert ask(client_of, people, "get", reverse("courses:places")) == expected((ARRANGES, 200), default=403)
    keeps = ("manager", "other_manager", "administrator")
    for method, status in (("get", 200), ("post", 422)):
        answers = ask(client_of, people, method, reverse("courses:place_new"), {"name": ""})
        assert answers == expected((keeps, status), default=403)
    place = PlaceFactory(organisation=world.west)
    for name in ("place", "place_merge"):
        answers = ask(client_of, people, "get", reverse(f"courses:{name}", args=[place.pk]))
        assert answers == expected((("manager", "administrator"), 200), default=403)
        assert client_of(world.administrator).get(reverse(f"courses:{name}", args=[10**9])).status_code == 404


WRITES = (
    "book",
    "open_session",
    "close_session",
    "walk_in",
    "paper",
    "everybody_out",
    "reserve_seats",
    "enrol_interested",
)


@pytest.mark.parametrize("name", WRITES)
def test_what_writes_is_not_opened_by_a_link(client_of, world, make_session, name):
    address = reverse(f"courses:{name}", args=[make_session().pk])
    assert client_of(world.trainer).get(address).status_code == 405


@pytest.mark.parametrize("name", [*WRITES, "leave", "session_cancel", "session_edit", "session_move"])
def test_what_writes_asks_for_the_token_of_the_form(client_of, world, make_session, name):
    session = make_session()
    EnrolmentFactory(session=session, person=world.trainer)
    address = reverse(f"courses:{name}", args=[session.pk])
    assert client_of(world.trainer, enforce_csrf_checks=True).post(address).status_code == 403


READS = ("session", "line", "attendance", "session_calendar", "sign_in_sheet")


@pytest.mark.parametrize("name", READS)
def test_what_reads_takes_no_post(client_of, world, make_session, name):
    address = reverse(f"courses:{name}", args=[make_session().pk])
    assert client_of(world.trainer).post(address).status_code == 405


@pytest.mark.parametrize("name", [*READS, "session_edit", "session_cancel"])
def test_number_nobody_has_is_not_found(client_of, world, name):
    for number in (0, 999_999, 10**18):
        address = reverse(f"courses:{name}", args=[number])
        assert client_of(world.administrator).get(address).status_code == 404


def test_customers_session_is_theirs_and_their_trainers(client_of, people, world, make_session):
    session = make_session(organisation=world.customer, audience="customers")
    answers = ask(client_of, people, "get", reverse("courses:session", args=[session.pk]))
    assert {who for who, status in answers.items() if status == 200} == {
        "contact",
        "trainer",
        "administrator",
        "auditor",
    }


def test_restricted_session_of_the_network_is_for_those_above(client_of, people, world, make_session):
    session = make_session(organisation=world.hq, audience="restricted")
    answers = ask(client_of, people, "get", reverse("courses:session", args=[session.pk]))
    seen = {who for who, status in answers.items() if status == 200}
    assert "technician" not in seen
    assert "contact" not in seen
    assert "trainer" in seen

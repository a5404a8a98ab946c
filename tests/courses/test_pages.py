"""The pages of training: what one sees, what one may not, and how many queries it takes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.sessions.permissions import can_see_session, visible_sessions
from portal.enums import Audience
from tests.factories.courses import (
    AttendanceFactory,
    EnrolmentFactory,
    HourCreditFactory,
    ModuleTopicFactory,
    SessionFactory,
    TrainerFactory,
    TrainingModuleFactory,
)
from tests.factories.portal import PersonFactory


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


# --- who sees what ---------------------------------------------------------------------------------------


def test_session_is_seen_by_its_branch_those_above_and_nobody_else(world, make_session):
    session = make_session()
    seen_by = {
        "trainer": world.trainer,
        "technician": world.technician,
        "manager": world.manager,
        "administrator": world.administrator,
        "auditor": world.auditor,
        "stranger": world.stranger,
        "other_manager": world.other_manager,
        "contact": world.contact,
    }
    assert {name for name, person in seen_by.items() if can_see_session(person, session)} == {
        "trainer",
        "technician",
        "manager",
        "administrator",
        "auditor",
    }


def test_customers_see_their_sessions_only(world, make_session):
    theirs = make_session(organisation=world.customer, audience=Audience.CUSTOMERS)
    make_session(organisation=world.hq, audience=Audience.PUBLIC)
    assert list(visible_sessions(world.contact)) == [theirs]
    assert not can_see_session(world.technician, theirs)


def test_enrolled_people_and_trainers_see_their_sessions_wherever_they_work(world, make_session):
    session = make_session()
    EnrolmentFactory(session=session, person=world.stranger)
    assert can_see_session(world.stranger, session)
    Enrolment.objects.update(state=EnrolmentState.CANCELLED)
    assert not can_see_session(world.stranger, session)


def test_who_left_sees_no_session(world, make_session):
    session = make_session()
    world.technician.is_active = False
    assert not can_see_session(world.technician, session)


@pytest.mark.parametrize(
    "name", ["sessions", "calendar", "my", "feeds", "session_new", "session", "attendance", "sign_in_sheet"]
)
def test_sessions_are_for_signed_in_people(client_of, world, make_session, name):
    needs_pk = name in ("session", "attendance", "sign_in_sheet")
    response = client_of().get(url(name, make_session().pk) if needs_pk else url(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


INTRUSIONS = [
    ("get", "session"),
    ("get", "session_calendar"),
    ("get", "attendance"),
    ("get", "sign_in_sheet"),
    ("get", "session_edit"),
    ("get", "session_cancel"),
    ("post", "session_cancel"),
    ("post", "book"),
    ("post", "open_session"),
    ("post", "close_session"),
    ("post", "walk_in"),
    ("post", "paper"),
    ("post", "everybody_out"),
]


@pytest.mark.parametrize(("method", "name"), INTRUSIONS)
def test_a_session_of_others_does_not_exist(client_of, world, make_session, method, name):
    session = make_session()
    for intruder in (world.stranger, world.contact):
        assert getattr(client_of(intruder), method)(url(name, session.pk)).status_code == 404
    assert Session.objects.get() == session
    assert not session.enrolments.exists()


RUNNERS_ONLY = [entry for entry in INTRUSIONS if entry[1] not in ("session", "session_calendar", "book")]


@pytest.mark.parametrize(("method", "name"), RUNNERS_ONLY)
def test_trainees_do_not_run_the_session(client_of, world, make_session, method, name):
    session = make_session()
    EnrolmentFactory(session=session, person=world.technician)
    assert getattr(client_of(world.technician), method)(url(name, session.pk)).status_code == 403
    session.refresh_from_db()
    assert session.state == SessionState.SCHEDULED


def test_trainees_do_not_check_themselves_in(client_of, world, open_session):
    enrolment = EnrolmentFactory(session=open_session, person=world.technician)
    for intruder in (world.technician, world.stranger, world.other_manager, world.auditor):
        assert client_of(intruder).post(url("mark", enrolment.pk, "check-in")).status_code == 404
    assert enrolment.present is None


def test_auditor_reads_the_roster_without_buttons(client_of, world, open_session):
    EnrolmentFactory(session=open_session, person=world.technician)
    page = client_of(world.auditor).get(url("attendance", open_session.pk))
    assert "小林" in page.text
    assert "roster__act" not in page.text


def test_names_of_others_are_not_on_the_page_of_a_session(client_of, world, make_session):
    session = make_session()
    EnrolmentFactory(session=session, person=PersonFactory(organisation=world.outlet, name="欧阳某某"))
    assert "欧阳某某" not in client_of(world.technician).get(url("session", session.pk)).text


def test_technicians_and_customers_do_not_schedule(client_of, world):
    for person in (world.technician, world.contact, world.auditor):
        assert client_of(person).get(url("session_new")).status_code == 403


# --- modules ----------------------------------------------------------------------------------------------


def test_catalogue_shows_readers_what_is_for_them(client_of, world):
    public = TrainingModuleFactory(audience=Audience.PUBLIC, title="公开模块")
    TrainingModuleFactory(audience=Audience.CUSTOMERS, title="客户模块")
    TrainingModuleFactory(audience=Audience.RESTRICTED, title="内部模块")
    TrainingModuleFactory(audience=Audience.PUBLIC, title="草稿模块", live=False)
    titles = ("公开模块", "客户模块", "内部模块", "草稿模块", world.module.title)
    seen = {
        who: [title for title in titles if title in client_of(person).get(url("catalogue")).text]
        for who, person in {"nobody": None, "customer": world.contact, "staff": world.technician}.items()
    }
    assert seen == {
        "nobody": ["公开模块"],
        "customer": ["公开模块", "客户模块"],
        "staff": ["公开模块", "客户模块", world.module.title],
    }
    assert client_of().get(url("module", public.code)).status_code == 200


def test_module_one_may_not_open_is_not_there(client_of, world):
    address = url("module", world.module.code)
    assert client_of().get(address).status_code == 404
    assert client_of(world.contact).get(address).status_code == 404
    assert client_of(world.technician).get(address).status_code == 200
    assert client_of(world.technician).get(url("module", "no-such")).status_code == 404


def test_draft_module_is_not_there(client_of, world):
    draft = TrainingModuleFactory(live=False)
    assert client_of(world.trainer).get(url("module", draft.code)).status_code == 404


def test_anonymous_pages_set_no_cookie_and_hold_no_token(client_of, world):
    module = TrainingModuleFactory(audience=Audience.PUBLIC)
    for address in (url("catalogue"), url("module", module.code)):
        response = client_of().get(address)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.text


def test_catalogue_is_narrowed_by_category_and_level(client_of, world):
    other = TrainingModuleFactory(title="高级模块", level="advanced")
    client = client_of(world.technician)
    by_level = client.get(url("catalogue"), {"level": "advanced"}).text
    assert "高级模块" in by_level
    assert world.module.title not in by_level
    by_category = client.get(url("catalogue"), {"category": world.module.category.code}).text
    assert world.module.title in by_category
    assert other.title not in by_category
    assert "没有符合条件的模块" in client.get(url("catalogue"), {"category": "none"}).text


def test_module_page_offers_the_sessions_one_may_book(client_of, world, make_session):
    ModuleTopicFactory(module=world.module, text="产品的特点")
    make_session(title="可以报名的场次")
    make_session(title="东区的场次", organisation=world.east)
    page = client_of(world.technician).get(url("module", world.module.code)).text
    assert "产品的特点" in page
    assert "可以报名的场次" in page
    assert "东区的场次" not in page
    assert "8 小时" in page


# --- booking ------------------------------------------------------------------------------------------------


def test_booking_twice_on_the_page_counts_once(client_of, world, make_session):
    session, client = make_session(), client_of(world.technician)
    for _ in range(2):
        response = client.post(url("book", session.pk), follow=True)
    assert "您已报名" in response.text
    assert session.enrolments.count() == 1


def test_waitlist_page_says_the_place(client_of, world, make_session):
    session = make_session(capacity=1)
    EnrolmentFactory(session=session)
    EnrolmentFactory(session=session, state=EnrolmentState.WAITLISTED)
    page = client_of(world.technician).post(url("book", session.pk), follow=True).text
    assert "第 2 位" in page


def test_refused_booking_says_why_and_stays_on_the_page(client_of, world, make_session):
    session = make_session(starts_at=timezone.now() - dt.timedelta(minutes=5))
    response = client_of(world.technician).post(url("book", session.pk), follow=True)
    assert response.redirect_chain == [(session.get_absolute_url(), 302)]
    assert "已经开始" in response.text


def test_leaving_asks_once_more(client_of, world, make_session):
    session = make_session()
    enrolment = EnrolmentFactory(session=session, person=world.technician)
    client = client_of(world.technician)
    assert "确定取消报名" in client.get(url("leave", session.pk)).text
    client.post(url("leave", session.pk))
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.CANCELLED


def test_leaving_a_session_one_is_not_in_is_not_found(client_of, world, make_session):
    assert client_of(world.technician).post(url("leave", make_session().pk)).status_code == 404


# --- my training, calendar ----------------------------------------------------------------------------------


def test_my_training_shows_sessions_and_hours(client_of, world, make_session):
    EnrolmentFactory(session=make_session(title="要参加的班"), person=world.technician)
    HourCreditFactory(person=world.technician, module=world.module, minutes=240)
    page = client_of(world.technician).get(url("my")).text
    assert "要参加的班" in page
    assert "4 小时 / 8 小时" in page


@pytest.mark.parametrize("date", ["2026-02-30", "0001-01-01", "9999-12-31", "昨天"])
def test_calendar_of_an_impossible_date_is_explained(client_of, world, date):
    response = client_of(world.technician).get(url("calendar"), {"date": date})
    assert response.status_code == 422
    assert "年-月-日" in response.text


def test_calendar_narrowed_to_what_one_teaches(client_of, world, make_session):
    mine = make_session(title="我的班")
    SessionFactory(trainer=TrainerFactory(organisation=world.outlet), title="同事的班", starts_at=mine.starts_at)
    query = {"show": "teaching", "date": timezone.localdate(mine.starts_at).isoformat(), "view": "week"}
    page = client_of(world.trainer).get(url("calendar"), query).text
    assert "我的班" in page
    assert "同事的班" not in page


# --- queries: a longer list takes no more of them -------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("catalogue", 9), ("sessions", 10), ("calendar", 8), ("my", 14), ("module", 15)]
)
def test_lists_take_the_same_queries_at_any_length(
    client_of, world, make_session, django_assert_num_queries, name, queries, count
):
    for _ in range(count):
        module = TrainingModuleFactory(trainers=[world.trainer])
        ModuleTopicFactory(module=world.module)
        session = make_session(modules=[world.module, module], starts_at=timezone.now() + dt.timedelta(hours=2))
        EnrolmentFactory(session=session, person=world.technician)
        past = make_session(modules=[module], starts_at=timezone.now() - dt.timedelta(days=9))
        enrolment = EnrolmentFactory(session=past, person=world.technician)
        HourCreditFactory(person=world.technician, module=module, attendance=AttendanceFactory(enrolment=enrolment))
    client = client_of(world.technician)
    address = url(name, world.module.code) if name == "module" else url(name)
    client.get(address)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("session", 9), ("attendance", 12)])
def test_session_and_roster_take_the_same_queries_at_any_length(
    client_of, world, open_session, django_assert_num_queries, name, queries, count
):
    EnrolmentFactory.create_batch(count, session=open_session)
    client = client_of(world.trainer)
    client.get(url(name, open_session.pk))
    with django_assert_num_queries(queries):
        assert client.get(url(name, open_session.pk)).status_code == 200

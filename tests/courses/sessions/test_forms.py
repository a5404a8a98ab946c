"""Forms of training with wrong, odd and hostile input: an error at its field, never a crash, nothing saved."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.enums import EnrolmentState, SessionKind
from courses.sessions.forms.attendance import CorrectionForm, PaperForm, WalkInForm
from courses.sessions.forms.scheduling import CancelForm, RescheduleForm, ScheduleForm
from courses.sessions.forms.seats import ConfirmedForm
from portal.enums import Audience, Role
from tests.factories.courses import (
    AttendanceCorrectionFactory,
    AttendanceFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
    TrainingModuleFactory,
)
from tests.factories.portal import PersonFactory


@pytest.fixture
def typed(world):
    """What a trainer types for a day of class next week."""
    day = (timezone.localdate() + dt.timedelta(days=7)).isoformat()
    return {
        "modules": [world.module.pk],
        "trainer": world.trainer.pk,
        "organisation": world.west.pk,
        "starts_at": f"{day}T08:30",
        "ends_at": f"{day}T17:30",
        "break_minutes": 60,
        "place": "一号教室",
        "capacity": 12,
        "kind": "class",
    }


def schedule(person, data) -> ScheduleForm:
    return ScheduleForm(data, person=person, initial={})


def test_what_is_right_is_a_plan(world, typed):
    form = schedule(world.trainer, typed)
    assert form.is_valid(), form.errors
    plan = form.plan()
    assert (plan.trainer, plan.organisation, plan.audience) == (world.trainer, world.west, Audience.STAFF)
    assert plan.modules == {world.module: 480}
    assert plan.starts_at.utcoffset() == dt.timedelta(hours=8)


WRONG = [
    ("ends_at", "2020-01-01T08:00"),
    ("ends_at", ""),
    ("starts_at", ""),
    ("starts_at", "2028-02-30T08:30"),
    ("starts_at", "2028-06-28"),
    ("starts_at", "08:30"),
    ("starts_at", "明天上午"),
    ("starts_at", "99999-01-01T00:00"),
    ("starts_at", "2028-06-28T25:00"),
    ("ends_at", "\x00"),
    ("break_minutes", "-1"),
    ("break_minutes", "601"),
    ("break_minutes", "一小时"),
    ("break_minutes", ""),
    ("capacity", "0"),
    ("capacity", "-3"),
    ("capacity", "501"),
    ("capacity", "1.5"),
    ("capacity", "12人"),
    ("capacity", "9" * 400),
    ("place", ""),
    ("place", "   "),
    ("place", "\u3000"),
    ("place", "x" * 161),
    ("title", "x" * 161),
    ("kind", "picnic"),
    ("kind", ""),
    ("trainer", ""),
    ("trainer", "0"),
    ("trainer", "陈老师"),
    ("organisation", ""),
    ("organisation", "999999"),
    ("modules", []),
    ("modules", ["x"]),
    ("modules", ["999999"]),
    ("minutes", "0"),
    ("minutes", "-60"),
    ("minutes", "2001"),
    ("note", "x" * 1001),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_input_is_an_error_at_its_field(world, typed, field, value):
    form = schedule(world.trainer, typed | {field: value})
    assert not form.is_valid()
    assert field in form.errors


@pytest.mark.parametrize(
    ("start", "end"),
    [("08:30", "08:30"), ("08:30", "08:29"), ("17:30", "08:30")],
)
def test_end_is_after_the_start(world, typed, start, end):
    day = typed["starts_at"][:10]
    form = schedule(world.trainer, typed | {"starts_at": f"{day}T{start}", "ends_at": f"{day}T{end}"})
    assert list(form.errors) == ["ends_at"]


def test_naive_time_is_of_the_organisations_zone(world, typed):
    form = schedule(world.trainer, typed)
    assert form.is_valid()
    start = form.cleaned_data["starts_at"]
    assert timezone.is_aware(start)
    assert timezone.localtime(start).strftime("%H:%M") == "08:30"
    assert start.astimezone(dt.UTC).strftime("%H:%M") == "00:30"


def test_time_that_says_its_zone_is_that_moment(world, typed):
    day = typed["starts_at"][:10]
    form = schedule(world.trainer, typed | {"starts_at": f"{day}T00:30:00Z"})
    assert form.is_valid(), form.errors
    assert timezone.localtime(form.cleaned_data["starts_at"]).strftime("%H:%M") == "08:30"


@pytest.mark.parametrize("spelling", ["{0}年{1}月{2}日 08:30", "{0}/{1}/{2} 08:30", "{0}.{1}.{2} 8:30"])
def test_times_as_people_write_them(world, typed, spelling):
    day = timezone.localdate() + dt.timedelta(days=7)
    form = schedule(world.trainer, typed | {"starts_at": spelling.format(day.year, day.month, day.day)})
    assert form.is_valid(), form.errors


def test_trainer_chooses_only_themselves_and_their_own_modules(world, typed):
    colleague, foreign = TrainerFactory(organisation=world.outlet), TrainingModuleFactory()
    for changes in ({"trainer": colleague.pk}, {"modules": [foreign.pk]}):
        assert not schedule(world.trainer, typed | changes).is_valid()
    assert not schedule(world.trainer, typed | {"modules": [world.module.pk, foreign.pk]}).is_valid()


def test_unpublished_module_is_not_offered(world, typed):
    draft = TrainingModuleFactory(live=False, trainers=[world.trainer])
    assert "modules" in schedule(world.trainer, typed | {"modules": [draft.pk]}).errors


def test_manager_chooses_any_trainer_of_the_network_and_the_own_branch(world, typed):
    colleague = TrainerFactory(organisation=world.east)
    # Named for no module, they could teach none.
    assert "trainer" in schedule(world.manager, typed | {"trainer": colleague.pk}).errors
    TrainingModuleFactory(trainers=[colleague])
    form = schedule(world.manager, typed | {"trainer": colleague.pk})
    assert form.is_valid(), form.errors
    assert "organisation" in schedule(world.manager, typed | {"organisation": world.east.pk}).errors


def test_inactive_and_former_trainers_are_not_offered(world, typed):
    gone = TrainerFactory(organisation=world.outlet, is_active=False)
    former = PersonFactory(organisation=world.outlet, roles=[Role.ENGINEER])
    for person in (gone, former):
        assert "trainer" in schedule(world.manager, typed | {"trainer": person.pk}).errors


def test_module_of_the_address_is_ticked(world):
    form = ScheduleForm(None, person=world.trainer, initial={"module": world.module.code})
    assert form.initial["modules"] == [world.module.pk]
    for unknown in ("nothing", None, "'; drop table"):
        assert ScheduleForm(None, person=world.trainer, initial={"module": unknown}).initial["modules"] == []


def test_minutes_of_a_part_are_those_of_each_module(world, typed):
    second = TrainingModuleFactory(trainers=[world.trainer], minutes=60)
    form = schedule(world.trainer, typed | {"modules": [world.module.pk, second.pk], "minutes": 30})
    assert form.is_valid(), form.errors
    assert form.plan().modules == {world.module: 30, second: 30}


def test_session_of_a_customer_is_for_customers(world, typed):
    form = schedule(world.trainer, typed | {"organisation": world.customer.pk})
    assert form.is_valid(), form.errors
    assert form.plan().audience == Audience.CUSTOMERS


# --- reschedule ----------------------------------------------------------------------------------------------------


def reschedule(person, session, **changes) -> RescheduleForm:
    plain = RescheduleForm(None, person=person, session=session)
    data = {name: plain[name].value() for name in plain.fields} | changes
    return RescheduleForm(data, person=person, session=session)


def test_nothing_changed_is_valid_and_says_what_stands(world, make_session):
    session = make_session(note="带工具")
    form = reschedule(world.trainer, session)
    assert form.is_valid(), form.errors
    facts = form.facts()
    assert (facts["title"], facts["note"], facts["capacity"]) == (session.title, "带工具", 12)


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("place", ""), ("capacity", 0), ("ends_at", "2020-01-01T01:00")]
)
def test_rescheduled_session_needs_its_facts(world, make_session, field, value):
    assert field in reschedule(world.trainer, make_session(), **{field: value}).errors


def test_present_trainer_stays_offered_to_everybody_who_may_edit(world, make_session):
    former = PersonFactory(organisation=world.outlet, name="老讲师")
    form = reschedule(world.manager, make_session(trainer=former))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["trainer"] == former


def test_every_kind_can_be_chosen(world, make_session):
    session = make_session()
    for kind in SessionKind.values:
        assert reschedule(world.trainer, session, kind=kind).is_valid()


# --- at the door -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["{}", " {} ", "\t{}\n"])
def test_staff_number_is_read_with_spaces_around(world, make_session, written):
    form = WalkInForm({"staff_number": written.format(world.technician.staff_number)}, session=make_session())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["staff_number"] == world.technician


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_staff_number_is_read_in_any_case(world, make_session, case):
    form = WalkInForm({"staff_number": case(world.technician.staff_number)}, session=make_session())
    assert form.is_valid()


@pytest.mark.parametrize("number", ["", " ", "X" * 31, "NOBODY", "%", "'--", "１２３"])
def test_unknown_staff_number_is_said_in_one_line(world, make_session, number):
    form = WalkInForm({"staff_number": number}, session=make_session())
    assert not form.is_valid()
    assert form.first_error()


def test_people_it_is_not_held_for_are_unknown(world, make_session):
    for person in (world.stranger, world.contact):
        form = WalkInForm({"staff_number": person.staff_number}, session=make_session())
        assert person.name not in form.first_error()


# --- paper and corrections -----------------------------------------------------------------------------------------


def paper(session, **changes) -> PaperForm:
    plain = PaperForm(None, meeting=session.meetings.get())
    data = {"came": plain["came"].value(), "went": plain["went"].value()} | changes
    return PaperForm(data, meeting=session.meetings.get())


def test_sheet_offers_whoever_has_a_seat(world, open_session):
    seated = EnrolmentFactory(session=open_session)
    EnrolmentFactory(session=open_session, state=EnrolmentState.WAITLISTED)
    EnrolmentFactory(session=open_session, state=EnrolmentState.CANCELLED)
    elsewhere = EnrolmentFactory()
    form = PaperForm(None, meeting=open_session.meetings.get())
    assert list(form.fields["enrolment"].queryset) == [seated]
    assert not paper(open_session, enrolment=elsewhere.pk).is_valid()
    assert paper(open_session, enrolment=seated.pk).is_valid()


@pytest.mark.parametrize(
    ("field", "value"), [("came", ""), ("went", ""), ("came", "8点半"), ("went", "x"), ("reason", "x" * 301)]
)
def test_sheet_needs_both_times(world, open_session, field, value):
    seated = EnrolmentFactory(session=open_session)
    form = paper(open_session, enrolment=seated.pk, **{field: value})
    assert field in form.errors


def test_person_on_the_sheet_is_named_with_the_times_that_hold(world, open_session):
    seated = EnrolmentFactory(session=open_session)
    form = PaperForm(None, meeting=open_session.meetings.get())
    assert form.fields["enrolment"].label_from_instance(seated) == str(seated.person)
    attendance = AttendanceFactory(enrolment=seated)
    AttendanceCorrectionFactory(
        attendance=attendance, went_at=open_session.ends_at - dt.timedelta(hours=2), came_at=open_session.starts_at
    )
    assert form.fields["enrolment"].label_from_instance(seated) == f"{seated.person} · 08:30–15:30"


def correction(attendance, **changes) -> CorrectionForm:
    return CorrectionForm({"came": "", "went": "", "reason": ""} | changes, attendance=attendance)


def test_correction_begins_with_what_holds(world, open_session):
    attendance = AttendanceFactory(enrolment__session=open_session)
    form = CorrectionForm(None, attendance=attendance)
    assert form.initial == {"came": open_session.starts_at, "went": open_session.ends_at}
    inside = AttendanceFactory(
        enrolment__session=open_session, checked_out_at=None, checked_out_by=None, checked_out_from=None
    )
    assert "went" not in CorrectionForm(None, attendance=inside).initial


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, ["came", "reason"]),
        ({"reason": "签错"}, ["came"]),
        ({"reason": "签错", "came": "x"}, ["came"]),
        ({"reason": "签错", "was_absent": "on"}, []),
        ({"was_absent": "on"}, ["reason"]),
        ({"reason": " ", "was_absent": "on"}, ["reason"]),
    ],
)
def test_correction_asks_for_what_it_needs(db, changes, fields):
    assert sorted(correction(AttendanceFactory(), **changes).errors) == fields


@pytest.mark.parametrize(
    ("reason", "is_valid"), [("讲师出差", True), ("", False), ("  ", False), ("x" * 200, True), ("x" * 201, False)]
)
def test_cancellation_needs_a_reason(reason, is_valid):
    assert CancelForm({"reason": reason}).is_valid() is is_valid


def test_confirmation_says_that_somebody_was_asked():
    assert (
        ConfirmedForm()["confirmed"].as_widget() == '<input type="hidden" name="confirmed" value="1" id="id_confirmed">'
    )


# --- anything at all -------------------------------------------------------------------------------------------------

text = st.text(max_size=60)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    data=st.fixed_dictionaries(
        dict.fromkeys(("starts_at", "ends_at", "place", "capacity", "trainer", "kind", "modules"), text)
    )
)
def test_any_text_in_any_field_is_an_answer(data):
    form = schedule(TrainerFactory(), data)
    assert form.is_valid() in (True, False)
    assert form.errors


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(number=text)
def test_any_text_as_a_staff_number_finds_nobody_or_says_so(number):
    session = SessionFactory()
    form = WalkInForm({"staff_number": number}, session=session)
    if not form.is_valid():
        assert form.first_error()

"""Scheduling and moving sessions on the pages for it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.enums import SessionState
from courses.models import Session
from portal.enums import Audience
from tests.factories.courses import EnrolmentFactory, SessionFactory, TrainerFactory, TrainingModuleFactory
from tests.factories.portal import EquipmentUnitFactory


@pytest.fixture
def form(world):
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


NEW = "courses:session_new"


def test_trainer_schedules_a_session(client_of, world, form):
    response = client_of(world.trainer).post(reverse(NEW), form)
    session = Session.objects.get()
    assert response["Location"] == session.get_absolute_url()
    assert (session.title, session.audience, session.planned_minutes) == ("冷冻设备技术培训", Audience.STAFF, 480)
    assert timezone.localtime(session.starts_at).hour == 8


def test_session_for_a_customer_is_for_customers_to_see(client_of, world, form):
    client_of(world.trainer).post(reverse(NEW), form | {"organisation": world.customer.pk, "minutes": 120})
    session = Session.objects.get()
    assert (session.audience, session.parts.get().minutes) == (Audience.CUSTOMERS, 120)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"modules": []}, 'aria-invalid="true"'),
        ({"ends_at": "2020-01-01T08:00"}, "结束时间须晚于开始时间"),
        ({"starts_at": "2020-01-01T08:30", "ends_at": "2020-01-01T17:30"}, "开始时间已过"),
        ({"break_minutes": 120}, "共需 480 分钟"),
        ({"capacity": 0}, "大于或等于"),
        ({"starts_at": "明天"}, "不是有效的时间"),
        ({"starts_at": "2028/6/28"}, "请补上具体时刻"),
    ],
)
def test_what_does_not_fit_is_explained_and_what_was_typed_stays(client_of, world, form, changes, said):
    response = client_of(world.trainer).post(reverse(NEW), form | changes)
    assert response.status_code == 422
    assert said in response.text
    assert "一号教室" in response.text
    assert not Session.objects.exists()


def test_trainer_is_offered_the_own_modules_and_nobody_elses_time(client_of, world, form):
    TrainingModuleFactory(title="别人讲的模块")
    colleague = TrainerFactory(organisation=world.outlet)
    client = client_of(world.trainer)
    assert "别人讲的模块" not in client.get(reverse(NEW)).text
    assert client.post(reverse(NEW), form | {"trainer": colleague.pk}).status_code == 422
    assert client.post(reverse(NEW), form | {"trainer": world.stranger.pk}).status_code == 422
    assert not Session.objects.exists()


def test_manager_arranges_for_the_own_branch_only(client_of, world, form):
    client = client_of(world.manager)
    assert client.post(reverse(NEW), form | {"organisation": world.east.pk}).status_code == 422
    assert client.post(reverse(NEW), form).status_code == 302


def test_taken_place_is_shown_and_saved_once_confirmed(client_of, world, form):
    client_of(world.trainer).post(reverse(NEW), form)
    colleague = TrainerFactory(organisation=world.outlet)
    world.module.trainers.add(colleague)
    world.module.save()
    client, typed = client_of(colleague), form | {"trainer": colleague.pk}
    response = client.post(reverse(NEW), typed)
    assert response.status_code == 409
    assert "同一时间已安排" in response.text
    assert Session.objects.count() == 1
    keys = " ".join(clash.key for clash in response.context["clashes"])
    assert client.post(reverse(NEW), typed | {"confirmed": "place-0"}).status_code == 409
    assert client.post(reverse(NEW), typed | {"confirmed": keys}).status_code == 302
    assert Session.objects.count() == 2


def test_machines_are_named_by_their_numbers(client_of, world, form):
    unit = EquipmentUnitFactory(serial="LX-001", customer=world.customer)
    client = client_of(world.trainer)
    response = client.post(reverse(NEW), form | {"machines": "LX-001，没有"})
    assert (response.status_code, "没有" in response.text) == (422, True)
    assert client.post(reverse(NEW), form | {"machines": "ＬＸ-001"}).status_code == 302
    session = Session.objects.get()
    assert list(session.machines.all()) == [unit]
    address = reverse("courses:session_edit", args=[session.pk])
    assert client.get(address).context["form"]["machines"].value() == "LX-001"


def test_reschedule_form_holds_the_facts_and_moves_the_session(client_of, world, make_session, form):
    session = make_session()
    client, address = client_of(world.trainer), reverse("courses:session_edit", args=[session.pk])
    page = client.get(address)
    assert session.place in page.text
    typed = form | {"title": "改过的标题"}
    assert client.post(address, typed).status_code == 409
    session.refresh_from_db()
    assert session.sequence == 0
    response = client.post(address, typed | {"seen_version": page.context["form"].initial["seen_version"]}, follow=True)
    session.refresh_from_db()
    assert (session.title, session.sequence) == ("改过的标题", 1)
    assert "正在通知" in response.text


def test_saving_a_form_as_it_is_changes_nothing(client_of, world, make_session):
    start = (timezone.now() + dt.timedelta(days=7)).replace(second=0, microsecond=0)
    session = make_session(starts_at=start)
    address = reverse("courses:session_edit", args=[session.pk])
    client = client_of(world.trainer)
    page = client.get(address).context["form"]
    initial = {name: "" if (value := page[name].value()) is None else value for name in page.fields}
    typed = initial | {name: initial[name].strftime("%Y-%m-%dT%H:%M") for name in ("starts_at", "ends_at")}
    client.post(address, typed)
    session.refresh_from_db()
    assert session.sequence == 0


def test_cancelling_needs_a_reason(client_of, world, make_session):
    session = make_session()
    EnrolmentFactory(session=session)
    client, address = client_of(world.manager), reverse("courses:session_cancel", args=[session.pk])
    assert "已有 1 人报名" in client.get(address).text
    client.post(address, {"reason": ""})
    session.refresh_from_db()
    assert session.state == SessionState.SCHEDULED
    client.post(address, {"reason": "讲师出差"})
    session.refresh_from_db()
    assert (session.state, session.cancel_reason) == (SessionState.CANCELLED, "讲师出差")
    assert "讲师出差" in client.get(session.get_absolute_url()).text


def test_colleague_does_not_change_the_session_of_another_trainer(client_of, world, make_session, form):
    session = make_session()
    colleague = TrainerFactory(organisation=world.outlet)
    assert client_of(colleague).post(reverse("courses:session_edit", args=[session.pk]), form).status_code == 403
    session.refresh_from_db()
    assert session.sequence == 0


def test_past_training_is_recorded(client_of, world, form):
    past = {"starts_at": "2026-01-05T08:30", "ends_at": "2026-01-05T17:30", "already_held": "on"}
    client_of(world.trainer).post(reverse(NEW), form | past)
    assert Session.objects.get().is_over


def test_list_is_narrowed_by_time_module_and_place(client_of, world, make_session):
    make_session(title="将来的班", place="绵阳教室")
    make_session(title="过去的班", starts_at=timezone.now() - dt.timedelta(days=3))
    SessionFactory(trainer=world.trainer, title="别的模块", starts_at=timezone.now() + dt.timedelta(days=9))
    client, address = client_of(world.trainer), reverse("courses:sessions")
    titles = ("将来的班", "过去的班", "别的模块")

    def shown(**query) -> list[str]:
        return [title for title in titles if title in client.get(address, query).text]

    assert shown() == ["将来的班", "别的模块"]
    assert shown(when="past") == ["过去的班"]
    assert shown(module=world.module.code) == ["将来的班"]
    assert shown(place="绵阳") == ["将来的班"]
    assert shown(place="没有的地方") == []
    assert shown(page="99", module="none") == []


def opened(response):
    """What a browser posts of a form it has just opened, untouched."""
    return {field.html_name: field.value() for field in response.context["form"] if field.value() is not None}


def test_form_opened_earlier_does_not_undo_anothers_change(client_of, world, make_session):
    session = make_session(place="一号教室", capacity=12)
    address = reverse("courses:session_edit", args=[session.pk])
    mine, theirs = client_of(world.trainer), client_of(world.manager)
    form = opened(mine.get(address)) | {"break_minutes": 0}
    theirs.post(address, opened(theirs.get(address)) | {"place": "二号教室", "break_minutes": 0})
    refused = mine.post(address, form | {"capacity": 20})
    assert refused.status_code == 409
    shown = {(row.mine, row.theirs) for row in refused.context["stale"]}
    assert shown == {("20", "12"), ("一号教室", "二号教室")}
    assert 'value="20"' in refused.text
    session.refresh_from_db()
    assert (session.place, session.capacity) == ("二号教室", 12)
    again = opened(refused) | {"place": "二号教室"}
    assert mine.post(address, again).status_code == 302
    session.refresh_from_db()
    assert (session.place, session.capacity) == ("二号教室", 20)


def test_check_in_opened_meanwhile_does_not_make_the_form_stale(client_of, world, make_session):
    session = make_session()
    address = reverse("courses:session_edit", args=[session.pk])
    client = client_of(world.trainer)
    form = opened(client.get(address))
    Session.objects.filter(pk=session.pk).update(changed_at=timezone.now())
    assert client.post(address, form | {"note": "带工具"}).status_code == 302

"""Pages of training requests: the contact without an account, the contact signed in, who arranges, and intruders."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.enums import RequestState
from courses.models import NomineeTimes, TrainingRequest
from courses.nominations.domain import open_naming
from tests.factories.courses import NomineeFactory, TrainingRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(world):
    return TrainingRequestFactory(
        organisation=world.customer, modules=[world.module], asked_by=world.contact, contact_mobile="13800000101"
    )


@pytest.fixture
def link(world, wanted):
    token = open_naming(wanted, by=world.trainer, name_by=wanted.name_by)
    return reverse("courses:naming", args=[token.secret])


def rows(version=0, **names):
    return {"version": version, "place": "后厨", "wished_on": ""} | names


def test_contact_names_people_without_an_account(wanted, link):
    client = Client()
    page = client.get(link)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
    client.post(link, rows(name_1="田小军", post_1="管理员", name_3="吴桂芳"))
    assert list(wanted.nominees.named().values_list("name", flat=True)) == ["田小军", "吴桂芳"]
    assert "田小军" in client.get(link).content.decode()


def test_link_shows_nothing_private_of_the_request(wanted, link):
    content = Client().get(link).content.decode()
    assert wanted.contact_mobile not in content
    assert "contact@example.com" not in content


@pytest.mark.parametrize("secret", ["x", "0" * 32, "00-00"])
def test_made_up_link_does_not_exist(secret, client):
    assert client.get(reverse("courses:naming", args=[secret])).status_code == 404


def test_row_without_a_name_is_said_by_its_number(wanted, link):
    answer = Client().post(link, rows(post_2="厨师"))
    assert answer.status_code == 422
    assert "第 2 行没有填写姓名" in answer.content.decode()
    assert not wanted.nominees.exists()


def test_second_window_sees_both_lists_and_may_then_save(wanted, link):
    one, other = Client(), Client()
    one.post(link, rows(name_1="田小军"))
    answer = other.post(link, rows(name_1="吴桂芳"))
    assert answer.status_code == 409
    content = answer.content.decode()
    assert "田小军" in content
    assert 'value="吴桂芳"' in content
    assert answer.context["form"]["version"].value() == 1
    other.post(link, rows(version=1, name_1="吴桂芳"))
    assert list(wanted.nominees.named().values_list("name", flat=True)) == ["吴桂芳"]


def test_after_the_last_day_the_list_is_shown_and_takes_nothing(wanted, link):
    NomineeFactory(request=wanted, name="田小军")
    TrainingRequest.objects.update(name_by=timezone.localdate() - dt.timedelta(days=1))
    answer = Client().post(link, rows(name_1="吴桂芳"))
    assert "名单已截止" in answer.content.decode()
    assert wanted.nominees.named().count() == 1


def test_guessing_links_is_slowed_down(client):
    statuses = {client.get(reverse("courses:naming", args=[f"x{number}"])).status_code for number in range(70)}
    assert statuses == {404, 429}


def test_contact_asks_and_names_signed_in(world, client_of):
    client = client_of(world.contact)
    form = {
        "organisation": world.customer.pk,
        "modules": [world.module.pk],
        "seats": 2,
        "contact_name": "何雪梅",
        "form_key": uuid.uuid4(),
    }
    world.module.audience = "customers"
    world.module.save()
    answer = client.post(reverse("courses:request_new"), form)
    request = TrainingRequest.objects.get()
    assert answer.url == request.get_absolute_url()
    assert client.get(reverse("courses:names", args=[request.pk])).status_code == 200  # says that it is not open
    open_naming(request, by=world.trainer, name_by=timezone.localdate())
    client.post(reverse("courses:names", args=[request.pk]), rows(name_1="田小军"))
    assert request.nominees.get().name == "田小军"


@pytest.mark.parametrize("who", ["technician", "stranger", "other_manager"])
def test_intruders_find_no_request(world, wanted, client_of, who):
    client = client_of(getattr(world, who))
    number = wanted.pk
    for name in ("request", "names"):
        assert client.get(reverse(f"courses:{name}", args=[number])).status_code == 404
    for name in ("open_naming", "renew_link", "plan_request", "decline_request"):
        assert client.post(reverse(f"courses:{name}", args=[number])).status_code == 404
    nominee = NomineeFactory(request=wanted)
    assert client.post(reverse("courses:match_nominee", args=[nominee.pk])).status_code == 404


def test_contact_reads_and_does_not_arrange(world, wanted, client_of):
    client = client_of(world.contact)
    assert client.get(wanted.get_absolute_url()).status_code == 200
    assert client.post(reverse("courses:open_naming", args=[wanted.pk]), {"name_by": "2030-01-01"}).status_code == 403
    assert client.post(reverse("courses:decline_request", args=[wanted.pk]), {"reason": "不"}).status_code == 403
    assert client.post(reverse("courses:renew_link", args=[wanted.pk])).status_code == 403


def test_auditor_reads_without_the_link(world, wanted, link, client_of):
    page = client_of(world.auditor).get(wanted.get_absolute_url()).content.decode()
    assert link not in page
    assert link in client_of(world.trainer).get(wanted.get_absolute_url()).content.decode()


def test_trainer_plans_and_enters_the_sheet(world, wanted, make_session, client_of):
    now = timezone.now()
    session = make_session(
        organisation=world.customer,
        starts_at=now - dt.timedelta(hours=9),
        ends_at=now,
        state="open",
        audience="customers",
    )
    nominee = NomineeFactory(request=wanted, name="田小军")
    client = client_of(world.trainer)
    client.post(reverse("courses:plan_request", args=[wanted.pk]), {"session": session.pk})
    wanted.refresh_from_db()
    assert wanted.state == RequestState.PLANNED
    assert "田小军" in client.get(reverse("courses:attendance", args=[session.pk])).content.decode()
    times = reverse("courses:nominee_times", args=[session.pk])
    local = timezone.localtime
    form = {
        "nominees": [nominee.pk],
        "came": local(session.starts_at).strftime("%Y-%m-%dT%H:%M"),
        "went": local(session.ends_at).strftime("%Y-%m-%dT%H:%M"),
    }
    assert client.post(times, form).status_code == 302
    assert NomineeTimes.objects.get().nominee == nominee
    assert "8 小时" in client.get(times).content.decode()
    client.post(reverse("courses:match_nominee", args=[nominee.pk]), {"person": world.contact.staff_number})
    nominee.refresh_from_db()
    assert nominee.matched_to == world.contact


def test_list_pins_its_queries(world, client_of, django_assert_max_num_queries):
    for _n in range(3):
        TrainingRequestFactory(organisation=world.customer, modules=[world.module])
    client = client_of(world.trainer)
    client.get(reverse("courses:requests"))
    with django_assert_max_num_queries(22):
        page = client.get(reverse("courses:requests"))
    assert page.content.decode().count("TR-") == 3
    assert client.get(reverse("courses:requests"), {"state": "planned"}).context["page_obj"].paginator.count == 0

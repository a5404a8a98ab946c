"""From the screen to the trainer's list: staff, strangers, named people, and what the sheet's scan is open to."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from courses.checkins import codes
from courses.checkins.views import scanning
from courses.models import Arrival, Attendance, SheetScan

pytestmark = pytest.mark.django_db


def scanned(session):
    return reverse("courses:scan", args=[session.pk, codes.code_of(session, codes.window_now())])


def test_signed_in_person_scans_and_presses_once(seat, world, client_of):
    client = client_of(world.technician)
    page = client.get(scanned(seat.session), follow=True)
    assert page.redirect_chain[-1][0] == reverse("courses:arrive", args=[seat.session.pk])
    assert page["Referrer-Policy"] == "same-origin"
    assert not Arrival.objects.exists()
    page = client.post(page.redirect_chain[-1][0], follow=True)
    assert Arrival.objects.get().person == world.technician
    assert "等讲师确认" in page.content.decode()


def test_login_returns_to_the_check_in_and_keeps_the_time_of_the_scan(seat, world, time_machine):
    world.technician.set_password("shanggang-demo-1")
    world.technician.save()
    client, arrive = Client(), reverse("courses:arrive", args=[seat.session.pk])
    page = client.get(scanned(seat.session), follow=True)
    assert f"?next={arrive}" in page.content.decode()
    moment = seat.session.starts_at
    time_machine.shift(240)
    login = {"login": world.technician.staff_number, "password": "shanggang-demo-1", "next": arrive}
    answer = client.post(reverse("account_login"), login)
    assert answer["Location"] == arrive
    client.post(arrive)
    assert Arrival.objects.get().came_at == moment


def test_replayed_code_is_refused(seat, world, client_of, time_machine):
    address = scanned(seat.session)
    time_machine.shift(31)
    answer = client_of(world.technician).get(address)
    assert answer.status_code == 410
    assert "已失效" in answer.content.decode()


def test_page_of_the_check_in_needs_a_scan(seat, world, client_of, time_machine):
    client, arrive = client_of(world.technician), reverse("courses:arrive", args=[seat.session.pk])
    assert client.get(arrive).status_code == 410
    assert client.post(arrive).status_code == 410
    client.get(scanned(seat.session))
    time_machine.shift(601)
    assert client.post(arrive).status_code == 410
    assert not Arrival.objects.exists()


def test_too_early_says_when(make_session, world, client_of):
    session = make_session()
    answer = client_of(world.technician).get(scanned(session), follow=True)
    assert answer.status_code == 409
    assert "最早" in answer.content.decode()


def test_named_person_says_name_and_number_once(named):
    session, client = named.request.session, Client()
    arrive = client.get(scanned(session), follow=True).redirect_chain[-1][0]
    wrong = client.post(arrive, {"name": "田小军", "tail": "0000"})
    assert wrong.status_code == 422
    assert "田小军" in wrong.content.decode()
    page = client.post(arrive, {"name": "田小军", "tail": "0151"}, follow=True)
    assert Arrival.objects.get().nominee == named
    assert "等讲师确认" in page.content.decode()


def test_list_of_names_is_not_shown_to_who_scans(named):
    page = Client().get(scanned(named.request.session), follow=True)
    assert "田小军" not in page.content.decode()


def test_guesses_of_one_name_are_limited_and_the_room_is_not(named):
    session, client = named.request.session, Client()
    arrive = client.get(scanned(session), follow=True).redirect_chain[-1][0]
    answers = [client.post(arrive, {"name": "田小军", "tail": str(n)}).status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert client.post(arrive, {"name": "别人", "tail": ""}).status_code == 422
    # However the name is typed, it is the same.
    assert client.post(arrive, {"name": " 田小军　", "tail": "1"}).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_tries_are_counted_outside_the_transaction_that_a_refusal_takes_back(named, monkeypatch):
    inside = []
    monkeypatch.setattr(scanning, "limit_whom", lambda *args: inside.append(connection.in_atomic_block))
    client = Client()
    arrive = client.get(scanned(named.request.session), follow=True).redirect_chain[-1][0]
    client.post(arrive, {"name": "田小军", "tail": "0000"})
    assert inside == [False]


def test_screen_is_the_trainers_and_asks_again_when_the_code_ends(seat, world, client_of):
    address = reverse("courses:check_in_screen", args=[seat.session.pk])
    page = client_of(world.trainer).get(address)
    assert 'hx-trigger="load delay:' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    part = client_of(world.trainer).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert client_of(world.technician).get(address).status_code == 403
    assert client_of(world.stranger).get(address).status_code == 404


def decide(client, session, **fields):
    return client.post(reverse("courses:decide_arrivals", args=[session.pk]), fields)


def test_trainer_confirms_all_with_a_seat_at_once(seat, world, client_of):
    walk_in = world.manager
    for person in (world.technician, walk_in):
        client = client_of(person)
        client.post(client.get(scanned(seat.session), follow=True).redirect_chain[-1][0])
    page = client_of(world.trainer).get(reverse("courses:attendance", args=[seat.session.pk])).content.decode()
    assert "请确认是否到场" in page
    assert "未报名" in page
    decide(client_of(world.trainer), seat.session, act="confirm")
    assert [attendance.enrolment.person for attendance in Attendance.objects.all()] == [world.technician]
    assert decide(client_of(world.technician), seat.session, act="confirm").status_code == 403
    assert decide(client_of(world.trainer), seat.session, act="refuse").status_code == 404


def photo(size=(40, 30)):
    out = io.BytesIO()
    Image.new("L", size, 200).save(out, "PNG")
    return SimpleUploadedFile("签到表.png", out.getvalue(), "image/png")


def test_scan_of_the_sheet_is_kept_once_and_read_by_who_sees_who_came(seat, world, client_of):
    add = reverse("courses:add_sheet_scan", args=[seat.session.pk])
    trainer = client_of(world.trainer)
    trainer.post(add, {"scan": photo()})
    trainer.post(add, {"scan": photo()})
    scan = SheetScan.objects.get()
    assert scan.document.is_personal
    address = reverse("courses:sheet_scan", args=[seat.session.pk, scan.pk])
    for person in (world.trainer, world.auditor):
        answer = client_of(person).get(address)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer.getvalue().startswith(b"\x89PNG")
    assert client_of(world.technician).get(address).status_code == 403
    assert client_of(world.stranger).get(address).status_code == 404
    assert client_of(world.technician).post(add, {"scan": photo()}).status_code == 403


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"MZ program", b""])
def test_file_that_is_no_sheet_is_refused(seat, world, client_of, content):
    add = reverse("courses:add_sheet_scan", args=[seat.session.pk])
    client_of(world.trainer).post(add, {"scan": SimpleUploadedFile("sheet.png", content)})
    assert not SheetScan.objects.exists()


def test_picture_of_too_many_pixels_is_refused(seat, world, client_of, monkeypatch):
    monkeypatch.setattr("portal.content.pixels.MAX_PIXELS", 1000)
    add = reverse("courses:add_sheet_scan", args=[seat.session.pk])
    client_of(world.trainer).post(add, {"scan": photo()})
    assert not SheetScan.objects.exists()

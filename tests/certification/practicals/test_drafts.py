"""A checklist is kept while it is filled in, and looked through before the signature that nothing can change."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.models import PracticalAssessment, PracticalDraft
from portal.retention.clearing import clear_what_is_over
from tests.factories.certification import AssessorAppointmentFactory, AssessorFactory, ChecklistFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hq():
    """Where both work."""
    return OrganisationFactory()


@pytest.fixture
def sheet():
    """A checklist of five items."""
    return ChecklistFactory()


@pytest.fixture
def candidate(hq):
    """Whom it is about."""
    return PersonFactory(organisation=hq, name="林小川")


@pytest.fixture
def client(client_of, hq, sheet):
    """The browser of the appointed assessor."""
    assessor = AssessorFactory(organisation=hq)
    AssessorAppointmentFactory(person=assessor, category=sheet.category)
    return client_of(assessor)


@pytest.fixture
def address(sheet, candidate):
    """The checklist for the candidate."""
    return reverse("certification:practical", args=[sheet.code, candidate.staff_number])


def filled(sheet, judged="1", **more):
    """The form with every item judged."""
    items = {f"item_{item.pk}": judged for item in sheet.items.all()}
    return {"form_key": str(uuid.uuid4()), "version": 1, "remark": ""} | items | more


def test_ticks_are_kept_and_shown_again(client, address, sheet):
    first = sheet.items.first()
    form = {f"item_{first.pk}": "0", f"remark_{first.pk}": "手套破损", "step": "keep", "remark": "进行到一半"}
    assert client.post(address, form, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 204
    shown = client.get(address).context["form"]
    assert [shown[name].value() for name in (f"item_{first.pk}", f"remark_{first.pk}", "remark")] == [
        "0", "手套破损", "进行到一半",
    ]  # fmt: skip
    assert not PracticalAssessment.objects.exists()


def test_without_a_script_a_button_keeps_them_and_the_list_leads_back(client, address, sheet):
    page = client.post(address, {f"item_{sheet.items.first().pk}": "1", "step": "keep"}, follow=True)
    assert address in page.text
    assert "林小川" in page.text


def test_nothing_is_signed_before_a_second_look(client, address, sheet):
    form = filled(sheet, remark="动作规范")
    looked = client.post(address, form)
    assert looked.status_code == 200
    assert "动作规范" in looked.text
    assert not PracticalAssessment.objects.exists()
    assert client.post(address, form | {"step": "sign"}).status_code == 302
    assert PracticalAssessment.objects.get().remark == "动作规范"
    assert not PracticalDraft.objects.exists()


def test_what_was_not_shown_is_not_signed(client, address, sheet):
    form = filled(sheet)
    assert client.post(address, form | {"step": "sign"}).status_code == 200
    first = sheet.items.first().pk
    changed = form | {f"item_{first}": "0", f"remark_{first}": "未做到位", "step": "sign"}
    page = client.post(address, changed)
    assert page.context["result"] == "failed"
    assert not PracticalAssessment.objects.exists()
    assert client.post(address, changed).status_code == 302
    assert PracticalAssessment.objects.get().result == "failed"


def test_change_it_leads_back_with_everything(client, address, sheet):
    form = filled(sheet, remark="再看一眼")
    client.post(address, form)
    again = client.post(address, form | {"step": "edit"})
    assert again.context["form"]["remark"].value() == "再看一眼"
    assert "签字" in again.text


def test_drafts_are_the_assessors_own(client, client_of, address, sheet, hq):
    client.post(address, filled(sheet, remark="只给自己看", step="keep"))
    other = AssessorFactory(organisation=hq)
    AssessorAppointmentFactory(person=other, category=sheet.category)
    assert "只给自己看" not in client_of(other).get(address).text
    assert not client_of(other).get(reverse("certification:practicals")).context["begun"]


def test_left_drafts_are_forgotten_after_three_months(client, address, sheet):
    client.post(address, filled(sheet, step="keep"))
    assert clear_what_is_over() == 0
    PracticalDraft.objects.update(saved_at=timezone.now() - dt.timedelta(days=91))
    assert clear_what_is_over() == 1
    assert not PracticalDraft.objects.exists()


def late(client, address, sheet, written_at, **more):
    """Send what a device kept without a network."""
    form = filled(sheet, step="keep", written_at=written_at.isoformat(), **more)
    return client.post(address, form, headers={"X-Outbox": "1", "X-Requested-With": "XMLHttpRequest"})


def test_ticks_from_a_device_are_kept_and_twice_is_once(client, address, sheet):
    for _attempt in range(2):
        assert late(client, address, sheet, timezone.now(), remark="在冷库里写的").status_code == 204
    assert PracticalDraft.objects.get().answers["remark"] == "在冷库里写的"


def test_older_ticks_from_a_device_do_not_undo_newer_ones(client, address, sheet):
    client.post(address, filled(sheet, remark="后来写的", step="keep"))
    response = late(client, address, sheet, timezone.now() - dt.timedelta(hours=1), remark="先写的")
    assert (response.status_code, "林小川" in response.json()["reasons"][0]) == (409, True)
    assert PracticalDraft.objects.get().answers["remark"] == "后来写的"


def test_what_a_left_page_sent_itself_is_known_when_the_device_sends_it_again(client, address, sheet):
    before = timezone.now()
    client.post(address, filled(sheet, remark="离开页面时", step="keep"))
    assert late(client, address, sheet, before, remark="离开页面时").status_code == 204


def test_ticks_that_arrive_after_the_signature_begin_nothing(client, address, sheet):
    form, before = filled(sheet), timezone.now()
    client.post(address, form)
    client.post(address, form | {"step": "sign"})
    assert late(client, address, sheet, before).status_code == 204
    assert not PracticalDraft.objects.exists()

"""Handling records: appended with the gate's answer, corrected by further rows, read by who may look the machine up."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from kb.enums import CaseKind
from kb.handling.domain import correct_record, record_work
from kb.handling.errors import CorrectedAlready, NotInSight, NotYetDone, NotYours
from kb.handling.queries import records_of
from kb.models import CaseReader, HandlingRecord
from portal.enums import Audience, Role, Task, Tier
from portal.equipment.domain import label_token
from portal.models import AppendOnlyError, AuditEvent
from portal.registry import duty
from portal.registry.duty import DutyAnswer, Reason
from tests.factories.certification import SchemeFactory, certificate_for
from tests.factories.kb import FaultArticleFactory, FieldCaseFactory
from tests.factories.portal import EquipmentUnitFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def outlet(hq):
    return OrganisationFactory(parent=hq)


@pytest.fixture
def customer(outlet):
    return OrganisationFactory(parent=outlet, tier=Tier.CUSTOMER)


@pytest.fixture
def unit(customer):
    return EquipmentUnitFactory(customer=customer)


@pytest.fixture
def worker(outlet):
    return PersonFactory(organisation=outlet, roles=[Role.ENGINEER])


def facts(**changed):
    today = timezone.localdate()
    return {"day": today, "task": Task.REPAIR, "found": "不停机", "done": "换温控器", "minutes": 40} | changed


def record(unit, worker, **changed):
    return record_work(unit, worker, token=uuid.uuid4(), **facts(**changed))


def test_a_record_keeps_what_the_gate_said_that_day(unit, worker):
    refused = record(unit, worker)
    assert not refused.was_allowed
    assert refused.gate[0]["met"] is False
    certificate_for(worker, SchemeFactory(scopes=[unit.model.category]))
    assert record(unit, worker).was_allowed
    assert not HandlingRecord.objects.get(pk=refused.pk).was_allowed
    assert AuditEvent.objects.filter(action="kb.work_recorded").count() == 2


def test_a_form_sent_twice_is_one_record(unit, worker):
    token = uuid.uuid4()
    first = record_work(unit, worker, token=token, **facts())
    assert record_work(unit, worker, token=token, **facts(done="又点了一次")) == first
    assert HandlingRecord.objects.count() == 1


def test_records_are_never_changed(unit, worker):
    row = record(unit, worker)
    row.done = "改了"
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        HandlingRecord.objects.update(done="改了")


def test_a_correction_takes_the_place_of_the_row_and_keeps_it(unit, worker):
    row = record(unit, worker)
    fixed = correct_record(row, reason="分钟数录错", by=worker, token=uuid.uuid4(), **facts(minutes=25))
    assert list(records_of(unit)) == [fixed]
    assert HandlingRecord.objects.get(pk=row.pk).minutes == 40
    with pytest.raises(CorrectedAlready):
        correct_record(row, reason="再改", by=worker, token=uuid.uuid4(), **facts())


def test_others_neither_record_nor_correct(unit, worker, customer):
    row = record(unit, worker)
    colleague = PersonFactory(organisation=worker.organisation, roles=[Role.ENGINEER])
    with pytest.raises(NotYours):
        correct_record(row, reason="乱改", by=colleague, token=uuid.uuid4(), **facts())
    for outsider in (
        PersonFactory(organisation=customer, roles=[Role.CUSTOMER_CONTACT]),
        PersonFactory(organisation=OrganisationFactory()),
    ):
        with pytest.raises(NotInSight):
            record(unit, outsider)


def test_a_manager_in_whose_sight_they_are_corrects(unit, worker, hq):
    row = record(unit, worker)
    manager = PersonFactory(organisation=hq, roles=[Role.MANAGER])
    fixed = correct_record(row, reason="与派工单不符", by=manager, token=uuid.uuid4(), **facts(minutes=90))
    assert (fixed.person, fixed.recorded_by) == (worker, manager)


def test_work_to_come_is_not_recorded(unit, worker):
    with pytest.raises(NotYetDone):
        record(unit, worker, day=timezone.localdate() + dt.timedelta(days=1))


def test_label_page_shows_records_to_who_may_look_the_machine_up_only(unit, worker, client_of):
    record(unit, worker, done="更换化霜加热丝")
    address = f"/e/{label_token(unit).secret}/"
    assert "更换化霜加热丝" not in client_of().get(address).content.decode()
    stranger = PersonFactory(organisation=OrganisationFactory())
    assert "更换化霜加热丝" not in client_of(stranger).get(address).content.decode()
    assert "更换化霜加热丝" in client_of(worker).get(address).content.decode()


def test_pages_are_hidden_from_who_may_not_look_the_machine_up(unit, worker, customer, client_of):
    row = record(unit, worker)
    stranger = client_of(PersonFactory(organisation=OrganisationFactory()))
    for address in (
        f"/kb/units/{unit.pk}/records/",
        f"/kb/units/{unit.pk}/records/new/",
        f"/kb/records/{row.pk}/correct/",
    ):
        assert stranger.get(address).status_code == 404
    owner = client_of(PersonFactory(organisation=customer, roles=[Role.CUSTOMER_CONTACT]))
    assert owner.get(f"/kb/units/{unit.pk}/records/").status_code == 200
    assert owner.get(f"/kb/units/{unit.pk}/records/new/").status_code == 403
    assert owner.get(f"/kb/records/{row.pk}/correct/").status_code == 404


def test_the_form_on_the_phone_appends(unit, worker, client_of):
    article = FaultArticleFactory(category=unit.model.category, equipment=[unit.model])
    client = client_of(worker)
    page = client.get(f"/kb/units/{unit.pk}/records/new/")
    sent = {name: str(value) for name, value in facts().items()}
    sent |= {"token": str(page.context["form"]["token"].value()), "article": article.pk, "parts": "温控器", "case": ""}
    assert client.post(f"/kb/units/{unit.pk}/records/new/", sent).status_code == 302
    assert records_of(unit).get().article == article
    bad = client.post(f"/kb/units/{unit.pk}/records/new/", sent | {"done": "", "token": str(uuid.uuid4())})
    assert bad.status_code == 422


def test_the_table_has_every_row(unit, worker, client_of):
    row = record(unit, worker)
    correct_record(row, reason="录错", by=worker, token=uuid.uuid4(), **facts(minutes=25))
    answer = client_of(worker).get(f"/kb/units/{unit.pk}/records/?export=csv").content.decode("utf-8-sig")
    assert answer.count("换温控器") == 2


@pytest.fixture
def restricted(unit, worker, hq):
    """A record that names an article and a case not everybody may open, refused by the gate."""
    article = FaultArticleFactory(category=unit.model.category, equipment=[unit.model], audience=Audience.RESTRICTED)
    reporter = PersonFactory(organisation=worker.organisation, roles=[Role.TRAINER])
    case = FieldCaseFactory(reporter=reporter, kind=CaseKind.ACCIDENT, equipment=unit.model)
    return record(unit, worker, article=article, case=case)


def test_a_reader_sees_no_more_of_a_record_than_they_may_open(restricted, unit, worker, customer, hq, client_of):
    contact = PersonFactory(organisation=customer, roles=[Role.CUSTOMER_CONTACT])
    colleague = PersonFactory(organisation=hq, roles=[Role.ENGINEER])
    manager = PersonFactory(organisation=hq, roles=[Role.MANAGER])
    CaseReader.objects.create(case=restricted.case, person=manager, reason="鉴定", added_at=timezone.now())
    hidden = [restricted.article.number, restricted.case.number, restricted.gate[0]["message"], worker.staff_number]
    for address in (f"/kb/units/{unit.pk}/records/", f"/kb/units/{unit.pk}/records/?export=csv", f"/units/{unit.pk}/"):
        for reader in (contact, colleague):
            page = client_of(reader).get(address).content.decode()
            assert "换温控器" in page
            # A machine's page says what the gate answers the reader; that may be the same sentence.
            words = [word for word in hidden if word != hidden[2] or "records" in address]
            assert not [word for word in words if word in page], address
    page = client_of(manager).get(f"/kb/units/{unit.pk}/records/").content.decode()
    assert all(word in page for word in hidden[:3])
    assert worker.staff_number in client_of(manager).get(f"/kb/units/{unit.pk}/records/?export=csv").content.decode()


def test_a_correction_keeps_what_the_corrector_cannot_see(restricted, unit, worker, client_of):
    address = f"/kb/records/{restricted.pk}/correct/"
    page = client_of(worker).get(address)
    assert restricted.article.number not in page.content.decode()
    sent = {name: str(value) for name, value in facts(minutes=55).items()}
    sent |= {"token": str(page.context["form"]["token"].value()), "reason": "录错"}
    sent |= {"parts": "", "article": "", "case": ""}
    assert client_of(worker).post(address, sent).status_code == 302
    row = records_of(unit).get()
    assert (row.minutes, row.article, row.case) == (55, restricted.article, restricted.case)


def test_who_may_correct_is_offered_it(unit, worker, hq, client_of):
    row = record(unit, worker)
    link = f"/kb/records/{row.pk}/correct/"
    readers = {
        worker: True,
        PersonFactory(organisation=hq, roles=[Role.MANAGER]): True,
        PersonFactory(organisation=worker.organisation, roles=[Role.ENGINEER]): False,
    }
    for reader, is_offered in readers.items():
        assert (link in client_of(reader).get(f"/kb/units/{unit.pk}/records/").content.decode()) is is_offered


def test_work_under_a_guide_is_not_shown_as_simply_allowed(unit, worker, client_of, monkeypatch):
    reason = Reason("under_guidance", "须在杨振华带教下", met=True, params={"guide_name": "杨振华"})
    monkeypatch.setattr(duty, "_gates", [lambda asked: [DutyAnswer(one, True, [reason]) for one in asked]])
    row = record(unit, worker)
    assert (row.was_allowed, row.state, row.guide) == (True, "under", "杨振华")
    page = client_of(worker).get(f"/kb/units/{unit.pk}/records/").content.decode()
    assert "仅可在杨振华带教下" in page
    assert "当日可上岗" not in page
    assert "仅可在带教下" in client_of(worker).get(f"/kb/units/{unit.pk}/records/?export=csv").content.decode()
    limited = Reason("certified", "冷库维修（限制：不碰氨）", met=True, params={"limit": "不碰氨"})
    monkeypatch.setattr(duty, "_gates", [lambda asked: [DutyAnswer(one, True, [limited]) for one in asked]])
    assert record(unit, worker).has_limit
    page = client_of(worker).get(f"/kb/units/{unit.pk}/records/").content.decode()
    assert "有限制地允许" in page
    assert "不碰氨" in page
    row.state = ""
    assert row.gate_state == "under", "rows of before the state was kept say it by their reasons"


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count(unit, worker, client_of, django_assert_max_num_queries, rows):
    for _row in range(rows):
        record(unit, worker)
    client = client_of(worker)
    client.get(f"/kb/units/{unit.pk}/records/")
    with django_assert_max_num_queries(12):
        assert client.get(f"/kb/units/{unit.pk}/records/").status_code == 200

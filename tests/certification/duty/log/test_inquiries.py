"""What is kept of questions to the gate: each question asked, once, whatever becomes of the storage."""

import datetime as dt
import io

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from certification import ledger
from certification.duty.log import domain
from certification.duty.log.domain import keep_inquiries
from certification.duty.log.queries import ask_again
from certification.duty.log.wording import reason_words
from certification.enums import AskedFrom
from certification.models import DutyInquiry
from portal.enums import Task
from portal.people.domain import change_person
from portal.registry import duty
from tests.factories.certification import certificate_for
from tests.factories.portal import EquipmentUnitFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db

LIST = "/certification/duty/asked/"


def ask(client, **params):
    return client.get(reverse("certification:duty"), params)


def question(network, who="technician", **changed):
    return {"person": network[who].staff_number, "equipment": "RF-LK", "task": "repair"} | changed


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_question_of_the_page_is_kept_with_its_answer(network, client_of):
    certificate = certificate_for(network["technician"], network["scheme"])
    ask(client_of(network["dispatcher"]), **question(network, on="2026-03-20"))

    kept = DutyInquiry.objects.get()
    assert (kept.asked_by, kept.asked_from, kept.person) == (network["dispatcher"], "page", network["technician"])
    assert (kept.equipment, kept.task, kept.on) == (network["equipment"], "repair", dt.date(2026, 3, 20))
    assert (kept.is_allowed, kept.is_overridden, kept.asked_together) == (True, False, None)
    assert kept.codes == ["certified"]
    assert kept.certificates == [certificate.number]
    assert kept.known_at <= kept.recorded_at


def test_a_list_is_kept_row_by_row_and_belongs_together(network, client_of):
    both = f"{network['technician'].staff_number}、{network['colleague'].staff_number}、没有这个人"
    ask(client_of(network["dispatcher"]), **question(network, person=both))

    rows = DutyInquiry.objects.all()
    assert {row.person for row in rows} == {network["technician"], network["colleague"]}
    assert len({row.asked_together for row in rows}) == 1
    assert rows[0].asked_together


def test_what_merely_lists_people_is_no_question(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["manager"])
    ask(client, equipment="RF-LK")
    for name in ("matrix", "coverage", "posts", "as_of"):
        assert client.get(reverse(f"certification:{name}"), {"equipment": "RF-LK"}).status_code == 200
    unit = EquipmentUnitFactory(model=network["equipment"])
    assert client.get(reverse("unit_file", args=[unit.pk])).status_code == 200

    assert not DutyInquiry.objects.exists()


def test_the_page_of_a_machine_answers_its_reader_and_keeps_that(network, client_of):
    unit = EquipmentUnitFactory(model=network["equipment"])
    client_of(network["technician"]).get(reverse("unit_file", args=[unit.pk]))

    kept = DutyInquiry.objects.get()
    assert (kept.asked_from, kept.asked_by, kept.person) == ("label", network["technician"], network["technician"])
    assert not kept.is_allowed


def test_questions_of_the_api_are_kept_and_problems_are_not(network, client_of):
    client = client_of(network["dispatcher"])
    client.get("/api/v1/duty", question(network))
    rows = [question(network), question(network, who="stranger"), question(network, equipment="没有")]
    client.post("/api/v1/duty/batch", rows, content_type="application/json")

    assert [row.asked_from for row in DutyInquiry.objects.all()] == ["api", "api"]
    assert {row.person for row in DutyInquiry.objects.all()} == {network["technician"]}


def test_a_question_about_a_post_is_kept(network, client_of):
    post = PositionFactory(organisation=network["outlet"], title="服务接待", is_duty_gated=True)
    ask(client_of(network["dispatcher"]), person=network["technician"].staff_number, position="服务接待")

    kept = DutyInquiry.objects.get()
    assert (kept.position, kept.equipment, kept.task) == (post, None, "")
    assert kept.codes == ["no_scheme"]


@pytest.mark.parametrize("number", [1, 200])
def test_keeping_takes_one_statement_however_many(network, number):
    people = PersonFactory.create_batch(number, organisation=network["outlet"])
    day, now = timezone.localdate(), timezone.now()
    answers = duty.ask_many(
        [duty.DutyQuestion(each, day, now, equipment=network["equipment"], task=Task.REPAIR) for each in people]
    )
    with CaptureQueriesContext(connection) as taken:
        assert keep_inquiries(network["dispatcher"], AskedFrom.BATCH, answers) == number

    assert len([query for query in taken if "INSERT" in query["sql"]]) == 1
    assert DutyInquiry.objects.count() == number


def test_storage_that_cannot_be_written_does_not_take_the_answer(network, client_of, monkeypatch, caplog):
    def refuse(rows):
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(domain, "_insert", refuse)
    page = ask(client_of(network["dispatcher"]), **question(network))

    assert page.status_code == 200
    assert "verdict--refused" in page.content.decode()
    assert "could not be kept" in caplog.text


def test_a_read_only_database_still_answers(network, client_of):
    client = client_of(network["dispatcher"])
    if connection.vendor != "sqlite":
        pytest.skip("the switch is SQLite's")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        answer = client.get("/api/v1/duty", question(network))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")

    assert answer.json()["allowed"] is False


# --- asked again ------------------------------------------------------------------------------------------------------


def test_asked_again_the_answer_is_the_same_although_it_was_granted_since(network, client_of):
    client = client_of(network["manager"])
    ask(client, **question(network))
    kept = DutyInquiry.objects.get()
    entry = ledger.grant(network["technician"], network["scheme"], act_key="later", valid_from=kept.on)
    assert entry.recorded_at > kept.known_at

    page = client.get(f"{LIST}{kept.pk}/")
    assert page.context["again"].is_same
    assert "答案相同" in page.content.decode()
    assert DutyInquiry.objects.count() == 1


def test_a_scheme_changed_since_is_told(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["auditor"])
    ask(client, **question(network))
    scheme = network["scheme"]
    scheme.is_active = False
    scheme.save()

    again = ask_again(DutyInquiry.objects.get())
    page = client.get(f"{LIST}{again.inquiry.pk}/")

    assert set(again.differing) == {"is_allowed", "codes", "certificates"}
    assert "答案不同" in page.content.decode()


# --- the list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["dispatcher"])
    ask(client, **question(network, on="2026-03-20"))
    ask(client, **question(network, who="colleague"))
    ask(client_of(network["stranger"]), **question(network, who="stranger"))
    return network


def listed(client, **params):
    return [row.person for row in client.get(LIST, params).context["page_obj"]]


def test_the_list_shows_who_is_in_sight_newest_first(asked, client_of):
    assert listed(client_of(asked["manager"])) == [asked["colleague"], asked["technician"]]
    assert listed(client_of(asked["far_manager"])) == [asked["stranger"]]
    assert len(listed(client_of(asked["auditor"]))) == 3


@pytest.mark.parametrize(
    ("params", "who"),
    [
        ({"answer": "allowed"}, ["technician"]),
        ({"answer": "refused"}, ["colleague"]),
        ({"answer": "overridden"}, []),
        ({"on": "2026-03-20"}, ["technician"]),
        ({"on": "2026年3月20日"}, ["technician"]),
        ({"asked_on": "2026-03-18"}, ["colleague", "technician"]),
        ({"asked_on": "2026-03-17"}, []),
        ({"person": "杨振华"}, ["colleague"]),
        ({"asker": "林小川"}, []),
        ({"equipment": "冷库"}, ["colleague", "technician"]),
        ({"asked_from": "api"}, []),
        ({"asked_from": "page"}, ["colleague", "technician"]),
    ],
)
def test_filters(asked, client_of, params, who):
    assert listed(client_of(asked["manager"]), **params) == [asked[name] for name in who]


def test_the_list_is_found_by_the_number_of_a_certificate(asked, client_of):
    paper = asked["technician"].certificates.get()

    for number in (paper.number, paper.short_number, f"https://portal.example.org/verify/{paper.number}/"):
        assert listed(client_of(asked["manager"]), person=number) == [asked["technician"]]
        assert listed(client_of(asked["far_manager"]), person=number) == []


def test_the_list_says_in_words_what_was_missing(asked, client_of):
    page = client_of(asked["manager"]).get(LIST, {"answer": "refused"}).text
    (row,) = DutyInquiry.objects.filter(person=asked["colleague"])
    words = reason_words(row.codes)
    assert words
    assert all(word in page for word in words)
    assert not any(code in page for code in row.codes)


def test_a_code_no_module_names_any_more_stays_as_it_is():
    assert reason_words(["revoked", "quiz_not_passed", "quiz_not_passed", "of_old"]) == ["已吊销", "理论考试", "of_old"]


def test_the_list_is_exported_as_it_is_filtered(asked, client_of):
    response = client_of(asked["manager"]).get(LIST, {"answer": "allowed", "export": "xlsx"})
    rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))

    assert len(rows) == 2
    assert asked["technician"].staff_number in rows[1]
    assert "certified" in rows[1]


@pytest.mark.parametrize("params", [{"on": "2026-99-99"}, {"equipment": "没有"}, {"answer": "maybe"}])
def test_a_filter_that_cannot_be_read_is_said_and_shows_nothing(asked, client_of, params):
    response = client_of(asked["manager"]).get(LIST, params)
    assert response.status_code == 422
    assert not response.context["page_obj"].object_list


@pytest.mark.parametrize("who", ["technician", "dispatcher", "trainer", "customer"])
def test_the_list_is_closed_to_others(asked, client_of, who):
    assert client_of(asked[who]).get(LIST).status_code == 403


def test_a_question_about_somebody_out_of_sight_is_not_there(asked, client_of):
    far = DutyInquiry.objects.get(person=asked["stranger"])
    assert client_of(asked["manager"]).get(f"{LIST}{far.pk}/").status_code == 404
    assert client_of(asked["technician"]).get(f"{LIST}{far.pk}/").status_code == 404
    assert client_of(asked["auditor"]).get(f"{LIST}{far.pk}/").status_code == 200


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_pins_its_queries(network, client_of, django_assert_max_num_queries, number):
    day, now = timezone.localdate(), timezone.now()
    people = PersonFactory.create_batch(number, organisation=network["outlet"])
    keep_inquiries(
        network["dispatcher"],
        AskedFrom.BATCH,
        duty.ask_many(
            [duty.DutyQuestion(each, day, now, equipment=network["equipment"], task=Task.REPAIR) for each in people]
        ),
    )
    client = client_of(network["manager"])
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_the_way_there_is_on_the_page_of_the_question(network, client_of):
    assert LIST in ask(client_of(network["manager"])).content.decode()
    assert LIST not in ask(client_of(network["dispatcher"])).content.decode()


def test_asked_again_whoever_has_left_since_was_there_then(network, client_of):
    certificate_for(network["technician"], network["scheme"], days_ago=1)
    ask(client_of(network["dispatcher"]), **question(network))
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        change_person(network["technician"], actor=network["administrator"], is_active=False)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert ask_again(DutyInquiry.objects.get()).is_same


def test_asked_again_whoever_has_come_back_since_was_away_then(network, client_of):
    certificate_for(network["technician"], network["scheme"], days_ago=1)
    change_person(network["technician"], actor=network["administrator"], is_active=False)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        ask(client_of(network["dispatcher"]), **question(network))
        kept = DutyInquiry.objects.get()
        assert kept.codes == ["person_inactive"]
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert ask_again(DutyInquiry.objects.get()).is_same
        change_person(network["technician"], actor=network["administrator"], is_active=True)
        assert ask_again(DutyInquiry.objects.get()).is_same

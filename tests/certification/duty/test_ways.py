"""The way out of a refusal: the session with a seat, who may sign, the quiz, the reading, the card; on every door."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from certification import ledger
from certification.duty.ways import with_ways
from certification.models import ReadingDue, Requirement
from courses.enums import EnrolmentState
from kb.models import EditionVerdict
from portal.enums import Audience, Role, Task
from portal.models import Person
from portal.registry import duty
from tests.factories.certification import AssessorAppointmentFactory, StatutoryRequirementFactory, certificate_for
from tests.factories.courses import EnrolmentFactory, SessionFactory
from tests.factories.kb import ManualEditionFactory, ManualFactory
from tests.factories.portal import EquipmentUnitFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def ways(network, asker, who="technician"):
    # As a request loads them: places that were moved by others made later are where they are.
    reader, subject = (Person.objects.get(pk=network[each].pk) for each in (asker, who))
    (answer,) = with_ways(reader, [duty.ask(subject, network["equipment"])])
    return {way["code"]: way for way in answer.way_out}


def session_of(network, *, days=3, **facts):
    start = timezone.now() + dt.timedelta(days=days)
    where = {"organisation": network["outlet"].get_root(), "audience": Audience.STAFF} | facts
    return SessionFactory(modules=[network["module"]], starts_at=start, ends_at=start + dt.timedelta(hours=8), **where)


@pytest.fixture
def card(network):
    """The scheme asks for a card of the state besides."""
    return StatutoryRequirementFactory(scheme=network["scheme"]).statutory_kind


@pytest.fixture
def session(network):
    return session_of(network)


def test_hours_lead_to_the_next_session_with_a_seat(network, session):
    session_of(network, days=9)
    way = ways(network, "dispatcher")["hours_missing"]

    assert way["session"]["url"] == way["url"] == session.get_absolute_url()
    assert way["session"]["starts_at"] == session.starts_at
    assert session.place in way["message"]


def test_a_full_session_one_of_another_branch_and_one_booked_already_are_no_way(network):
    full = session_of(network, days=1, capacity=1)
    EnrolmentFactory(session=full, state=EnrolmentState.SEATED)
    session_of(network, days=2, organisation=network["stranger"].organisation)
    mine = session_of(network, days=3)
    EnrolmentFactory(session=mine, person=network["technician"], state=EnrolmentState.SEATED)
    session_of(network, days=4, audience=Audience.RESTRICTED)

    way = ways(network, "dispatcher")["hours_missing"]
    assert way["session"] is None
    assert way["url"] == f"/courses/modules/{network['module'].code}/"
    assert ways(network, "dispatcher", "colleague")["hours_missing"]["session"]["url"] == mine.get_absolute_url()


def test_practicals_name_who_may_sign_near_the_person(network):
    category = network["checklist"].category
    far = PersonFactory(organisation=network["stranger"].organisation, roles=[Role.ASSESSOR], mobile="13900000002")
    AssessorAppointmentFactory(person=far, category=category)
    ended = PersonFactory(organisation=network["outlet"], roles=[Role.ASSESSOR])
    AssessorAppointmentFactory(person=ended, category=category, start=dt.date(2020, 1, 1), end=dt.date(2020, 2, 1))
    foreign = PersonFactory(organisation=OrganisationFactory(), roles=[Role.ASSESSOR])
    AssessorAppointmentFactory(person=foreign, category=category)
    lost_the_role = PersonFactory(organisation=network["outlet"])
    AssessorAppointmentFactory(person=lost_the_role, category=category)

    way = ways(network, "dispatcher")["practical_not_signed"]

    assert [each["name"] for each in way["assessors"]] == [network["assessor"].name, far.name]
    assert way["assessors"][1]["phone"] == "13900000002"
    assert network["assessor"].name in way["message"]


def test_nobody_is_led_to_themselves(network):
    AssessorAppointmentFactory(person=network["technician"], category=network["checklist"].category)
    network["technician"].groups.add(*network["assessor"].groups.all())
    named = ways(network, "dispatcher")["practical_not_signed"]["assessors"]
    assert network["technician"].name not in [each["name"] for each in named]


def test_people_of_customers_are_not_told_the_telephones_of_assessors(network):
    answer = duty.ask(network["customer"], network["equipment"])
    (answer,) = with_ways(network["customer"], [answer])
    assert all(way["assessors"] == [] for way in answer.way_out)


def test_cards_lead_to_the_form_for_who_keeps_the_file(network, card):
    manager, dispatcher, own = (
        ways(network, who)["statutory_missing"] for who in ("manager", "dispatcher", "technician")
    )
    form = f"{reverse('certification:statutory_new')}?person={network['technician'].staff_number}"

    assert manager["card"]["url"] == manager["url"] == form
    assert dispatcher["card"]["url"] == own["card"]["url"] == ""
    assert (manager["card"]["kind"], manager["card"]["name"]) == (card.code, card.name)
    assert card.name in manager["message"]


def test_quizzes_lead_to_the_quiz(network):
    way = ways(network, "technician")["quiz_not_passed"]
    assert way["quiz"] == {"code": network["quiz"].code, "url": way["url"]}


# --- on every door ----------------------------------------------------------------------------------------------------


def question(network):
    return {"person": network["technician"].staff_number, "equipment": "RF-LK"}


def test_page_list_machine_and_api_say_the_same(network, session, card, client_of):
    client, own = client_of(network["dispatcher"]), client_of(network["technician"])
    unit = EquipmentUnitFactory(model=network["equipment"])
    both = f"{network['technician'].staff_number}、{network['colleague'].staff_number}"
    pages = [
        client.get(reverse("certification:duty"), question(network)),
        client.get(reverse("certification:duty"), question(network) | {"person": both}),
        client.post(reverse("certification:duty_list"), {"people": both, "equipment": "冷库"}),
        own.get(reverse("unit_file", args=[unit.pk])),
    ]
    for page in pages:
        html = page.content.decode()
        assert session.get_absolute_url() in html
        assert network["assessor"].name in html

    api = client.get("/api/v1/duty", question(network)).json()["way_out"]
    assert [way["code"] for way in api] == [
        "hours_missing",
        "quiz_not_passed",
        "practical_not_signed",
        "statutory_missing",
    ]
    assert api[0]["session"]["free_seats"] > 0
    assert [one["number"] for one in api[0]["session"]["meetings"]] == [1]
    assert api[2]["assessors"][0]["staff_number"] == network["assessor"].staff_number


def test_the_ways_are_described_in_openapi(client):
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert set(schemas["WayOutOut"]["properties"]) == {
        "code",
        "message",
        "url",
        "session",
        "quiz",
        "reading",
        "assessors",
        "card",
    }


@pytest.mark.parametrize("number", [1, 25])
def test_ways_take_as_many_queries_for_many_people(network, session, django_assert_max_num_queries, number):
    people = PersonFactory.create_batch(number, organisation=network["outlet"])
    day, now = timezone.localdate(), timezone.now()
    answers = duty.ask_many(
        [duty.DutyQuestion(each, day, now, equipment=network["equipment"], task=Task.REPAIR) for each in people]
    )
    with django_assert_max_num_queries(14):
        with_ways(network["manager"], answers)


def test_an_invalid_certificate_says_what_to_do_to_who_may_open_the_file(network, session, client_of, client):
    certificate = certificate_for(network["technician"], network["scheme"])
    ledger.revoke(network["technician"], network["scheme"], reason="违章", act_key="r", by=network["manager"])
    url = reverse("verify:certificate", args=[certificate.number])

    def told(browser):
        return session.get_absolute_url() in browser.get(url).content.decode()

    assert told(client_of(network["technician"]))
    assert told(client_of(network["manager"]))
    assert not told(client_of(network["far_manager"]))
    assert not told(client)


def revised(network, kind):
    """The technician holds the scheme, and a manual of the machine was revised and not read in time."""
    edition = ManualEditionFactory(manual=ManualFactory(category=network["equipment"].category, title="冷库手册"))
    ledger.grant(network["technician"], network["scheme"], act_key="held")
    verdict = EditionVerdict.objects.create(
        edition=edition,
        kind=kind,
        grace_until=timezone.localdate() - dt.timedelta(days=1),
        questions=1 if kind == "short_quiz" else None,
    )
    ReadingDue.objects.create(person=network["technician"], scheme=network["scheme"], verdict=verdict)
    return verdict


def test_a_revision_leads_to_the_edition_by_its_name(network):
    verdict = revised(network, "must_read")
    way = ways(network, "dispatcher")["revision_unread"]
    edition = f"冷库手册 {verdict.edition.edition}"
    assert way["reading"] == {"title": edition, "url": reverse("certification:reading", args=[verdict.pk])}


def test_a_short_quiz_on_a_revision_leads_to_the_quiz(network):
    verdict = revised(network, "short_quiz")
    way = ways(network, "dispatcher")["revision_quiz_missing"]
    code = f"revision-{verdict.pk}"
    assert way["quiz"] == {"code": code, "url": reverse("certification:quiz", args=[code])}


def test_an_unread_manual_leads_to_its_current_edition(network):
    edition = ManualEditionFactory()
    Requirement.objects.create(scheme=network["scheme"], kind="manual", manual=edition.manual)
    way = ways(network, "dispatcher")["manual_unread"]
    assert way["reading"]["title"] == str(edition)
    assert way["reading"]["url"] == way["url"]


def test_two_of_one_outlet_are_each_named_others_than_themselves(network):
    AssessorAppointmentFactory(person=network["technician"], category=network["checklist"].category)
    network["technician"].groups.add(*network["assessor"].groups.all())
    people = [Person.objects.get(pk=network[name].pk) for name in ("technician", "colleague", "assessor")]
    day, now = timezone.localdate(), timezone.now()
    asked = [duty.DutyQuestion(each, day, now, equipment=network["equipment"], task=Task.REPAIR) for each in people]
    for answer in with_ways(people[1], duty.ask_many(asked)):
        (way,) = (way for way in answer.way_out if way["code"] == "practical_not_signed")
        assert answer.person.name not in [each["name"] for each in way["assessors"]]

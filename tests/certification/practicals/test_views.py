"""The assessor's pages: who waits, the checklist, its signature."""

import uuid

import pytest
from django.urls import reverse

from certification.models import LedgerEntry, PracticalAssessment
from portal.enums import Role
from tests.certification.requesting import get
from tests.factories.certification import (
    AttemptFactory,
    certificate_for,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def ready(network, who="technician"):
    """Give somebody the hours and a passed quiz."""
    HourCreditFactory(person=network[who], module=network["module"])
    AttemptFactory(person=network[who], quiz=network["quiz"], score=85)


def signing(network, failing=()):
    data = {"form_key": str(uuid.uuid4()), "remark": "", "version": 1}
    for item in network["checklist"].items.all():
        data[f"item_{item.pk}"] = "0" if item.text in failing else "1"
        data[f"remark_{item.pk}"] = "未做到位" if item.text in failing else ""
    return data


def sheet_url(network, who="technician"):
    return reverse("certification:practical", args=[network["checklist"].code, network[who].staff_number])


def test_assessor_sees_who_waits_and_only_they(network, client_of):
    ready(network)
    ready(network, "stranger")
    HourCreditFactory(person=network["colleague"], module=network["module"])

    page = get(client_of, network["assessor"], "practicals").content.decode()

    assert "林小川" in page
    assert "赵明远" in page
    assert "杨振华" not in page
    assert "85" in page


def test_certified_people_wait_for_nobody(network, client_of):
    ready(network)
    certificate_for(network["technician"], network["scheme"])

    assert "林小川" not in get(client_of, network["assessor"], "practicals").content.decode()


def test_signing_issues_the_certificate_and_twice_counts_once(network, client_of):
    ready(network)
    client, data = client_of(network["assessor"]), signing(network)
    client.post(sheet_url(network), data)

    for _press in range(2):
        page = client.post(sheet_url(network), data | {"step": "sign"}, follow=True).content.decode()

    assert PracticalAssessment.objects.count() == 1
    assert LedgerEntry.objects.get().person == network["technician"]
    assert "林小川" in page


def test_incomplete_sheet_keeps_what_was_entered(network, client_of):
    data = signing(network)
    item = network["checklist"].items.first()
    del data[f"item_{item.pk}"]
    data["remark"] = "动作规范"

    response = client_of(network["assessor"]).post(sheet_url(network), data)

    assert response.status_code == 422
    assert "动作规范" in response.content.decode()
    assert not PracticalAssessment.objects.exists()


def test_theory_missing_is_a_warning(network, client_of):
    assert "应先理论后实操" in client_of(network["assessor"]).get(sheet_url(network)).content.decode()


def test_sheet_by_staff_number(network, client_of):
    response = get(
        client_of,
        network["assessor"],
        "practicals",
        person=network["technician"].staff_number,
        checklist=network["checklist"].code,
    )

    assert response.url == sheet_url(network)


@pytest.mark.parametrize("reader", ["technician", "manager", "trainer", "administrator", "customer"])
def test_pages_of_the_assessor_are_the_assessors(network, client_of, reader):
    client = client_of(network[reader])

    assert client.get(reverse("certification:practicals")).status_code == 403
    assert client.post(sheet_url(network), signing(network)).status_code == 403
    assert not PracticalAssessment.objects.exists()


def test_assessor_of_another_network_or_without_appointment_signs_nothing(network, client_of):
    elsewhere = PersonFactory(roles=[Role.ASSESSOR])
    unappointed = PersonFactory(roles=[Role.ASSESSOR], organisation=network["outlet"])

    assert client_of(elsewhere).post(sheet_url(network), signing(network)).status_code == 404
    assert client_of(unappointed).post(sheet_url(network), signing(network)).status_code == 403
    assert client_of(network["assessor"]).get(sheet_url(network, "assessor")).status_code == 403
    assert client_of(network["assessor"]).get(sheet_url(network, "customer")).status_code == 404
    assert not PracticalAssessment.objects.exists()


def test_waiting_list_pins_its_queries(network, client_of, django_assert_max_num_queries):
    client = client_of(network["assessor"])
    client.get(reverse("certification:practicals"))
    for who in ("technician", "colleague", "stranger"):
        ready(network, who)

    with django_assert_max_num_queries(25):
        client.get(reverse("certification:practicals"))


def test_what_one_signed_is_found_again_by_person_or_checklist_and_nobody_elses(network, client_of):
    ready(network)
    client, data = client_of(network["assessor"]), signing(network)
    client.post(sheet_url(network), data)
    client.post(sheet_url(network), data | {"step": "sign"})
    address = reverse("certification:practicals_signed")

    number, checklist = network["technician"].staff_number.lower(), network["checklist"].title

    for wanted in ("", "林小川", number, "linxiaochuan", checklist):
        assert "林小川" in client.get(address, {"q": wanted}).content.decode(), wanted
    assert "林小川" not in client.get(address, {"q": "杨振华"}).content.decode()
    assert client_of(network["technician"]).get(address).status_code == 403

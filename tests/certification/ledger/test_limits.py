"""A limit in words stands on gate, file, certificate, card and public page, and is lifted by an empty one."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from certification import ledger
from certification.certificates.verification import verify
from certification.errors import ReasonNeeded
from certification.ledger.errors import NothingToLimit
from certification.models import WorkLimit
from portal.enums import Task
from portal.registry import duty
from tests.certification.requesting import get
from tests.factories.certification import certificate_for

pytestmark = pytest.mark.django_db
LIMIT = "不从事登高作业"


def limit(network, text=LIMIT, reason="体检结论", **given):
    usual = {"by": network["manager"], "form_key": uuid.uuid4()}
    return ledger.limit_work(network["technician"], network["scheme"], text=text, reason=reason, **(usual | given))


def reason(network, known_at=None):
    moment = known_at or timezone.now()
    found = duty.ask(network["technician"], network["equipment"], Task.REPAIR, timezone.localdate(), moment)
    assert found.allowed
    return found.reasons[0]


def test_the_last_word_holds_and_what_was_known_before_stays(network):
    certificate = certificate_for(network["technician"], network["scheme"])
    before = timezone.now()
    assert "limit" not in reason(network).params
    with_time = limit(network)
    assert LIMIT in reason(network).message
    assert reason(network).params["limit"] == LIMIT
    assert verify(certificate).limit == LIMIT
    if with_time.recorded_at > before:
        assert "limit" not in reason(network, before).params
    limit(network, text="", reason="复检合格")
    assert "limit" not in reason(network).params
    assert verify(certificate).limit == ""


def test_what_was_never_granted_or_changes_nothing_is_refused(network):
    with pytest.raises(NothingToLimit):
        limit(network)
    certificate_for(network["technician"], network["scheme"])
    with pytest.raises(ReasonNeeded):
        limit(network, reason=" ")
    limit(network)
    with pytest.raises(NothingToLimit):
        limit(network)


def test_the_keeper_sets_it_and_it_stands_everywhere(network, client_of):
    certificate = certificate_for(network["technician"], network["scheme"])
    address = reverse("certification:limit", args=[network["technician"].staff_number, network["scheme"].code])
    client = client_of(network["manager"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"text": LIMIT, "reason": "体检", "form_key": uuid.uuid4()}).status_code == 302
    assert LIMIT in get(client_of, network["technician"], "mine").content.decode()
    assert LIMIT in get(client_of, network["manager"], "person", network["technician"].staff_number).content.decode()
    page = client_of(network["stranger"]).get(reverse("verify:certificate", args=[certificate.number]))
    assert LIMIT in page.content.decode()
    for paper in ("certificate_pdf", "work_card_pdf"):
        assert get(client_of, network["technician"], paper, certificate.number).status_code == 200


@pytest.mark.parametrize("reader", ["technician", "trainer", "auditor", "far_manager", "dispatcher"])
def test_others_set_none(network, client_of, reader):
    certificate_for(network["technician"], network["scheme"])
    address = reverse("certification:limit", args=[network["technician"].staff_number, network["scheme"].code])
    sent = {"text": LIMIT, "reason": "体检", "form_key": uuid.uuid4()}
    assert client_of(network[reader]).post(address, sent).status_code in (403, 404)
    assert not WorkLimit.objects.exists()

"""Who sees a case: one predicate for list, page, photos, acts and letters."""

import pytest

from kb.cases import domain
from kb.cases.permissions import can_open_case, can_work_on
from portal.enums import Role
from tests.factories.kb import FieldCaseFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db

EVERYBODY = ("reporter", "colleague", "lead", "regional", "expert", "stranger", "neighbour", "contact")


def who(network, test):
    return {name for name in EVERYBODY if test(getattr(network, name))}


def test_case_is_seen_at_its_place_and_above(case, network):
    seen = who(network, lambda person: can_open_case(person, case))
    assert seen == {"reporter", "colleague", "lead", "regional", "expert"}


def test_case_is_worked_on_at_its_place_and_above(case, network):
    assert who(network, lambda person: can_work_on(person, case)) == {
        "reporter", "colleague", "lead", "regional", "expert"
    }  # fmt: skip
    passed = domain.pass_up(case, network.lead, "转大区")
    assert who(network, lambda person: can_work_on(person, passed)) == {"regional", "expert"}


def test_whom_it_complains_about_does_not_see_it(network):
    complaint = FieldCaseFactory(reporter=network.colleague, complains_about=[network.lead, network.regional])
    assert who(network, lambda person: can_open_case(person, complaint)) == {"reporter", "colleague", "expert"}


def test_customer_sees_and_never_works_on_their_own(network):
    own = FieldCaseFactory(reporter=network.contact)
    assert can_open_case(network.contact, own)
    assert not can_work_on(network.contact, own)


def test_auditor_sees_and_does_not_work(case, network):
    auditor = PersonFactory(organisation=network.hq, roles=[Role.AUDITOR])
    assert can_open_case(auditor, case)
    assert not can_work_on(auditor, case)


@pytest.mark.parametrize("name", ["stranger", "neighbour", "contact", None])
def test_every_door_is_closed_to_who_does_not_see_the_case(client_of, case, network, name):
    client = client_of(getattr(network, name) if name else None)
    expected = 404 if name else 302
    for address in ("", "photos/1.jpg"):
        assert client.get(f"/kb/cases/{case.pk}/{address}").status_code == expected
    for act in ("take", "answer", "ask", "reply", "up", "merge", "close", "reopen", "article", "holds"):
        assert client.post(f"/kb/cases/{case.pk}/{act}/", {"text": "x"}).status_code == expected
    assert case.title not in client.get("/kb/cases/?view=all").content.decode()
    assert case.entries.count() == 1

"""Pages of notices: one's own only; channels; robots for administrators."""

import uuid

import pytest
from django.urls import reverse

from portal.enums import Role
from portal.models import ChatRobot, NoticeChoice, Person, PortalNotice
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(email="lin@example.com", organisation=OrganisationFactory(), roles=[Role.ENGINEER])


@pytest.fixture
def notice(person):
    Person.objects.filter(pk=person.pk).update(unread_notices=1)
    return PortalNotice.objects.create(
        key=uuid.uuid4(), person=person, kind="sessions", title="改期了", path="/courses/"
    )


def test_unread_number_stands_beside_the_name(person, notice, client_of):
    page = client_of(person).get("/").content.decode()
    assert 'class="unread-count">1' in page


def test_notice_is_read_and_leads_to_what_it_is_about(person, notice, client_of):
    client = client_of(person)
    assert "改期了" in client.get(reverse("notices")).content.decode()
    answer = client.post(reverse("read_notices"), {"notice": notice.pk})
    assert answer["Location"] == "/courses/"
    person.refresh_from_db()
    assert person.unread_notices == 0


def test_nobody_reads_the_notices_of_others(person, notice, client_of):
    other = client_of(PersonFactory())
    assert "改期了" not in other.get(reverse("notices")).content.decode()
    assert other.post(reverse("read_notices"), {"notice": notice.pk}).status_code == 404
    for key in ("x", "-" * 36, "a" * 36):
        assert other.post(reverse("read_notices"), {"notice": key}).status_code == 404


def test_list_takes_as_many_queries_for_many_as_for_few(person, notice, client_of, django_assert_max_num_queries):
    client = client_of(person)
    client.get(reverse("notices"))
    for _number in range(15):
        PortalNotice.objects.create(key=uuid.uuid4(), person=person, kind="sessions", title="提醒")
    with django_assert_max_num_queries(8):
        client.get(reverse("notices"))


def test_channels_are_chosen_by_kind(person, client_of):
    address = reverse("notice_channels")
    page = client_of(person).get(address)
    kinds = list(page.context["form"].fields)
    assert {"sessions", "reminders", "expiries"} <= set(kinds)
    given = {kind: ["in_portal"] for kind in kinds}
    client_of(person).post(address, given)
    choice = NoticeChoice.objects.get(person=person, kind="sessions")
    assert (choice.by_mail, choice.in_portal, choice.by_robot) == (False, True, False)
    assert client_of(person).post(address, given | {"sessions": []}).status_code == 422
    assert client_of(person).post(address, given | {"sessions": ["by_robot"]}).status_code == 422


def test_robots_are_for_administrators_and_never_show_their_address(client_of):
    place, address = OrganisationFactory(), reverse("chat_robots")
    administrator = PersonFactory(roles=[Role.ADMINISTRATOR], organisation=place)
    assert client_of(PersonFactory(roles=[Role.MANAGER], organisation=place)).get(address).status_code == 403
    hook = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=geheim"
    facts = {"organisation": place.pk, "name": "成都群", "kind": "wecom", "address": hook}
    client = client_of(administrator)
    assert client.post(address, facts | {"address": "https://10.0.0.1/x"}).status_code == 422
    client.post(address, facts)
    page = client.get(address).content.decode()
    assert "成都群" in page
    assert "geheim" not in page
    client.post(address, {"stop": ChatRobot.objects.get().pk})
    assert not ChatRobot.objects.get().is_active

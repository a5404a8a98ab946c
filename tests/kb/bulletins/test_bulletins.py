"""Bulletins: issued once an edition, confirmed by who is asked, shown where they hold."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from kb.bulletins.domain import confirm, publish_bulletin, remind_readers
from kb.bulletins.errors import EditionReplaced, NotAsked
from kb.bulletins.queries import current_issue, waiting_for, without_confirmation
from kb.errors import NotPublishable
from kb.models import BulletinConfirmation
from kb.serials import in_range
from portal.enums import Audience, Role, Tier
from portal.models import PortalNotice
from tests.factories.kb import BulletinFactory
from tests.factories.portal import EquipmentModelFactory, EquipmentUnitFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def soon(days=2):
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture
def region(hq):
    return OrganisationFactory(parent=hq, tier=Tier.REGION)


@pytest.fixture
def outlet(region):
    return OrganisationFactory(parent=region)


@pytest.fixture
def worker(outlet):
    return PersonFactory(organisation=outlet, roles=[Role.ENGINEER], email="worker@example.org")


def test_readers_are_those_of_its_places_and_roles(worker, outlet, region, hq):
    elsewhere = PersonFactory(organisation=OrganisationFactory(parent=hq), roles=[Role.ENGINEER])
    dispatcher = PersonFactory(organisation=outlet, roles=[Role.DISPATCHER])
    customer = OrganisationFactory(parent=outlet, tier=Tier.CUSTOMER)
    PersonFactory(organisation=customer, roles=[Role.ENGINEER])
    issue = current_issue(BulletinFactory(read_by=soon(), reader_roles=[Role.ENGINEER], places=[region]))
    assert list(without_confirmation(issue)) == [worker]
    assert waiting_for(worker) == [issue]
    for other in (elsewhere, dispatcher):
        assert waiting_for(other) == []
        with pytest.raises(NotAsked):
            confirm(issue, other)


def test_readers_of_restricted_ones_are_those_who_may_open_it(worker, outlet):
    trainer = PersonFactory(organisation=outlet, roles=[Role.TRAINER])
    issue = current_issue(BulletinFactory(read_by=soon(), audience=Audience.RESTRICTED))
    assert list(without_confirmation(issue)) == [trainer]
    assert waiting_for(worker) == []


def test_the_day_of_an_issued_edition_stands(worker):
    bulletin = BulletinFactory(read_by=soon(2))
    bulletin.read_by = soon(9)
    with pytest.raises(NotPublishable):
        publish_bulletin(bulletin)
    bulletin.edition = "A/1"
    publish_bulletin(bulletin)
    assert current_issue(bulletin).read_by == soon(9)


def test_a_word_is_taken_once_and_a_new_edition_asks_anew(worker):
    bulletin = BulletinFactory(read_by=soon())
    first = current_issue(bulletin)
    said = confirm(first, worker)
    assert confirm(first, worker) == said
    assert waiting_for(worker) == []
    bulletin.title = "改了错字"
    publish_bulletin(bulletin)
    assert current_issue(bulletin) == first
    bulletin.edition = "A/1"
    publish_bulletin(bulletin)
    assert waiting_for(worker) == [current_issue(bulletin)]
    with pytest.raises(EditionReplaced):
        confirm(first, worker)


def test_an_edition_gives_readers_time(worker):
    with pytest.raises(NotPublishable):
        BulletinFactory(read_by=timezone.localdate() - dt.timedelta(days=1))


def test_who_has_not_confirmed_is_reminded_once(worker, django_capture_on_commit_callbacks):
    BulletinFactory(read_by=soon(2))
    BulletinFactory(read_by=soon(30))
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_readers() == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_readers() == 0
    assert [letter.to for letter in mail.outbox] == [[worker.email]]
    assert PortalNotice.objects.get().kind == "bulletins"


def test_the_page_takes_the_word(client_of, worker):
    bulletin = BulletinFactory(read_by=soon())
    client = client_of(worker)
    assert 'name="edition"' in client.get(bulletin.get_absolute_url()).content.decode()
    answer = client.post(f"{bulletin.get_absolute_url()}confirm/", {"edition": "A/0"})
    assert answer.status_code == 302
    assert BulletinConfirmation.objects.get().person == worker
    assert 'name="edition"' not in client.get(bulletin.get_absolute_url()).content.decode()


def test_strangers_neither_read_nor_confirm(client_of, readers):
    bulletin = BulletinFactory(read_by=soon())
    for reader in (None, readers["customer"]):
        assert client_of(reader).get(bulletin.get_absolute_url()).status_code == 404
        assert bulletin.title not in client_of(reader).get("/kb/bulletins/").content.decode()
    assert (
        client_of(readers["customer"]).post(f"{bulletin.get_absolute_url()}confirm/", {"edition": "A/0"}).status_code
        == 404
    )
    assert not BulletinConfirmation.objects.exists()


def test_who_has_not_is_listed_within_ones_sight(client_of, worker, region, hq):
    other = PersonFactory(organisation=OrganisationFactory(parent=hq), name="外区同事")
    bulletin = BulletinFactory(read_by=soon())
    manager = PersonFactory(organisation=region, roles=[Role.MANAGER])
    page = client_of(manager).get(f"{bulletin.get_absolute_url()}readers/")
    assert worker.name in page.content.decode()
    assert other.name not in page.content.decode()
    table = client_of(manager).get(f"{bulletin.get_absolute_url()}readers/?export=csv").content.decode("utf-8-sig")
    assert worker.staff_number in table
    assert client_of(worker).get(f"{bulletin.get_absolute_url()}readers/").status_code == 404


def test_a_machine_shows_those_whose_range_it_is_in(client_of, worker):
    model = EquipmentModelFactory()
    meant = EquipmentUnitFactory(model=model, serial="SC-9")
    other = EquipmentUnitFactory(model=model, serial="SC-100")
    bulletin = BulletinFactory(equipment=[model], category=model.category, serial_from="SC-1", serial_to="SC-20")
    client = client_of(worker)
    assert bulletin.title in client.get(f"/units/{meant.pk}/").content.decode()
    assert bulletin.title not in client.get(f"/units/{other.pk}/").content.decode()
    assert bulletin.title in client.get(model.get_absolute_url()).content.decode()


def test_what_is_over_is_shown_apart(client_of):
    bulletin = BulletinFactory(
        audience=Audience.PUBLIC,
        valid_from=timezone.localdate() - dt.timedelta(days=9),
        valid_until=timezone.localdate() - dt.timedelta(days=1),
    )
    assert bulletin.title not in client_of().get("/kb/bulletins/").content.decode()
    assert bulletin.title in client_of().get("/kb/bulletins/?over=1").content.decode()
    assert "alert--warning" in client_of().get(bulletin.get_absolute_url()).content.decode()


@pytest.mark.parametrize("serial", ["SN-9", "sn-10", "SN-0010"])
def test_serials_are_compared_as_counted(serial):
    assert in_range(serial, "SN-2", "SN-10")
    assert not in_range("SN-11", "SN-2", "SN-10")


@pytest.mark.parametrize("count", [1, 4])
def test_what_waits_costs_the_same_for_many(worker, django_assert_max_num_queries, count):
    for _number in range(count):
        BulletinFactory(read_by=soon())
    person = type(worker).objects.get(pk=worker.pk)
    with django_assert_max_num_queries(6):
        assert len(waiting_for(person)) == count


def test_the_form_of_the_editing_area_refuses_an_empty_bulletin(client_of, editor):
    draft = BulletinFactory(published=False)
    page = client_of(editor).get(f"/cms/snippets/kb/bulletin/edit/{draft.pk}/")
    assert page.status_code == 200

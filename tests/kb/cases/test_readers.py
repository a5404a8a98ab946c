"""The file of an accident is read by its named readers alone: in lists, letters, the audit log and everywhere else."""

import io
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from kb.cases import articles, domain
from kb.cases.errors import (
    AccidentStaysClosed,
    IsAboutThem,
    LastKeeper,
    NotAKeeper,
    NotAReaderYet,
    ReadsAlready,
    ReasonMissing,
)
from kb.cases.letters import send_letter
from kb.cases.permissions import can_open_case, can_work_on, cases_for
from kb.cases.queries import to_do
from kb.cases.readers import OPENED, add_reader, remove_reader
from kb.enums import CaseKind
from kb.models import CaseReader, FieldCase
from portal.access.narrowing import audit_events_in_sight
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.kb import FieldCaseFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def accident(network):
    return FieldCaseFactory(reporter=network.reporter, kind=CaseKind.ACCIDENT, title="蒸箱爆裂伤人")


def who(network, holds):
    return {name for name, person in vars(network).items() if hasattr(person, "staff_number") and holds(person)}


def readers_of(case):
    return {row.person for row in case.readers.filter(removed_at=None)}


def row_of(case, person):
    return case.readers.get(person=person, removed_at=None)


# --- who reads it ------------------------------------------------------------------------------------------------


def test_it_is_read_by_its_reporter_and_who_answers_for_it_and_nobody_by_role(accident, network):
    assert who(network, lambda person: can_open_case(person, accident)) == {"reporter", "regional"}
    assert who(network, lambda person: can_work_on(person, accident)) == {"reporter", "regional"}
    for role in Role:
        outsider = PersonFactory(organisation=network.hq, roles=[role])
        assert not cases_for(outsider).exists(), role
    assert not cases_for(PersonFactory(organisation=network.hq, is_superuser=True)).exists()


def test_in_nobodys_hands_it_waits_for_who_answers_for_it_from_above(accident, case, network):
    assert accident in to_do(network.regional)
    assert case not in to_do(network.regional)
    for person in (network.colleague, network.neighbour, network.lead):
        assert accident not in to_do(person)
    domain.take_over(accident, network.regional)
    assert accident in to_do(network.regional)


def test_other_cases_are_seen_as_before(case, accident, network):
    assert set(cases_for(network.expert)) == {case}
    assert set(cases_for(network.regional)) == {case, accident}


def test_where_nobody_answers_whoever_works_there_reads_it(network):
    network.regional.is_active = False
    network.regional.save()
    accident = FieldCaseFactory(reporter=network.reporter, kind=CaseKind.ACCIDENT)
    assert readers_of(accident) == {network.reporter, network.lead, network.expert}


def test_whom_it_is_about_is_never_a_reader(network):
    accident = FieldCaseFactory(
        reporter=network.reporter, kind=CaseKind.ACCIDENT, complains_about=[network.regional, network.lead]
    )
    assert readers_of(accident) == {network.reporter}
    keeper = PersonFactory(organisation=network.hq, roles=[Role.MANAGER])
    CaseReader.objects.create(case=accident, person=keeper, reason="接手", added_at=timezone.now())
    with pytest.raises(IsAboutThem):
        add_reader(accident, network.lead, reason="帮忙", by=keeper)
    # Not even by a row that goes round the verb.
    CaseReader.objects.create(case=accident, person=network.lead, reason="绕过", added_at=timezone.now())
    assert not can_open_case(network.lead, accident)


# --- the list ----------------------------------------------------------------------------------------------------


def test_a_reader_comes_and_goes_with_a_reason_on_record(accident, network):
    row = add_reader(accident, network.expert, reason="需要总部鉴定", by=network.regional)
    assert can_open_case(network.expert, accident)
    domain.take_over(accident, network.expert)
    remove_reader(row, reason="鉴定已完成", by=network.regional)
    assert not can_open_case(network.expert, accident)
    accident.refresh_from_db()
    assert accident.assignee is None
    row.refresh_from_db()
    assert (row.removed_by, row.removal_reason) == (network.regional, "鉴定已完成")
    acts = AuditEvent.objects.filter(action__startswith="kb.accident_reader", actor=network.regional).order_by("pk")
    assert [(event.action, event.detail["reason"]) for event in acts] == [
        ("kb.accident_reader_added", "需要总部鉴定"),
        ("kb.accident_reader_removed", "鉴定已完成"),
    ]


def test_only_keepers_change_it(accident, case, network):
    for person in (network.reporter, network.lead, network.expert, network.neighbour, network.contact):
        with pytest.raises(NotAKeeper):
            add_reader(accident, network.colleague, reason="想看", by=person)
        with pytest.raises(NotAKeeper):
            remove_reader(row_of(accident, network.reporter), reason="不该看", by=person)
    with pytest.raises(NotAKeeper):
        add_reader(case, network.colleague, reason="普通问题没有名单", by=network.regional)
    assert readers_of(accident) == {network.reporter, network.regional}


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_changes(accident, network, reason):
    with pytest.raises(ReasonMissing):
        add_reader(accident, network.expert, reason=reason, by=network.regional)
    with pytest.raises(ReasonMissing):
        remove_reader(row_of(accident, network.reporter), reason=reason, by=network.regional)


def test_customers_leavers_and_readers_are_not_added(accident, network):
    gone = PersonFactory(organisation=network.hq, is_active=False)
    for person in (network.contact, gone):
        with pytest.raises(NotAReaderYet):
            add_reader(accident, person, reason="鉴定", by=network.regional)
    with pytest.raises(ReadsAlready):
        add_reader(accident, network.reporter, reason="鉴定", by=network.regional)


def test_the_last_keeper_stays(accident, network):
    with pytest.raises(LastKeeper):
        remove_reader(row_of(accident, network.regional), reason="调离", by=network.regional)
    add_reader(accident, network.expert, reason="接手", by=network.regional)
    remove_reader(row_of(accident, network.regional), reason="调离", by=network.regional)
    with pytest.raises(ReadsAlready):
        remove_reader(CaseReader.objects.get(person=network.regional), reason="再次", by=network.expert)


def test_passed_up_it_is_read_by_who_answers_there(accident, network):
    chief = PersonFactory(organisation=network.hq, roles=[Role.MANAGER])
    passed = domain.pass_up(accident, network.regional, "转大区")
    domain.pass_up(passed, network.regional, "转总部")
    assert can_open_case(chief, accident)


def test_whom_a_keeper_took_off_comes_back_by_a_keeper_only(accident, network):
    boss = PersonFactory(organisation=network.region, roles=[Role.MANAGER])
    row = add_reader(accident, boss, reason="协助", by=network.regional)
    remove_reader(row, reason="与伤者有亲属关系", by=network.regional)
    passed = domain.pass_up(accident, network.regional, "转大区")
    assert readers_of(passed) == {network.reporter, network.regional}
    assert not can_open_case(boss, passed)
    assert add_reader(passed, boss, reason="已回避完毕", by=network.regional)


def test_where_who_answers_was_taken_off_whoever_works_there_reads_it(accident, network):
    keeper = PersonFactory(organisation=network.region, roles=[Role.TRAINER])
    add_reader(accident, keeper, reason="接手", by=network.regional)
    remove_reader(row_of(accident, network.regional), reason="回避", by=keeper)
    passed = domain.pass_up(accident, keeper, "转大区")
    assert not can_open_case(network.regional, passed)
    assert can_open_case(network.expert, passed)


def test_who_is_admitted_by_passing_it_up_gets_the_letter(accident, network, django_capture_on_commit_callbacks):
    PersonFactory(organisation=network.hq, roles=[Role.MANAGER], email="chief@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        domain.pass_up(accident, network.regional, "转大区")
    assert "chief@example.com" in {address for letter in mail.outbox for address in letter.to}


def test_several_are_added_all_or_none(accident, network, client_of):
    numbers = f"{network.expert.staff_number}、{network.reporter.staff_number}"
    address = f"/kb/cases/{accident.pk}/readers/"
    client_of(network.regional).post(address, {"person": numbers, "reason": "鉴定"})
    assert readers_of(accident) == {network.reporter, network.regional}
    assert not AuditEvent.objects.filter(action="kb.accident_reader_added", actor=network.regional).exists()


def test_the_database_holds_the_rules(accident, network):
    good = {"case": accident, "person": network.expert, "reason": "鉴定", "added_at": timezone.now()}
    for bad in ({"reason": ""}, {"removed_at": timezone.now()}, {"removal_reason": "x"}, {"person": network.reporter}):
        with pytest.raises(ValidationError):
            CaseReader(**good | bad).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseReader.objects.create(**good | bad)


# --- every door --------------------------------------------------------------------------------------------------


def test_hidden_is_as_an_invented_number(accident, network, client_of):
    row = row_of(accident, network.reporter)
    for person in (network.expert, network.lead, network.neighbour, network.contact):
        client = client_of(person)
        for pk in (accident.pk, 987654):
            assert client.get(f"/kb/cases/{pk}/").status_code == 404
            assert client.post(f"/kb/cases/{pk}/readers/", {"person": "x", "reason": "x"}).status_code == 404
            assert client.post(f"/kb/cases/{pk}/readers/{row.pk}/remove/", {"reason": "x"}).status_code == 404
        for address in ("/kb/cases/?view=all", "/kb/cases/", "/", "/search/?q=蒸箱爆裂"):
            assert accident.title not in client.get(address, follow=True).content.decode(), address
    assert client_of(None).post(f"/kb/cases/{accident.pk}/readers/").status_code == 302
    assert not AuditEvent.objects.filter(action=OPENED).exists()


def test_the_page_shows_the_list_and_its_keepers_change_it(accident, network, client_of):
    client = client_of(network.regional)
    html = client.get(accident.get_absolute_url()).content.decode()
    assert network.reporter.name in html
    assert f"/kb/cases/{accident.pk}/readers/" in html
    client.post(f"/kb/cases/{accident.pk}/readers/", {"person": network.expert.staff_number, "reason": "鉴定"})
    assert can_open_case(network.expert, accident)
    row = row_of(accident, network.expert)
    client.post(f"/kb/cases/{accident.pk}/readers/{row.pk}/remove/", {"reason": ""})
    assert can_open_case(network.expert, accident)
    client.post(f"/kb/cases/{accident.pk}/readers/{row.pk}/remove/", {"reason": "完成"})
    assert not can_open_case(network.expert, accident)
    html = client_of(network.reporter).get(accident.get_absolute_url()).content.decode()
    assert "完成" in html
    assert f"/kb/cases/{accident.pk}/readers/" not in html


def test_a_row_of_another_file_is_not_touched(accident, network, client_of):
    other = FieldCaseFactory(reporter=network.colleague, kind=CaseKind.ACCIDENT)
    row = row_of(other, network.colleague)
    answer = client_of(network.regional).post(f"/kb/cases/{accident.pk}/readers/{row.pk}/remove/", {"reason": "x"})
    assert answer.status_code == 404


def test_each_opening_is_logged_and_that_of_other_cases_is_not(accident, case, network, client_of):
    client = client_of(network.regional)
    client.get(case.get_absolute_url())
    client.get(accident.get_absolute_url())
    client.get(accident.get_absolute_url())
    client_of(network.reporter).get(accident.get_absolute_url())
    opened = AuditEvent.objects.filter(action=OPENED).order_by("pk")
    assert [event.actor for event in opened] == [network.regional, network.regional, network.reporter]
    assert {event.subject for event in opened} == {f"kb.fieldcase:{accident.pk}"}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_audit_log_of_others_says_nothing_of_it(accident, case, network, client_of, role):
    synchronise_roles()
    person = PersonFactory(organisation=network.hq, roles=[role])
    subjects = set(audit_events_in_sight(person).values_list("subject", flat=True))
    assert f"kb.fieldcase:{accident.pk}" not in subjects
    assert f"kb.fieldcase:{case.pk}" in subjects
    superuser = PersonFactory(organisation=network.hq, is_superuser=True)
    assert not audit_events_in_sight(superuser).filter(subject=f"kb.fieldcase:{accident.pk}").exists()


def test_its_readers_find_it_in_the_audit_log(accident, network):
    CaseReader.objects.create(case=accident, person=network.expert, reason="x", added_at=timezone.now())
    chief = PersonFactory(organisation=network.hq, roles=[Role.ADMINISTRATOR])
    CaseReader.objects.create(case=accident, person=chief, reason="x", added_at=timezone.now())
    assert audit_events_in_sight(chief).filter(subject=f"kb.fieldcase:{accident.pk}").exists()


def test_letters_go_to_readers_and_do_not_name_it(accident, network):
    assert not send_letter(accident, network.expert, "reported", uuid.uuid4())
    assert send_letter(accident, network.regional, "reported", uuid.uuid4())
    [letter] = mail.outbox
    assert accident.number in letter.subject
    assert accident.title not in letter.subject + letter.body


def test_its_photos_carry_the_readers_name_and_each_opening_is_logged(network, client_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    written = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 150)).save(written, "JPEG")
    accident = FieldCaseFactory(reporter=network.reporter, kind=CaseKind.ACCIDENT, photos=[written.getvalue()])
    address = f"/kb/cases/{accident.pk}/photos/{accident.photos.get().pk}.jpg"
    first, second = (client_of(person).get(address) for person in (network.reporter, network.regional))
    assert len({first.content, second.content, written.getvalue()}) == 3
    assert first["Cache-Control"] == "private, no-store"
    assert AuditEvent.objects.filter(action=OPENED, detail__what__startswith="photo").count() == 2
    assert client_of(network.expert).get(address).status_code == 404


def test_its_words_do_not_become_an_article(accident, network):
    domain.take_over(accident, network.regional)
    domain.answer(accident, network.regional, "更换压力阀")
    synchronise_roles()
    writer = PersonFactory(organisation=network.hq, roles=[Role.ADMINISTRATOR])
    CaseReader.objects.create(case=accident, person=writer, reason="x", added_at=timezone.now())
    with pytest.raises(AccidentStaysClosed):
        articles.draft_article(FieldCase.objects.get(pk=accident.pk), writer)

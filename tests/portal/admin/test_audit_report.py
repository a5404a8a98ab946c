"""The audit log as people read it."""

import ast
import datetime as dt
import io
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from courses.enums import EnrolmentState
from portal.access import audit
from portal.access.changes import between, since, snapshot
from portal.admin.audit_facts import NAMES
from portal.admin.audit_words import shown, verb_words
from portal.enums import Role
from portal.models import AuditEvent
from portal.registry.audit import verbs
from tests.factories.certification import LedgerEntryFactory, PracticalAssessmentFactory, QuestionFactory
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import OrganisationFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def hq():
    """The one organisation."""
    return OrganisationFactory(name="总公司")


@pytest.fixture
def administrator(hq):
    """Reads and edits."""
    return PersonFactory(staff_number="S001", name="管理员", organisation=hq, roles=[Role.ADMINISTRATOR])


@pytest.fixture
def client(client_of, administrator):
    """The administrator's browser."""
    return client_of(administrator)


@pytest.fixture
def position(hq, administrator):
    """A post whose duty gate was changed, which is on record."""
    position = PositionFactory(title="制冷技工", organisation=hq)
    changes = [
        {"field": "title", "old": "技工", "new": "制冷技工"},
        {"field": "is_duty_gated", "old": False, "new": True},
    ]
    audit.record("portal.position_changed", position, actor=administrator, changes=changes)
    return position


def page(client, **filters):
    return client.get(reverse("audit_report"), filters).content.decode()


def test_an_event_is_told_in_words(client, position):
    html = page(client)
    event = AuditEvent.objects.get()
    moment = timezone.localtime(event.at, timezone.get_default_timezone())
    assert [text in html for text in ("修改岗位", f"{moment:%Y-%m-%d %H:%M:%S}", "管理员")] == [True] * 3
    assert f'<a href="{reverse("position:edit", args=[position.pk])}">岗位 制冷技工' in html
    lines = [str(change) for change in shown([event], event.actor)[0].changes]
    assert lines[0].endswith(": 技工 → 制冷技工")
    assert lines[1].endswith(": 否 → 是")
    assert "<del>技工</del> → <ins>制冷技工</ins>" in html


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"action": "修改岗位"}, True),
        ({"action": "删除"}, False),
        ({"subject": "portal.position:"}, True),
        ({"subject": "岗位"}, True),
        ({"subject": "证书"}, False),
        ({"subject": "S001"}, False),
        ({"actor": "管理员"}, True),
        ({"actor": "S002"}, False),
        ({"at_from": "2020-01-01", "at_to": "2020-01-02"}, False),
    ],
)
def test_events_are_found_by_words_subject_actor_and_period(client, position, filters, found):
    assert ("制冷技工</ins>" in page(client, **filters)) is found


def test_export_carries_labels_and_both_values(client, position):
    answer = client.get(reverse("audit_report"), {"export": "xlsx"})
    heading, row = load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True)
    assert heading == ("时间（Asia/Shanghai）", "操作人", "操作", "对象", "变更内容", "详情")
    assert row[0] == timezone.make_naive(AuditEvent.objects.get().at).replace(microsecond=0)
    assert row[2:4] == ("修改岗位", f"岗位 {position}")
    assert "技工 → 制冷技工" in row[4]
    text = client.get(reverse("audit_report"), {"export": "csv"}).getvalue().decode("utf-8-sig")
    assert text.splitlines()[0] == "时间（Asia/Shanghai）,操作人,操作,对象,变更内容,详情"


def test_answers_of_questions_are_read_by_who_keeps_them(hq, administrator):
    changes = [{"field": "ref", "old": "Q1", "new": "Q2"}]
    event = audit.record("certification.question_changed", QuestionFactory(), actor=administrator, changes=changes)
    auditor = PersonFactory(organisation=hq, roles=[Role.AUDITOR])
    assert [len(shown([event], reader)[0].changes) for reader in (administrator, auditor)] == [1, 0]
    assert shown([event], auditor)[0].hidden == 1


def test_every_act_of_the_code_has_words():
    assert {act for act in verbs if verb_words(act) == act} == set()
    assert verb_words("portal.position_deleted") == "删除岗位"
    assert verb_words("nobody.did_this") == "nobody.did_this"


def test_pages_of_fifty(client, position, administrator):
    for _ in range(60):
        audit.record("portal.signed_in", administrator, actor=administrator)
    assert len(re.findall(rf">\s*{verb_words('portal.signed_in')}\s*</td>", page(client))) == 50
    assert "制冷技工</ins>" in page(client, p="2")


def test_records_nobody_edits_are_named_and_linked(client, hq, administrator):
    entry = LedgerEntryFactory(person__organisation=hq)
    practical = PracticalAssessmentFactory(person__organisation=hq)
    for action, record in (("certification.granted", entry), ("certification.practical_signed", practical)):
        audit.record(action, record, actor=administrator, person=record.person_id)

    html = page(client)

    file = reverse("certification:person", args=[entry.person.staff_number])
    evidence = reverse("certification:evidence_practical", args=[practical.pk])
    assert re.search(rf'href="{file}">[^<]*{entry.person.name}', html)
    assert re.search(rf'href="{evidence}">[^<]*{practical.person.name}', html)
    assert "certification.ledgerentry" not in html
    assert f": {entry.person}" in html


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_the_log_takes_as_many_queries_whatever_it_lists(
    client, hq, administrator, number, django_assert_max_num_queries
):
    for _ in range(number):
        entry = LedgerEntryFactory(person__organisation=hq)
        audit.record("certification.granted", entry, actor=administrator, person=entry.person_id)
    page(client)
    with django_assert_max_num_queries(24):
        page(client)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.TRAINER, Role.ENGINEER, Role.DISPATCHER])
@pytest.mark.parametrize("asked", [{}, {"export": "csv"}])
def test_nobody_else_reads_or_exports_the_log(client_of, hq, position, role, asked):
    reader = client_of(PersonFactory(organisation=hq, roles=[role]))

    assert reader.get(reverse("audit_report"), asked).status_code in (302, 403)


def test_changes_of_another_record_than_the_one_acted_on_are_told_in_its_words(administrator):
    enrolment = EnrolmentFactory(state=EnrolmentState.CANCELLED, reason="有事")
    before = snapshot(enrolment)
    enrolment.state, enrolment.reason = EnrolmentState.SEATED, ""
    enrolment.booked_at = dt.datetime(2026, 11, 27, 15, 28, 4, tzinfo=dt.UTC)
    changes = since(before, enrolment)
    event = audit.record("courses.seat_booked", enrolment.session, actor=administrator, changes=changes)

    told = [str(change) for change in shown([event], administrator)[0].changes]

    assert "状态: 已取消 → 已报名" in told
    assert any(line.startswith("报名时间: ") and line.endswith("2026-11-27 23:28:04") for line in told)
    # Where the act names the record itself, nothing more is kept than before.
    own = audit.record("courses.seat_cancelled", enrolment, changes=changes)
    assert all("of" not in change for change in own.detail["changes"])


def test_values_of_another_record_are_hidden_from_who_may_not_read_that_record(hq, administrator):
    question = QuestionFactory()
    changes = between(type(question), None, snapshot(question))
    event = audit.record("portal.position_changed", PositionFactory(organisation=hq), changes=changes)
    auditor = PersonFactory(organisation=hq, roles=[Role.AUDITOR])
    assert [bool(shown([event], reader)[0].changes) for reader in (administrator, auditor)] == [True, False]


def test_facts_are_told_in_words(administrator):
    facts = {"task": "repair", "state": "submitted", "decision": "approved", "minutes_late": 12, "answer": "refused"}
    event = audit.record("kb.work_recorded", administrator, known_at="2026-11-27T15:28:04+00:00", **facts)

    told = dict(shown([event], administrator)[0].facts)

    assert told == {
        "作业": "维修",
        "状态": "已交卷",
        "决定": "已批准",
        "迟到分钟数": "12",
        "上岗判定": "不允许",
        "以何时的记录为准": "2026-11-27 23:28:04",
    }


def test_every_fact_the_code_records_has_a_name():
    given = set()
    for app in ("portal", "kb", "courses", "certification"):
        for path in (ROOT / app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                    given |= {keyword.arg for keyword in call.keywords if keyword.arg}
    assert len(given) > 60
    assert given - {"actor", "changes"} - NAMES.keys() == set()

"""The audit log as people read it."""

import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.access import audit
from portal.admin.audit_words import shown, verb_words
from portal.enums import Role
from portal.models import AuditEvent
from portal.registry.audit import verbs
from tests.factories.certification import QuestionFactory
from tests.factories.portal import OrganisationFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


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

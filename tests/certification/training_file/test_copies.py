"""A copy of one's own file: everything on record about oneself, for oneself and for who keeps the file."""

import datetime as dt
import io
import json
import uuid
import zipfile

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone

from certification import ledger
from certification.models import (
    Attempt,
    DutyOverride,
    Excuse,
    ExcuseDecision,
    Guidance,
    GuidanceEnd,
    OverrideWithdrawal,
    TakenOver,
)
from certification.training_file.copy_sections import sections_about
from portal.models import AuditEvent, Person
from tests.factories.certification import (
    AttemptFactory,
    PracticalAssessmentFactory,
    StatutoryCertificateFactory,
    certificate_for,
)
from tests.factories.courses import HourCreditFactory

pytestmark = pytest.mark.django_db


def take(client, person):
    return client.post(reverse("certification:copy", args=[person.staff_number]))


def opened(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return json.loads(archive.read("file.json")), archive.read("file.pdf")


@pytest.fixture
def recorded(network):
    person = network["technician"]
    certificate = certificate_for(person, network["scheme"])
    AttemptFactory(person=person, quiz=network["quiz"], score=64, is_passed=False)
    PracticalAssessmentFactory(person=person, rows=[{"text": "断电", "is_shown": True}])
    StatutoryCertificateFactory(person=person, number="特种 001")
    HourCreditFactory(person=person, minutes=90)
    ledger.suspend(person, network["scheme"], reason="抽查", act_key="s", by=network["manager"])
    certificate_for(network["colleague"], network["scheme"])
    return network | {"certificate": certificate}


def test_the_copy_holds_what_is_on_record_about_oneself_and_nobody_else(recorded, client_of):
    person = recorded["technician"]
    written, paper = opened(take(client_of(person), person))
    records = written["records"]
    assert written["person"]["staff_number"] == person.staff_number
    assert [row["number"] for row in records["certificates"]] == [recorded["certificate"].number]
    assert [row["kind"] for row in records["ledger"]] == ["granted", "suspended"]
    assert [(row["held_score"], row["held_passed"]) for row in records["papers"]] == [(64, False)]
    assert [row["minutes"] for row in records["hours"]] == [90]
    assert [row["number"] for row in records["cards"]] == ["特种 001"]
    assert records["practicals"][0]["rows"] == [{"text": "断电", "is_shown": True}]
    assert paper.startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="certification.copy_taken", actor=person).count() == 1


def test_paper_has_words_for_what_is_kept_as_a_code(recorded):
    sections = {section.key: section for section in sections_about(recorded["technician"])}
    lines = [cell for row in sections["ledger"].values for cell in sections["ledger"].written(row)]
    assert {"授予", "暂停"} <= set(lines)
    (practical,) = [sections["practicals"].written(row) for row in sections["practicals"].values]
    assert "✓ 断电" in practical
    assert "passed" not in practical


def test_days_and_times_on_paper_are_not_broken(recorded):
    sections = {section.key: section for section in sections_about(recorded["technician"])}
    printed = {key: sections[key].on_paper(sections[key].values) for key in ("certificates", "papers")}
    page = render_to_string("certification/training_file/print/copy.html", {"sections": printed.values()})
    day = formats.date_format(recorded["certificate"].issued_on)
    assert f'<span class="copy__whole">{day}</span>' in page
    paper = Attempt.objects.get(person=recorded["technician"])
    moment = timezone.localtime(paper.started_at)
    assert f'<span class="copy__whole">{formats.date_format(moment)}</span>' in page
    assert f'<span class="copy__whole">{formats.time_format(moment)}</span>' in page


@pytest.fixture
def decided(network):
    """An exemption refused, one nobody decided on, a guidance and an override that ended early, hours taken over."""
    person, boss, day = network["technician"], network["manager"], timezone.localdate()
    days = {"starts_on": day, "ends_on": day + dt.timedelta(days=20), "approved_by": boss}
    asked = {"person": person, "quiz": network["quiz"], "kind": "exempted", "requested_by": boss}
    refused, _open = (Excuse.objects.create(reason=why, form_key=uuid.uuid4(), **asked) for why in ("同等资格", "再问"))
    decision = {"is_approved": False, "remark": "资格不同", "decided_by": network["administrator"]}
    ExcuseDecision.objects.create(excuse=refused, **decision)
    guidance = Guidance.objects.create(
        learner=person, guide=network["colleague"], scheme=network["scheme"], form_key=uuid.uuid4(), **days
    )
    GuidanceEnd.objects.create(guidance=guidance, ended_on=day, reason="师傅调走", ended_by=boss)
    override = DutyOverride.objects.create(
        person=person,
        category=network["equipment"].category,
        tasks=["repair"],
        reason="抢修",
        form_key=uuid.uuid4(),
        **days,
    )
    OverrideWithdrawal.objects.create(override=override, withdrawn_on=day, reason="已修好", withdrawn_by=boss)
    TakenOver.objects.create(
        kind="hours", person=person, module=HourCreditFactory().module, on=day, minutes=90, vouched_by=boss,
        recorded_by=boss, form_key=uuid.uuid4(), withdrawn_at=timezone.now(), withdrawn_by=boss,
        withdrawn_reason="记错人"
    )  # fmt: skip
    return network | {"day": day}


def test_the_copy_says_what_was_decided_ended_and_withdrawn(decided, client_of):
    person, day = decided["technician"], decided["day"].isoformat()
    records = opened(take(client_of(person), person))[0]["records"]
    excuses = [(row["decision__is_approved"], row["decision__remark"]) for row in records["excuses"]]
    assert excuses == [(False, "资格不同"), (None, None)]
    (guidance,), (override,), (taken_over,) = (records[name] for name in ("guidance", "overrides", "taken_over"))
    assert (guidance["end__ended_on"], guidance["end__reason"]) == (day, "师傅调走")
    assert (override["withdrawal__withdrawn_on"], override["withdrawal__reason"]) == (day, "已修好")
    assert (taken_over["kind"], taken_over["minutes"], taken_over["withdrawn_reason"]) == ("hours", 90, "记错人")
    assert taken_over["about"]
    section = next(each for each in sections_about(person) if each.key == "excuses")
    assert ["否" in section.written(row) for row in section.values] == [True, False]


def test_who_keeps_the_file_takes_it_for_somebody_who_has_left(recorded, client_of):
    person = recorded["technician"]
    Person.objects.filter(pk=person.pk).update(is_active=False)
    answer = take(client_of(recorded["administrator"]), person)
    assert answer.status_code == 200
    assert opened(answer)[0]["person"]["is_active"] is False


@pytest.mark.parametrize("who", ["colleague", "stranger", "far_manager", "trainer", "auditor", "customer"])
def test_nobody_else_takes_it(recorded, client_of, who):
    answer = take(client_of(recorded[who]), recorded["technician"])
    assert answer.status_code in (403, 404)
    assert not AuditEvent.objects.filter(action="certification.copy_taken").exists()


def test_it_is_posted_and_needs_a_sign_in(recorded, client, client_of):
    url = reverse("certification:copy", args=[recorded["technician"].staff_number])
    assert client.post(url).status_code == 302
    assert client_of(recorded["technician"]).get(url).status_code == 405


def test_it_is_offered_on_ones_own_page(recorded, client_of):
    page = client_of(recorded["technician"]).get(reverse("certification:mine")).content.decode()
    assert reverse("certification:copy", args=[recorded["technician"].staff_number]) in page

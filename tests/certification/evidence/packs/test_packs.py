"""Evidence packs: everything behind an answer, checked by openssl and by a stranger's own arithmetic."""

import datetime as dt
import hashlib
import io
import json
import subprocess
import uuid
import zipfile

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from certification import ledger
from certification.enums import Level, SampleState
from certification.evidence.packs.asked import Asked
from certification.evidence.packs.domain import ask_for_sample, draw, make_pack, make_sample
from certification.evidence.packs.errors import NobodyToDraw
from certification.evidence.packs.facts import pack_facts
from certification.evidence.packs.sections import TITLES, sections_of
from certification.models import (
    CounterSignature,
    DutyOverride,
    EvidenceSample,
    Excuse,
    ExcuseDecision,
    Guidance,
    ManualReading,
    ReadingDue,
    Requirement,
    Scheme,
    TakenOver,
    WorkLimit,
    WorkStop,
)
from kb.models import EditionVerdict
from portal.enums import Task
from portal.models import AuditEvent
from portal.retention.clearing import clear_what_is_over
from tests.factories.certification import (
    AttemptFactory,
    PracticalAssessmentFactory,
    SchemeFactory,
    category_of,
    certificate_for,
    version_one,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.kb import ManualEditionFactory, ManualFactory
from tests.factories.portal import EquipmentModelFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.SIGNING_KEYS_DIR = tmp_path / "signing"


@pytest.fixture
def asked(network):
    machine = EquipmentModelFactory(category=category_of(network["scheme"]))
    return Asked(machine, Task.REPAIR, timezone.localdate(), timezone.now())


@pytest.fixture
def shown(network):
    """Hours, a passed quiz and a signed practical of the technician, and the grant."""
    person, scheme = network["technician"], network["scheme"]
    hours, quiz, practical = (scheme.requirements.get(kind=kind) for kind in ("hours", "quiz", "practical"))
    HourCreditFactory(person=person, module=hours.module, minutes=480)
    AttemptFactory(person=person, quiz=quiz.quiz)
    PracticalAssessmentFactory(person=person, checklist=practical.checklist)
    return certificate_for(person, scheme)


def unpacked(content: bytes, folder):
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


def openssl_says(folder) -> bool:
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "SHA256SUMS.sig", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def test_pack_holds_every_record_with_its_version(network, asked, shown):
    now = Asked(asked.equipment, asked.task, asked.on, timezone.now())

    facts = pack_facts(network["technician"], now, network["auditor"])

    assert facts["answer"]["allowed"]
    assert [row["act"] for row in facts["ledger"]] == ["granted"]
    assert facts["ledger"][0]["certificate"] == shown.number
    assert [row["minutes"] for row in facts["hours"]] == [480]
    assert [row["quiz_version"] for row in facts["attempts"]] == [1]
    assert facts["practicals"][0]["assessor"]
    assert {row["record"] for row in facts["versions"]} == {
        "certification.scheme",
        "certification.quiz",
        "certification.checklist",
    }


def test_what_was_not_known_then_is_not_in_it(network, asked, shown):
    before = Asked(asked.equipment, asked.task, asked.on, timezone.now() - dt.timedelta(days=3))

    facts = pack_facts(network["technician"], before, network["auditor"])

    assert not facts["answer"]["allowed"]
    assert not any(facts[name] for name in ("ledger", "hours", "attempts", "practicals"))


def test_a_stranger_checks_it_with_openssl(network, asked, shown, tmp_path):
    content = make_pack(network["technician"], asked, by=network["auditor"])
    folder = unpacked(content, tmp_path / "pack")

    assert openssl_says(folder)
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert {"pack.json", "pack.pdf", "ledger.csv", "README.txt"} <= {path.name for path in folder.iterdir()}
    assert "openssl dgst" in (folder / "README.txt").read_text()
    (folder / "SHA256SUMS").write_text((folder / "SHA256SUMS").read_text().replace("0", "1", 1))
    assert not openssl_says(folder)


def test_key_and_answers_stay_in_the_house(network, asked, shown):
    written = json.dumps(pack_facts(network["technician"], asked, network["auditor"]), default=str)

    assert "is_correct" not in written
    assert "response" not in written


@pytest.mark.parametrize(
    ("reader", "status"),
    [("technician", 200), ("manager", 200), ("auditor", 200), ("colleague", 403), ("trainer", 403), ("stranger", 403)],
)
def test_who_gets_a_pack(network, client_of, asked, reader, status):
    person = network["technician"]
    data = {"person": person.staff_number, "equipment": asked.equipment.code, "task": "repair", "on": asked.on}

    response = client_of(network[reader]).post(reverse("certification:pack"), data)

    assert response.status_code == status
    assert (response["Content-Type"] == "application/zip") == (status == 200)
    assert AuditEvent.objects.filter(action="certification.pack_made").exists() == (status == 200)


def test_same_seed_draws_the_same_people():
    numbers = [f"T{number:03}" for number in range(200)]

    assert draw(numbers, 5, 7) == draw(numbers[::-1], 5, 7)
    assert draw(numbers, 5, 7) != draw(numbers, 5, 8)
    assert len(draw(numbers[:3], 5, 7)) == 3


def test_sample_is_made_and_only_its_auditor_has_it(network, client_of, asked, tmp_path):
    for who in ("technician", "colleague"):
        ledger.grant(network[who], network["scheme"], act_key=who)
    now = Asked(asked.equipment, asked.task, asked.on, timezone.now())
    sample = ask_for_sample(now, 2, by=network["auditor"], seed=3)
    assert make_sample(sample.pk)
    assert not make_sample(sample.pk)
    sample.refresh_from_db()
    url = reverse("certification:sample_file", args=[sample.pk])

    response = client_of(network["auditor"]).get(url)
    folder = unpacked(b"".join(response.streaming_content), tmp_path / "sample")

    assert sample.state == SampleState.READY
    assert sample.candidates == 2
    assert openssl_says(folder)
    pack = json.loads((folder / network["technician"].staff_number / "pack.json").read_text())
    assert pack["sample"] == {"seed": 3, "size": 2, "candidates": 2}
    assert client_of(network["administrator"]).get(url).status_code == 404
    clear_what_is_over(timezone.now() + dt.timedelta(days=91))
    assert not EvidenceSample.objects.exists()


def test_sample_page_draws_and_lists(network, client_of, asked, django_assert_max_num_queries):
    ledger.grant(network["technician"], network["scheme"], act_key="g")
    data = {"equipment": asked.equipment.code, "task": "repair", "on": asked.on, "size": 3}
    client = client_of(network["auditor"])

    assert client.post(reverse("certification:samples"), data).status_code == 302
    assert str(EvidenceSample.objects.get().seed) in client.get(reverse("certification:samples")).content.decode()
    assert client.post(reverse("certification:samples"), data | {"size": 99}).status_code == 422
    for who in ("technician", "trainer", "dispatcher"):
        assert client_of(network[who]).get(reverse("certification:samples")).status_code == 403


def test_nobody_to_draw_is_said(network, asked):
    with pytest.raises(NobodyToDraw):
        ask_for_sample(asked, 2, by=network["auditor"])


def test_pack_says_what_was_answered_for_taken_over_limited_read_and_stopped(network, asked, shown, tmp_path):
    person, boss, now = network["technician"], network["administrator"], timezone.now()
    scheme, quiz = network["scheme"], network["quiz"]
    machine, day = {"model": asked.equipment}, asked.on
    DutyOverride.objects.create(
        person=person, tasks=["repair"], starts_on=day, ends_on=day, reason="抢修", approved_by=boss,
        form_key=uuid.uuid4(), **machine
    )  # fmt: skip
    Guidance.objects.create(
        learner=person, guide=boss, scheme=scheme, starts_on=day, ends_on=day, approved_by=boss, form_key=uuid.uuid4()
    )
    excuse = Excuse.objects.create(
        quiz=quiz, person=person, kind="exempted", reason="同等资格", requested_by=boss, form_key=uuid.uuid4()
    )
    ExcuseDecision.objects.create(excuse=excuse, is_approved=True, decided_by=network["manager"])
    TakenOver.objects.create(
        kind="quiz", person=person, quiz=quiz, on=day, score=90, vouched_by=boss, recorded_by=boss,
        form_key=uuid.uuid4()
    )  # fmt: skip
    WorkLimit.objects.create(
        person=person, scheme=scheme, text="不碰高压", reason="体检", set_by=boss, form_key=uuid.uuid4()
    )
    edition = ManualEditionFactory(manual=ManualFactory(category=asked.equipment.category))
    verdict = EditionVerdict.objects.create(edition=edition, kind="must_read", grace_until=day)
    ReadingDue.objects.create(person=person, scheme=scheme, verdict=verdict)
    Requirement.objects.create(scheme=scheme, kind="manual", manual=edition.manual)
    ManualReading.objects.create(person=person, edition=edition, form_key=uuid.uuid4())
    CounterSignature.objects.create(
        person=person, scheme=scheme, scheme_version=version_one(scheme), signer=boss, remark="核对过", attempts=[],
        practicals=[], grounds=["read_answers"], form_key=uuid.uuid4()
    )  # fmt: skip
    WorkStop.objects.create(starts_on=day, reason="召回", ordered_by=boss, form_key=uuid.uuid4(), **machine)

    later = Asked(asked.equipment, asked.task, day, now + dt.timedelta(hours=1))
    facts = pack_facts(person, later, network["auditor"])
    assert {name: len(facts[name]) for name in TITLES} == dict.fromkeys(TITLES, 1)
    assert facts["readings"][0]["edition"].endswith(edition.edition)
    earlier = pack_facts(person, Asked(asked.equipment, asked.task, day, now), network["auditor"])
    assert not any(earlier[name] for name in TITLES)

    with time_machine.travel(now + dt.timedelta(hours=1)):
        folder = unpacked(make_pack(person, later, by=network["auditor"]), tmp_path / "pack")
    assert openssl_says(folder)
    assert {f"{name}.csv" for name in TITLES} <= {path.name for path in folder.iterdir()}
    assert "召回" in (folder / "stops.csv").read_text("utf-8-sig")
    assert "抢修" in pdf_text(folder / "pack.pdf")


def pdf_text(path) -> str:
    return "".join(page.extract_text() for page in PdfReader(path).pages)


def test_pack_of_who_is_allowed_by_a_higher_level_holds_its_ledger(network, asked):
    Scheme.objects.filter(pk=network["scheme"].pk).update(track="冷冻设备", level=Level.BASIC)
    higher = SchemeFactory(track="冷冻设备", level=Level.ADVANCED)
    ledger.grant(network["technician"], higher, act_key="h")
    now = Asked(asked.equipment, asked.task, asked.on, timezone.now())
    facts = pack_facts(network["technician"], now, network["auditor"])
    assert facts["answer"]["allowed"]
    assert [row["scheme"] for row in facts["ledger"]] == [higher.code]


def test_pack_holds_the_higher_level_a_requirement_of_another_scheme_was_met_by(network, asked):
    lower = SchemeFactory(track="燃气设备", level=Level.BASIC)
    higher = SchemeFactory(track="燃气设备", level=Level.ADVANCED)
    Requirement.objects.create(scheme=network["scheme"], kind="scheme", other_scheme=lower)
    entry = ledger.grant(network["technician"], higher, act_key="h")
    now = Asked(asked.equipment, asked.task, asked.on, timezone.now())
    facts = pack_facts(network["technician"], now, network["auditor"])
    assert [row["id"] for row in facts["ledger"] if row["scheme"] == higher.code] == [entry.pk]


def test_pack_names_the_level_by_which_somebody_guides(network, asked):
    Scheme.objects.filter(pk=network["scheme"].pk).update(track="冷冻设备", level=Level.BASIC)
    higher = SchemeFactory(track="冷冻设备", level=Level.ADVANCED)
    entry = ledger.grant(network["colleague"], higher, act_key="h")
    Guidance.objects.create(
        learner=network["technician"],
        guide=network["colleague"],
        scheme=network["scheme"],
        starts_on=asked.on,
        ends_on=asked.on + dt.timedelta(days=10),
        approved_by=network["manager"],
        form_key=uuid.uuid4(),
    )
    now = Asked(asked.equipment, asked.task, asked.on, timezone.now())
    (row,) = pack_facts(network["technician"], now, network["auditor"])["guidances"]
    assert [(each["scheme"], each["id"]) for each in row["guide_ledger"]] == [(higher.code, entry.pk)]
    assert any(
        higher.code in line
        for section in sections_of({**dict.fromkeys(TITLES, ()), "guidances": [row]})
        for line in section.lines
    )

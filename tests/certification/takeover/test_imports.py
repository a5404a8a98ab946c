"""Lists of earlier records: each contradiction in its row and column, all rows or none, taken back as a correction."""

import datetime as dt

import pytest

from certification.certificates.verification import verify
from certification.enums import Standing
from certification.models import LedgerEntry, TakenOver
from certification.takeover.imports import kinds
from portal.errors import NotAllowed
from portal.exchange.imports import domain
from portal.exchange.imports.errors import RestsOnIt
from portal.registry.imports import Outcome

pytestmark = pytest.mark.django_db
KINDS = {kind.key: kind for kind in kinds}
HEAD = "工号,上岗资格,证书编号,发证日期,有效期至,证明人\n"


def start(kind, text, by):
    return domain.start_import(KINDS[kind], text.encode(), by=by)


def problems(run):
    return {line.number: [column for column, _message in line.problems] for line in run.lines.all() if line.problems}


def row(network, person="technician", number="内证 1", on="2025-06-01", until="2027-06-01", scheme=None):
    code = scheme or network["scheme"].code
    return f"{network[person].staff_number},{code},{number},{on},{until},{network['trainer'].staff_number}\n"


def test_certificates_come_in_and_out_again(network):
    text = HEAD + row(network) + row(network, "colleague", "内证 2")
    run = start("earlier-certificate", text, network["administrator"])
    assert problems(run) == {}
    run = domain.accept_import(run, by=network["administrator"])
    entries = LedgerEntry.objects.order_by("pk")
    assert [entry.valid_from for entry in entries] == [dt.date(2025, 6, 1)] * 2
    certificate = entries[0].certificate
    domain.undo_import(run, by=network["administrator"])
    assert entries.filter(kind="corrected", is_void=True).count() == 2
    assert TakenOver.objects.filter(withdrawn_at__isnull=False).count() == 2
    assert verify(certificate).standing == Standing.REVOKED


def test_each_contradiction_is_a_problem_of_its_row(network):
    text = HEAD + "".join(
        [
            row(network),
            row(network, "colleague", "内证 1"),
            row(network, "technician", "内证 3"),
            row(network, "stranger", "内证 4", until="2025-05-01"),
            row(network, "stranger", "内证 5", on="2027-01-01", until="2028-01-01"),
            row(network, "stranger", "内证 6", scheme="没有"),
            row(network, "administrator", "内证 7"),
            "查无此人,CS,内证 8,2025-06-01,2027-06-01,\n",
        ]
    )
    run = start("earlier-certificate", text, network["administrator"])
    found = problems(run)
    assert {"person", "vouched_by"} <= set(found.pop(9))
    expected = {3: "number", 4: "subject", 5: "until", 6: "on", 7: "subject", 8: "person"}
    assert found == {number: [column] for number, column in expected.items()}
    assert list(run.lines.order_by("number").values_list("outcome", flat=True))[0] == Outcome.ADD


def test_ones_own_record_is_called_that_and_not_out_of_sight(network):
    run = start("earlier-certificate", HEAD + row(network, "administrator"), network["administrator"])
    (line,) = run.lines.all()
    assert line.problems == [["person", "不得沿用本人的记录，请由他人登记。"]]


def test_already_granted_is_refused_in_a_second_run(network):
    run = start("earlier-certificate", HEAD + row(network), network["administrator"])
    domain.accept_import(run, by=network["administrator"])
    again = start("earlier-certificate", HEAD + row(network), network["administrator"])
    assert problems(again) == {2: ["number", "subject"]}


def test_papers_practicals_and_hours_come_in_and_lead_to_the_grant(network):
    person, voucher = network["technician"].staff_number, network["trainer"].staff_number
    tables = {
        "earlier-hours": ("课程,学时", f"{network['module'].code},8"),
        "earlier-quiz": ("试卷,成绩", f"{network['quiz'].code},90"),
        "earlier-practical": ("考核表,备注", f"{network['checklist'].code},现场"),
    }
    for kind, (titles, values) in tables.items():
        text = f"工号,日期,证明人,{titles}\n{person},2025-06-01,{voucher},{values}\n"
        run = start(kind, text, network["administrator"])
        assert problems(run) == {}
        run = domain.accept_import(run, by=network["administrator"])
    assert LedgerEntry.objects.get().kind == "granted"
    with pytest.raises(RestsOnIt):
        domain.undo_import(run, by=network["administrator"])


@pytest.mark.parametrize("name", ["manager", "trainer", "technician", "dispatcher", "auditor"])
def test_others_import_nothing(network, name):
    for key in KINDS:
        with pytest.raises(NotAllowed):
            start(key, HEAD + row(network), network[name])


def test_assessors_import_practicals_and_no_certificates(network):
    text = f"工号,日期,证明人,考核表\n{network['technician'].staff_number},2025-06-01,"
    text += f"{network['trainer'].staff_number},{network['checklist'].code}\n"
    own = text.replace(network["trainer"].staff_number, network["assessor"].staff_number)
    assert problems(start("earlier-practical", own, network["assessor"])) == {2: ["vouched_by"]}
    assert problems(start("earlier-practical", text, network["assessor"])) == {}
    with pytest.raises(NotAllowed):
        start("earlier-certificate", HEAD + row(network), network["assessor"])

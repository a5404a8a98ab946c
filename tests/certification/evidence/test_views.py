"""Answer papers and signed checklists: who opens them, with how much, on record; and who has read a key knows it."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from certification.evidence.queries import paper_evidence, places_then, without_key
from certification.models import Choice
from certification.questions.kinds.base import ResultLine, ShownQuestion
from certification.questions.reading import has_read
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from certification.quizzes.independence import could_read_answers
from portal.models import AuditEvent
from tests.factories.certification import AttemptFactory, PracticalAssessmentFactory, QuestionBankFactory
from tests.factories.courses import HourCreditFactory
from tests.factories.portal import AssignmentFactory

pytestmark = pytest.mark.django_db
ROWS = [{"text": "穿戴防护用品", "expected": "齐全", "is_critical": True, "is_shown": True, "remark": "规范"}]
ALLOWED = ["technician", "manager", "auditor", "administrator"]
CLOSED_TO = ["colleague", "stranger", "dispatcher", "trainer", "assessor", "customer", "far_manager"]


@pytest.fixture
def attempt(network):
    """A paper handed in by the technician: the first question right, the second wrong, the others open."""
    HourCreditFactory(person=network["technician"], module=network["module"])
    begun = start_attempt(network["technician"], network["quiz"], seed=5)
    first, second = begun.questions.order_by("order")[:2]
    right = Choice.objects.get(version=first.version, is_correct=True)
    wrong = Choice.objects.filter(version=second.version, is_correct=False).first()
    save_answer(begun, first.order, [first.choice_order.index(right.pk)])
    save_answer(begun, second.order, [second.choice_order.index(wrong.pk)])
    return submit_attempt(begun)


@pytest.fixture
def signed(network):
    """A checklist of the technician signed by the assessor."""
    return PracticalAssessmentFactory(
        person=network["technician"],
        checklist=network["checklist"],
        assessor=network["assessor"],
        rows=ROWS,
        remark="独立完成",
    )


def address(record, name):
    return reverse(f"certification:evidence_{name}", args=[record.pk])


@pytest.mark.parametrize("reader", ALLOWED)
@pytest.mark.parametrize("ending", ["", "_pdf"])
def test_who_may_open(network, client_of, attempt, signed, reader, ending):
    client = client_of(network[reader])

    answers = [client.get(address(attempt, f"paper{ending}")), client.get(address(signed, f"practical{ending}"))]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("no-store" in answer["Cache-Control"] for answer in answers)
    acts = AuditEvent.objects.filter(actor=network[reader], action__endswith="_opened").order_by("pk")
    assert [(event.action, event.subject) for event in acts] == [
        ("certification.paper_opened", f"certification.attempt:{attempt.pk}"),
        ("certification.checklist_opened", f"certification.practicalassessment:{signed.pk}"),
    ]


@pytest.mark.parametrize("reader", CLOSED_TO)
@pytest.mark.parametrize("name", ["paper", "paper_pdf", "practical", "practical_pdf"])
def test_for_everybody_else_there_is_none(network, client_of, attempt, signed, reader, name):
    record = attempt if name.startswith("paper") else signed
    if reader == "assessor":
        # Who signed finds the checklist again; what another assessor signed, none.
        record = record if record is attempt else PracticalAssessmentFactory(person=network["technician"])

    assert client_of(network[reader]).get(address(record, name)).status_code == 404
    assert not AuditEvent.objects.filter(actor=network[reader], action__endswith="_opened").exists()


@pytest.mark.parametrize("name", ["practical", "practical_pdf"])
def test_who_signed_opens_it_again(network, client_of, signed, name):
    assert client_of(signed.assessor).get(address(signed, name)).status_code == 200


@pytest.mark.parametrize("name", ["paper", "paper_pdf", "practical", "practical_pdf"])
def test_strangers_sign_in_first_and_nothing_is_written(client_of, attempt, signed, name):
    record = attempt if name.startswith("paper") else signed

    assert client_of().get(address(record, name)).status_code == 302
    assert client_of().post(address(record, name)).status_code in (302, 405)


def test_superiors_read_what_was_given_and_what_is_right(network, client_of, attempt):
    page = client_of(network["manager"]).get(address(attempt, "paper")).content.decode()

    assert page.count("（正确答案）") == 10
    assert page.count("（所答）") == 2
    assert page.count("未作答") == 8
    assert "解析" in page
    assert network["technician"].staff_number in page


def test_the_person_reads_the_own_paper_without_the_key(network, client_of, attempt):
    page = client_of(network["technician"]).get(address(attempt, "paper")).content.decode()

    assert "（正确答案）" not in page
    assert "解析" not in page
    assert page.count("（所答）") == 2
    assert page.count("计为答对") == 1
    assert page.count("计为答错") == 1


def test_an_auditor_reads_no_key_of_an_own_paper(network, client_of):
    own = AttemptFactory(person=network["auditor"], quiz=network["quiz"])

    client_of(network["auditor"]).get(address(own, "paper"))

    assert AuditEvent.objects.get(action="certification.paper_opened").detail["with_key"] is False


def test_an_open_attempt_is_no_evidence_yet(network, client_of):
    HourCreditFactory(person=network["technician"], module=network["module"])
    begun = start_attempt(network["technician"], network["quiz"])

    assert client_of(network["manager"]).get(address(begun, "paper")).status_code == 404


def test_a_checklist_says_what_was_signed(network, client_of, signed):
    page = client_of(network["auditor"]).get(address(signed, "practical")).content.decode()

    said = ("穿戴防护用品", "齐全", "规范", "独立完成", network["assessor"].name, network["checklist"].title)
    assert [text in page for text in said] == [True] * 6


def test_pdfs_carry_the_same(network, client_of, attempt, signed):
    client = client_of(network["manager"])
    paper, checklist = (
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        for answer in (client.get(address(attempt, "paper_pdf")), client.get(address(signed, "practical_pdf")))
    )

    assert paper.count("（正确答案）") == 10
    assert "独立完成" in checklist


def test_files_lead_to_the_evidence_where_it_may_be_opened(network, client_of, attempt, signed):
    url = reverse("certification:person", args=[network["technician"].staff_number])
    pages = [client_of(network[reader]).get(url).content.decode() for reader in ("manager", "technician", "trainer")]

    links = [(address(attempt, "paper") in page, address(signed, "practical") in page) for page in pages]
    assert links == [(True, True), (True, True), (False, False)]


def test_who_has_read_a_key_counts_as_knowing_the_answers(network, client_of, attempt):
    bank = network["quiz"].bank
    assert could_read_answers(network["manager"], bank, []) is False

    client_of(network["manager"]).get(address(attempt, "paper"))
    client_of(network["technician"]).get(address(attempt, "paper"))

    assert [has_read(network[name], bank) for name in ("manager", "technician")] == [True, False]
    assert could_read_answers(network["manager"], bank, []) is True
    assert has_read(network["manager"], QuestionBankFactory()) is False


def test_without_the_key_no_line_tells_what_is_right():
    shown = ShownQuestion(None, [1, 2], ["甲", "乙"])
    lines = [ResultLine("甲", True, False, "A"), ResultLine("乙", False, True, "B"), ResultLine("42", True, False)]

    assert without_key(lines, shown) == [ResultLine("甲", False, False, "A"), ResultLine("乙", False, True, "B")]


def test_a_paper_takes_a_fixed_number_of_queries(attempt, django_assert_num_queries):
    with django_assert_num_queries(4):
        paper = paper_evidence(attempt, shows_key=True)
    assert (len(paper.questions), paper.right) == (10, 1)


def test_papers_name_where_the_person_worked_on_their_day(network, client_of, attempt, signed):
    person, home = network["technician"], network["technician"].organisation
    there = network["stranger"].organisation
    day = timezone.localdate()
    AssignmentFactory(person=person, organisation=there, start=day - dt.timedelta(days=1), end=day)
    AssignmentFactory(person=person, organisation=home, start=day + dt.timedelta(days=1))
    client = client_of(network["auditor"])

    assert there.name in client.get(address(attempt, "paper")).content.decode()
    on = timezone.localdate(attempt.started_at)
    assert places_then(person, on - dt.timedelta(days=30)) == home.name
    where = there.name if signed.assessed_on >= day - dt.timedelta(days=1) else home.name
    assert where in client.get(address(signed, "practical")).content.decode()

"""Every kind goes the whole way: edit form, draw, page, answer by script and by form, marks, paper for the file."""

import datetime as dt
import json
import uuid
from fractions import Fraction

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file

from certification.enums import AttemptState, Remedy
from certification.errors import ReasonNeeded
from certification.kinds import question_kinds
from certification.models import Answer, Attempt, LedgerEntry, Mark, Question, QuestionVersion, RegradedAttempt
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from certification.quizzes.errors import AlreadyRegraded, NothingToMark, NotYourPaper, WaitsForMarks, WrongCode
from certification.quizzes.marking import mark_answer, may_mark, waiting_papers
from certification.quizzes.regrading import regrade
from certification.quizzes.sittings import open_sitting, sitting_of
from certification.requirements.base import Asked
from certification.requirements.evidence import evidence_of
from certification.requirements.quiz import KIND
from certification.results import with_passing, with_results
from certification.schemes.progress import progress
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import PortalImage
from tests.factories.certification import (
    AssessorAppointmentFactory,
    QuestionBankFactory,
    QuestionFactory,
    QuizFactory,
    QuizRequirementFactory,
    SchemeFactory,
)
from tests.factories.portal import PersonFactory

# Pillow and Willow leave the files of scaled pictures to the garbage collector.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

STEPS = ["断电挂牌", "验电", "放电", "拆盖"]
PAIRS = "高压保护 → 停机\n缺相 → 报警\n→ 加速"

# By kind: the fields of the form, right values given the paper's question, and what must not stand on the page.
FORMS = {
    "numeric": {"numeric_values": "2.5 ± 0.2\n2.5 ± 0.4 50%", "numeric_unit": "bar", "numeric_units": "MPa=0.1"},
    "fill": {"fill_blanks": "0.613MPa|6.13bar\n顺时针"},
    "order": {"order_steps": "\n".join(STEPS)},
    "match": {"match_pairs": PAIRS},
    "hotspot": {"hotspot_fields": "C3 C4"},
    "written": {"written_guide": "先断电再验电并挂牌上锁"},
}
SECRETS = {
    "numeric": ["0.2", "0.4"],
    "fill": ["0.613", "顺时针"],
    "order": [],
    "match": [],
    "hotspot": [],
    "written": ["挂牌上锁"],
}


def picture():
    return PortalImage.objects.create(title="阀组", file=get_test_image_file())


def form_of(kind, bank, **changes):
    common = {"bank": bank.pk, "ref": f"Q-{kind}", "is_active": "on", "kind": kind, "stem": "题干", "difficulty": "1"}
    chosen = {"picture": picture().pk, "picture_text": "阀组正面"} if kind == "hotspot" else {}
    return common | chosen | FORMS[kind] | changes


@pytest.fixture
def trainer(client_of):
    synchronise_roles()
    return client_of(PersonFactory(roles=[Role.TRAINER]))


def begun(kind, trainer, client_of, **form):
    bank = QuestionBankFactory()
    response = trainer.post(reverse("question:add"), form_of(kind, bank, **form))
    assert response.status_code == 302, response.context["form"].errors
    person = PersonFactory(roles=[Role.ENGINEER])
    attempt = start_attempt(person, QuizFactory(bank=bank, questions=0, draw=[{"count": 1}], pass_mark=60))
    return attempt, client_of(person), reverse("certification:attempt", args=[attempt.pk])


def right_values(attempt):
    row = attempt.questions.select_related("version").get()
    texts = {choice.pk: choice.text for choice in row.version.choices.all()}
    shown = [texts[key] for key in row.choice_order]
    return {
        "numeric": ["２．６　bar"],
        "fill": ["6.13 Bar", "顺时针。"],
        "order": [str(STEPS.index(text) + 1) for text in shown] if row.version.kind == "order" else [],
        "match": [str(shown.index(text)) for text in ("停机", "报警")] if row.version.kind == "match" else [],
        "hotspot": ["C4"],
        "written": ["断电"],
    }[row.version.kind]


@pytest.mark.parametrize("kind", FORMS)
def test_a_kind_goes_the_whole_way(kind, trainer, client_of):
    attempt, client, url = begun(kind, trainer, client_of)

    page = client.get(url).content.decode()
    assert 'name="q1"' in page
    assert "data-answer" in page
    assert not [secret for secret in SECRETS[kind] if secret in page]
    assert "site-header" not in page

    values = right_values(attempt)
    answer_url = reverse("certification:answer", args=[attempt.pk])
    body = json.dumps({"question": 1, "values": values, "sequence": 10})
    sent = client.post(answer_url, body, content_type="application/json")
    assert (sent.status_code, set(sent.json())) == (200, {"question", "sequence", "now"})
    kept = Answer.objects.get().response
    client.post(url, {"q1": values, "act": "save"})
    assert Answer.objects.get().response == kept
    refused = client.post(
        answer_url, json.dumps({"question": 1, "values": ["x"] * 50, "sequence": 99}), content_type="application/json"
    )
    assert (refused.status_code, Answer.objects.get().response) == (422, kept)

    client.post(reverse("certification:submit", args=[attempt.pk]))
    attempt.refresh_from_db()
    if kind == "written":
        assert (attempt.state, attempt.score) == (AttemptState.MARKING, None)
        return
    assert (attempt.state, attempt.score, attempt.is_passed) == (AttemptState.SUBMITTED, 100, True)
    paper = client.get(reverse("certification:evidence_paper", args=[attempt.pk]))
    assert paper.status_code == 200
    assert not [secret for secret in SECRETS[kind] if secret in paper.content.decode() and secret not in str(values)]
    printed = client.get(reverse("certification:evidence_paper_pdf", args=[attempt.pk]))
    assert printed.content[:5] == b"%PDF-"


@pytest.mark.parametrize("kind", FORMS)
def test_the_edit_form_shows_what_was_written(kind, trainer):
    bank = QuestionBankFactory()
    trainer.post(reverse("question:add"), form_of(kind, bank))
    question = Question.objects.get()
    form = trainer.get(reverse("question:edit", args=[question.pk])).context["form"]

    assert {name: form.initial[name] for name in FORMS[kind]} == FORMS[kind]


@pytest.mark.parametrize(
    ("kind", "broken"),
    [
        ("numeric", {"numeric_values": "viel"}),
        ("numeric", {"numeric_values": "2 ± 1 50%"}),
        ("numeric", {"numeric_values": "2 ± -1"}),
        ("numeric", {"numeric_unit": ""}),
        ("fill", {"fill_blanks": "50%:half"}),
        ("order", {"order_steps": "一\n二"}),
        ("order", {"order_steps": "一\n一\n二"}),
        ("match", {"match_pairs": "一 → 二"}),
        ("hotspot", {"picture": ""}),
        ("hotspot", {"hotspot_fields": "Z9"}),
        ("written", {"written_guide": ""}),
    ],
)
def test_an_unfair_question_is_refused(kind, broken, trainer):
    page = trainer.post(reverse("question:add"), form_of(kind, QuestionBankFactory(), **broken))

    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert not Question.objects.exists()


def version_of(kind, trainer):
    trainer.post(reverse("question:add"), form_of(kind, QuestionBankFactory()))
    return QuestionVersion.objects.get()


@pytest.mark.parametrize(
    ("typed", "credit"),
    [
        ("2.5", 1),
        ("2.7bar", 1),
        ("0.25 MPa", 1),
        ("0.25兆帕", 1),
        ("0.25mpa", 1),
        ("250 mPa", 0),
        ("2.5 kg", 0),
        ("2.8", Fraction(1, 2)),
        ("3", 0),
        ("1e999", 0),
        ("NaN", 0),
        ("viel", 0),
    ],
)
def test_a_number_is_judged_by_tolerance_and_unit(typed, credit, trainer):
    assert question_kinds.get("numeric").grade(version_of("numeric", trainer), typed) == credit


@pytest.mark.parametrize(
    ("typed", "credit"),
    [
        (["0.613 MPa", "顺时针"], 1),
        (["０．６１３ｍｐａ", " 顺 时针 "], 1),
        (["0.613兆帕", "逆时针"], Fraction(1, 2)),
        (["", ""], 0),
    ],
)
def test_blanks_accept_variants(typed, credit, trainer):
    assert question_kinds.get("fill").grade(version_of("fill", trainer), typed) == credit


def test_the_picture_is_shown_to_whose_paper_asks_it_only(trainer, client_of):
    attempt, client, _url = begun("hotspot", trainer, client_of)
    url = reverse("certification:attempt_picture", args=[attempt.pk, 1])

    shown = client.get(url)
    assert (shown["Content-Type"], "private" in shown["Cache-Control"]) == ("image/jpeg", True)
    assert client_of(PersonFactory(roles=[Role.ENGINEER])).get(url).status_code == 404
    assert client_of().get(url).status_code == 302


def test_a_drawing_is_shown_as_it_is(trainer, client_of):
    drawing = PortalImage(title="阀", width=480, height=320)
    drawing.file = ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320"/>', name="valve.svg")
    drawing.save()
    attempt, client, url = begun("hotspot", trainer, client_of, picture=drawing.pk)
    assert client.get(url).status_code == 200

    shown = client.get(reverse("certification:attempt_picture", args=[attempt.pk, 1]))
    assert (shown["Content-Type"], shown.content[:4]) == ("image/svg+xml", b"<svg")
    assert "sandbox" in shown["Content-Security-Policy"]


@pytest.mark.parametrize("kind", FORMS)
def test_storing_an_answer_takes_few_statements(kind, trainer, client_of):
    attempt, _client, _url = begun(kind, trainer, client_of)
    values = right_values(attempt)

    for _again in range(2):
        with CaptureQueriesContext(connection) as statements:
            save_answer(attempt, 1, values)
        assert len(statements) <= 5, [statement["sql"] for statement in statements]


# --- written answers ------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(trainer, client_of):
    attempt, client, url = begun("written", trainer, client_of)
    save_answer(attempt, 1, ["断电"])
    submit_attempt(attempt)
    attempt.refresh_from_db()
    assessor = AssessorAppointmentFactory(category=attempt.quiz.bank.category).person
    return attempt, client, url, assessor


def test_a_paper_with_written_answers_waits_for_its_mark(waiting, client_of):
    attempt, client, url, assessor = waiting
    assert "批阅" in client.get(url).content.decode()
    with pytest.raises(WaitsForMarks):
        start_attempt(attempt.person, attempt.quiz)

    marker = client_of(assessor)
    listed = marker.get(reverse("certification:marking"))
    assert [paper.open_answers for paper in listed.context["page_obj"]] == [1]
    address = reverse("certification:mark_paper", args=[attempt.pk])
    page = marker.get(address).content.decode()
    assert "挂牌上锁" in page
    assert attempt.person.name not in page
    marker.post(address, {"answer": Answer.objects.get().pk, "percent": "75", "remark": "缺挂牌"})

    attempt.refresh_from_db()
    assert (attempt.state, attempt.score, attempt.is_passed) == (AttemptState.SUBMITTED, 75, True)
    assert Mark.objects.get().marked_by == assessor
    with pytest.raises(NothingToMark):
        mark_answer(Answer.objects.get(), by=assessor, percent=100)


def test_nobody_marks_their_own_or_without_appointment(waiting, client_of):
    attempt, _client, _url, _assessor = waiting
    other = AssessorAppointmentFactory().person
    attempt.person.groups.set(other.groups.all())
    AssessorAppointmentFactory(person=attempt.person, category=attempt.quiz.bank.category)
    for person in (other, attempt.person, PersonFactory(roles=[Role.MANAGER])):
        with pytest.raises(NotYourPaper):
            mark_answer(Answer.objects.get(), by=type(person).objects.get(pk=person.pk), percent=100)
    page = client_of(other).get(reverse("certification:mark_paper", args=[attempt.pk]))
    assert page.status_code == 403
    assert client_of(PersonFactory(roles=[Role.ENGINEER])).get(reverse("certification:marking")).status_code == 403


# --- knock-out, regrading, supervision ------------------------------------------------------------------------------


def four_questions(**knockout):
    bank = QuestionBankFactory()
    for _number in range(3):
        QuestionFactory(bank=bank)
    QuestionFactory(bank=bank, version__is_knockout=True)
    return start_attempt(PersonFactory(), QuizFactory(bank=bank, questions=0, draw=[{"count": 4}], pass_mark=75))


def answer(attempt, wrong):
    for row in attempt.questions.select_related("version"):
        right = row.version.choices.get(is_correct=True).pk
        place = row.choice_order.index(right)
        save_answer(attempt, row.order, [(place + 1) % 3 if wrong(row.version) else place])
    return submit_attempt(attempt)


def test_a_knockout_question_fails_the_paper_whatever_the_score(client_of):
    failed = answer(four_questions(), lambda version: version.is_knockout)

    assert (failed.score, failed.is_passed) == (75, False)
    page = client_of(failed.person).get(reverse("certification:attempt", args=[failed.pk])).content.decode()
    assert "一票否决" in page
    spared = four_questions()
    wrong = spared.questions.filter(version__is_knockout=False).first().version_id
    assert answer(spared, lambda version: version.pk == wrong).is_passed


def test_regrading_raises_results_and_keeps_the_old(trainer):
    attempt = answer(four_questions(), lambda version: version.is_knockout)
    faulty = QuestionVersion.objects.get(is_knockout=True)
    keeper, key = PersonFactory(roles=[Role.TRAINER]), uuid.uuid4()
    with pytest.raises(ReasonNeeded):
        regrade(faulty, Remedy.CREDIT_ALL, by=keeper, reason=" ", form_key=key)
    with pytest.raises(NotYourPaper):
        regrade(faulty, Remedy.CREDIT_ALL, by=attempt.person, reason="有误", form_key=key)

    decision = regrade(faulty, Remedy.CREDIT_ALL, by=keeper, reason="两个答案都对", form_key=key)

    attempt.refresh_from_db()
    assert (attempt.score, attempt.is_passed) == (75, False)
    held = with_results(Attempt.objects).get()
    assert (held.held_score, held.held_passed) == (100, True)
    kept = RegradedAttempt.objects.get()
    assert (kept.old_score, kept.old_passed, kept.new_score) == (75, False, 100)
    assert regrade(faulty, Remedy.CREDIT_ALL, by=keeper, reason="两个答案都对", form_key=key) == decision
    with pytest.raises(AlreadyRegraded):
        regrade(faulty, Remedy.LEAVE_OUT, by=keeper, reason="再来", form_key=uuid.uuid4())
    assert Question.objects.get(versions=faulty).suspended_at is not None


def test_a_second_regrading_goes_on_from_the_first(trainer):
    attempt = answer(four_questions(), lambda version: True)
    keeper = PersonFactory(roles=[Role.TRAINER])
    for row in attempt.questions.order_by("order")[:2]:
        regrade(row.version, Remedy.CREDIT_ALL, by=keeper, reason="有误", form_key=uuid.uuid4())

    changes = list(RegradedAttempt.objects.order_by("pk").values_list("old_score", "new_score"))
    assert changes == [(0, 25), (25, 50)]
    assert with_results(Attempt.objects).get().held_score == 50


@pytest.mark.parametrize("change", [{"score": 100}, {"is_passed": True}])
def test_the_result_of_a_closed_attempt_is_never_rewritten(change):
    attempt = answer(four_questions(), lambda version: True)

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(**change)


def test_a_regraded_pass_counts_as_evidence_and_on_every_page(trainer, client_of):
    attempt = answer(four_questions(), lambda version: version.is_knockout)
    scheme = SchemeFactory()
    requirement = QuizRequirementFactory(scheme=scheme, quiz=attempt.quiz)
    asked = Asked(timezone.localdate(), timezone.now() + dt.timedelta(minutes=1), None)

    def judged():
        shown = evidence_of([attempt.person_id])[attempt.person_id].shown[KIND.key]
        return KIND.judge(requirement, shown, asked)

    assert not judged().met
    faulty = QuestionVersion.objects.get(is_knockout=True)
    keeper = PersonFactory(roles=[Role.TRAINER])
    with CaptureQueriesContext(connection) as before:
        judged()
    regrade(faulty, Remedy.CREDIT_ALL, by=keeper, reason="两个答案都对", form_key=uuid.uuid4())
    with CaptureQueriesContext(connection) as after:
        reason = judged()

    assert (reason.met, reason.params["score"], len(after)) == (True, 100, len(before))
    assert LedgerEntry.objects.filter(person=attempt.person, scheme=scheme).exists()
    client = client_of(attempt.person)
    quiz_page = client.get(reverse("certification:quiz", args=[attempt.quiz.code])).content.decode()
    result = client.get(reverse("certification:attempt", args=[attempt.pk])).content.decode()
    paper = client.get(reverse("certification:evidence_paper", args=[attempt.pk])).content.decode()
    assert "100 分" in quiz_page
    assert "100 分" in result
    assert "100 / 75" in paper


def test_a_quiz_under_supervision_starts_with_the_code_on_the_spot(client_of):
    quiz = QuizFactory(is_invigilated=True)
    person, assessor = PersonFactory(roles=[Role.ENGINEER]), AssessorAppointmentFactory().person
    start = reverse("certification:start", args=[quiz.code])
    client = client_of(person)
    assert client.post(start).status_code == 403
    opened = open_sitting(quiz, by=assessor, place="一号教室", minutes=30, form_key=uuid.uuid4())
    assert opened.code not in opened.sitting.code_hash
    for code in ("XXXXXX", ""):
        with pytest.raises(WrongCode):
            sitting_of(quiz, code, person)
    with pytest.raises(WrongCode):
        sitting_of(quiz, opened.code, assessor)

    assert client.post(start, {"code": opened.code.lower()}).status_code == 302
    assert person.attempts.get().sitting == opened.sitting
    page = client_of(assessor).get(reverse("certification:sitting", args=[quiz.code]))
    assert page.status_code == 200
    assert client_of(person).get(reverse("certification:sitting", args=[quiz.code])).status_code == 403


def test_only_the_appointed_see_waiting_papers(waiting):
    attempt, _client, _url, assessor = waiting
    day = attempt.closed_at.date()

    assert may_mark(assessor, attempt, day)
    assert list(waiting_papers(AssessorAppointmentFactory().person, day)) == []


def test_what_was_known_before_a_regrading_stays_answered(trainer):
    attempt = answer(four_questions(), lambda version: version.is_knockout)
    scheme = SchemeFactory()
    QuizRequirementFactory(scheme=scheme, quiz=attempt.quiz)
    keeper, then = PersonFactory(roles=[Role.TRAINER]), timezone.now()
    later = then + dt.timedelta(days=3)
    faulty = QuestionVersion.objects.get(is_knockout=True)
    regrade(faulty, Remedy.CREDIT_ALL, by=keeper, reason="有误", form_key=uuid.uuid4(), at=later)
    day = timezone.localdate(later)

    (before,) = progress(attempt.person, scheme, day, later - dt.timedelta(minutes=1))
    assert (before.met, before.params["score"], before.params["tries"]) == (False, 75, 1)
    held = with_results(Attempt.objects, then).get()
    assert (held.held_score, held.held_passed) == (75, False)
    assert with_passing(Attempt.objects).get().passed_at == later
    assert LedgerEntry.objects.get(person=attempt.person).recorded_at == later


def test_what_was_known_before_the_marks_stays_answered(waiting):
    attempt, _client, _url, assessor = waiting
    scheme = SchemeFactory()
    QuizRequirementFactory(scheme=scheme, quiz=attempt.quiz)
    later = timezone.now() + dt.timedelta(days=3)
    mark_answer(Answer.objects.get(), by=assessor, percent=100, at=later)
    before = later - dt.timedelta(minutes=1)

    (reason,) = progress(attempt.person, scheme, timezone.localdate(later), before)
    assert not reason.met
    assert "批阅" in reason.message
    held = with_results(Attempt.objects, before).get()
    assert (held.held_score, held.held_passed) == (None, None)
    assert with_passing(Attempt.objects).get().passed_at == later
    assert LedgerEntry.objects.get(scheme=scheme).recorded_at == later

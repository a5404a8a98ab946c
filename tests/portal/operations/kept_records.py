"""A kept row of every kind, and beside it one that may still change, where the kind knows such."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone
from wagtail.models import Collection

from certification import ledger
from certification.certificates.short_numbers import new_short_number
from certification.enums import DraftState, Remedy, TakenOverKind
from certification.guidance.domain import approve_guidance, end_guidance
from certification.models import (
    ApprovedVersion,
    ChangedChapter,
    Choice,
    CounterSignature,
    Draft,
    DraftSave,
    DutyInquiry,
    DutyOverride,
    Excuse,
    ExcuseDecision,
    Guidance,
    ManualReading,
    Mark,
    PracticalPhoto,
    ReadingConfirmation,
    ReadingDue,
    RegradedAttempt,
    Regrading,
    StudyConfirmation,
    TakenOver,
    TrainingCertificate,
    VersionAuthor,
    WorkStop,
)
from certification.overrides.domain import approve_override, withdraw_override
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from certification.quizzes.releases import release_attempts
from certification.quizzes.sittings import open_sitting
from certification.stops.domain import lift_stop, stop_work
from certification.takeover.contradictions import Facts
from certification.takeover.domain import take_over
from courses.models import TrainingReport, YearlyPlan
from kb.enums import VerdictKind
from kb.models import (
    BulletinConfirmation,
    BulletinIssue,
    BulletinReminder,
    ContentReview,
    EditionVerdict,
    HandlingRecord,
    ReviewReminder,
)
from portal.access import audit
from portal.acting import acting
from portal.content.personal import keep_personal_file
from portal.enums import BarOutcome, Role, Task
from portal.models import AssignmentRecord, BarChange, BarDecision, RetentionRun, RetentionTerm
from tests.factories.certification import (
    AttemptFactory,
    PracticalAssessmentFactory,
    QuestionFactory,
    QuizFactory,
    SchemeFactory,
    StatutoryCertificateFactory,
    certificate_for,
    version_one,
)
from tests.factories.courses import (
    AttendanceCorrectionFactory,
    AttendanceFactory,
    HourCreditFactory,
    NomineeCreditFactory,
    NomineeMatchFactory,
    NomineeTimesFactory,
)
from tests.factories.kb import BulletinFactory, FieldCaseFactory, ManualChapterFactory, ManualEditionFactory
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentModelFactory,
    EquipmentUnitFactory,
    OrganisationFactory,
    PersonFactory,
)


@dataclass(frozen=True)
class Record:
    """How a kept row is made, and what is known of its table.

    Args:
        make: returns a kept row, and one of the same table that may still change or None.
        keys: the columns of every unique key, as the models declare them.
        free: columns that may change although the row is kept.
        column: the column that statements change, where a rule of the table ties the first one to another.
    """

    make: Callable[[], tuple[Model, Model | None]]
    keys: tuple[tuple[str, ...], ...]
    free: tuple[str, ...] = ()
    column: str = ""


def _correction() -> Model:
    person, scheme, keeper = PersonFactory(), SchemeFactory(), PersonFactory()
    entry = ledger.grant(person, scheme, act_key=uuid.uuid4().hex)
    return ledger.correct(entry, reason="录错", act_key=uuid.uuid4().hex, by=keeper, void=True)


def _attempt(*, is_open: bool) -> Model:
    attempt = start_attempt(PersonFactory(), QuizFactory())
    save_answer(attempt, 1, [0])
    return attempt if is_open else submit_attempt(attempt)


def _release() -> Model:
    return release_attempts(PersonFactory(), QuizFactory(), by=PersonFactory(), reason="停电", form_key=uuid.uuid4())


def _sitting() -> Model:
    key, assessor = uuid.uuid4(), PersonFactory(roles=[Role.ASSESSOR])
    return open_sitting(QuizFactory(), by=assessor, place="一号教室", minutes=30, form_key=key).sitting


def _mark() -> Model:
    answer = _question(_attempt(is_open=True)).answer
    return Mark.objects.create(answer=answer, marked_by=PersonFactory(), credit=1)


def _regrading() -> Model:
    version = _question(_attempt(is_open=False)).version
    facts = {"remedy": Remedy.LEAVE_OUT, "reason": "有误", "form_key": uuid.uuid4()}
    return Regrading.objects.create(version=version, decided_by=PersonFactory(), **facts)


def _regraded() -> Model:
    scores = {"old_score": 0, "old_passed": False, "new_score": 100, "new_passed": True}
    return RegradedAttempt.objects.create(regrading=_regrading(), attempt=_attempt(is_open=False), **scores)


def _of_attempts(part: Callable[[Model], Model]) -> tuple[Model, Model]:
    return part(_attempt(is_open=False)), part(_attempt(is_open=True))


def _question(attempt: Model) -> Model:
    return attempt.questions.get(order=1)


def _versions() -> tuple[Model, Model]:
    version = _question(_attempt(is_open=True)).version
    return version, QuestionFactory(bank=version.question.bank).versions.get()


def _choices() -> tuple[Model, Model]:
    shown, other = _versions()
    return Choice.objects.get(version=shown, order=0), Choice.objects.get(version=other, order=0)


def _editions() -> tuple[Model, Model]:
    kept = ManualEditionFactory()
    return kept, ManualEditionFactory(manual=kept.manual, published=False)


def _chapters() -> tuple[Model, Model]:
    kept, draft = _editions()
    return kept.chapters.first(), ManualChapterFactory(edition=draft, number="9")


def _draft_save() -> Model:
    draft = Draft.objects.create(record_label="certification.scheme", title="方案")
    return DraftSave.objects.create(draft=draft, number=1, content={}, saved_by=PersonFactory())


def _approved_version() -> Model:
    first = version_one(SchemeFactory())
    decided = {"state": DraftState.APPROVED, "decided_by": first.approved_by, "decided_at": first.approved_at}
    draft = Draft.objects.create(record_label=first.record_label, record_id=first.record_id, title="方案", **decided)
    return ApprovedVersion.objects.create(
        record_label=first.record_label,
        record_id=first.record_id,
        number=2,
        content={},
        draft=draft,
        approved_by=first.approved_by,
    )


def _version_author() -> Model:
    return VersionAuthor.objects.create(version=version_one(SchemeFactory()), person=PersonFactory())


def _document(stem: str, ending: str) -> Model:
    # A flushed database has no collection.
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    return keep_personal_file("x", b"x", stem=stem, ending=ending, by=None)


def _training_report(**facts: Model | None) -> Model:
    document = _document("report", "pdf")
    days = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 3, 31)}
    facts = {"organisation": OrganisationFactory()} | facts
    return TrainingReport.objects.create(document=document, digest="0" * 64, **days, **facts)


def _report_of_plan() -> Model:
    plan = YearlyPlan.objects.create(organisation=OrganisationFactory(), year=2026, made_by=PersonFactory())
    return _training_report(plan=plan)


def _countersignature() -> Model:
    scheme = SchemeFactory()
    return CounterSignature.objects.create(
        person=PersonFactory(),
        scheme=scheme,
        scheme_version=version_one(scheme),
        signer=PersonFactory(),
        remark="已核对",
        attempts=[],
        practicals=[],
        grounds=[],
        form_key=uuid.uuid4(),
    )


def _work_stop() -> WorkStop:
    by = PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory())
    model = EquipmentModelFactory()
    return stop_work(by, model=model, reason="召回", form_key=uuid.uuid4())


def _work_stop_lift() -> Model:
    stop = _work_stop()
    return lift_stop(stop.ordered_by, stop, reason="已修复")


def _override() -> DutyOverride:
    by = PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory())
    person, today = PersonFactory(organisation=by.organisation), timezone.localdate()
    days = {"starts_on": today, "ends_on": today}
    facts = {"tasks": [Task.REPAIR], "reason": "抢修", "form_key": uuid.uuid4()}
    return approve_override(by, person, model=EquipmentModelFactory(), **facts, **days)


def _inquiry() -> DutyInquiry:
    facts = {"on": timezone.localdate(), "known_at": timezone.now(), "is_allowed": True}
    person, model = PersonFactory(), EquipmentModelFactory()
    return DutyInquiry.objects.create(
        asked_by=person, asked_from="page", person=person, equipment=model, task=Task.REPAIR, **facts
    )


def _taken_over() -> TakenOver:
    by = PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory())
    person, today = PersonFactory(organisation=by.organisation), timezone.localdate()
    facts = Facts(TakenOverKind.CERTIFICATE, person, SchemeFactory(), today, by, today, number="内证 1")
    return take_over(by, facts, form_key=uuid.uuid4())


def _work_limit() -> Model:
    person, scheme = PersonFactory(), SchemeFactory()
    ledger.grant(person, scheme, act_key=uuid.uuid4().hex)
    said = {"text": "不登高", "reason": "体检", "by": PersonFactory(), "form_key": uuid.uuid4()}
    return ledger.limit_work(person, scheme, **said)


def _guidance() -> Guidance:
    by = PersonFactory(roles=[Role.ADMINISTRATOR], organisation=OrganisationFactory())
    learner, guide, scheme = PersonFactory(organisation=by.organisation), PersonFactory(), SchemeFactory()
    ledger.grant(guide, scheme, act_key=uuid.uuid4().hex)
    days = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
    return approve_guidance(by, learner, guide, scheme, form_key=uuid.uuid4(), **days)


def _guidance_end() -> Model:
    record = _guidance()
    return end_guidance(record.approved_by, record, reason="调岗")


def _override_withdrawal() -> Model:
    override = _override()
    return withdraw_override(override.approved_by, override, reason="不再需要")


def _assignment_record() -> Model:
    return AssignmentRecord.objects.get(assignment_key=AssignmentFactory().pk)


def _bar_change() -> BarChange:
    model = EquipmentModelFactory(is_regulated=True)
    with acting(PersonFactory()):
        model.is_regulated = False
        model.save()
    return BarChange.objects.get(record_id=model.pk, record_label="portal.equipmentmodel")


def _bar_decision() -> BarDecision:
    return BarDecision.objects.create(change=_bar_change(), outcome=BarOutcome.CONFIRMED, decided_by=PersonFactory())


def _term() -> Model:
    return RetentionTerm.objects.create(
        kind="notices", months=6, reason="r", proposed_by=PersonFactory(), form_key=uuid.uuid4()
    )


def _verdict() -> EditionVerdict:
    return EditionVerdict.objects.create(
        edition=ManualEditionFactory(), kind=VerdictKind.MUST_READ, grace_until=dt.date(2026, 4, 1)
    )


def _issue() -> BulletinIssue:
    return BulletinFactory().issues.get()


def _review() -> Model:
    return ContentReview.objects.create(
        record_label="kb.faultarticle", record_id=1, digest="a" * 64, decision="approved", reviewer=PersonFactory()
    )


def _handling() -> Model:
    person, unit = PersonFactory(), EquipmentUnitFactory()
    facts = {"day": dt.date(2026, 3, 1), "found": "结霜", "done": "化霜", "minutes": 30, "was_allowed": True}
    facts |= {"unit": unit, "person": person, "recorded_by": person}
    first = HandlingRecord.objects.create(**facts)
    # A correction, which every unique key of the table holds.
    return HandlingRecord.objects.create(corrects=first, reason="录错", **facts)


def _reading_due() -> Model:
    return ReadingDue.objects.create(person=PersonFactory(), scheme=SchemeFactory(), verdict=_verdict())


def _manual_reading() -> Model:
    return ManualReading.objects.create(person=PersonFactory(), edition=ManualEditionFactory(), form_key=uuid.uuid4())


def _reading_confirmation() -> Model:
    return ReadingConfirmation.objects.create(person=PersonFactory(), verdict=_verdict())


def _changed_chapter() -> Model:
    verdict = _verdict()
    return ChangedChapter.objects.create(verdict=verdict, chapter=verdict.edition.chapters.first())


def _excuse() -> Excuse:
    return Excuse.objects.create(
        quiz=QuizFactory(),
        person=PersonFactory(),
        kind="exempted",
        reason="免考",
        requested_by=PersonFactory(),
        form_key=uuid.uuid4(),
    )


def _excuse_decision() -> Model:
    return ExcuseDecision.objects.create(excuse=_excuse(), is_approved=True, decided_by=PersonFactory())


def _study() -> Model:
    return StudyConfirmation.objects.create(attempt=AttemptFactory())


def _practical_photo():
    document = _document("practical", "jpg")
    return PracticalPhoto.objects.create(practical=PracticalAssessmentFactory(), row=0, document=document)


def _training_certificate():
    times = NomineeTimesFactory()
    return TrainingCertificate.objects.create(
        number=uuid.uuid4().hex,
        short_number=new_short_number(),
        times=times,
        nominee=times.nominee,
        name="x",
        organisation="x",
        title="x",
        minutes=480,
        started_on=timezone.localdate(),
        ended_on=timezone.localdate(),
        issued_by=PersonFactory(),
    )


REPORT_KEYS = (
    ("id",),
    ("document_id",),
    ("plan_id",),
    ("starts_on", "ends_on", "organisation_id"),
    ("starts_on", "ends_on"),
)
RECORDS = {
    "issued bulletin": Record(lambda: (_issue(), None), (("id",), ("bulletin_id", "edition"))),
    "confirmed bulletin": Record(
        lambda: (BulletinConfirmation.objects.create(issue=_issue(), person=PersonFactory()), None),
        (("id",), ("issue_id", "person_id")),
    ),
    "reminder of a bulletin": Record(
        lambda: (BulletinReminder.objects.create(issue=_issue(), person=PersonFactory()), None),
        (("id",), ("issue_id", "person_id")),
    ),
    "review of a draft": Record(lambda: (_review(), None), (("id",),)),
    "reminder of a review": Record(
        lambda: (
            ReviewReminder.objects.create(
                record_label="kb.faultarticle", record_id=1, due=dt.date(2026, 4, 1), person=PersonFactory()
            ),
            None,
        ),
        (("id",), ("record_label", "record_id", "due")),
    ),
    "handling record": Record(lambda: (_handling(), None), (("id",), ("token",), ("corrects_id",))),
    "excuse from a quiz": Record(lambda: (_excuse(), None), (("id",), ("form_key",))),
    "decision on an excuse": Record(lambda: (_excuse_decision(), None), (("id",), ("excuse_id",))),
    "confirmed reading list": Record(lambda: (_study(), None), (("id",), ("attempt_id",))),
    "changed chapter": Record(lambda: (_changed_chapter(), None), (("id",), ("verdict_id", "chapter_id"))),
    "verdict on an edition": Record(
        lambda: (_verdict(), None), (("id",), ("edition_id",), ("revision_id",)), column="machines"
    ),
    "reading due": Record(lambda: (_reading_due(), None), (("id",), ("person_id", "scheme_id", "verdict_id"))),
    "confirmed reading": Record(lambda: (_reading_confirmation(), None), (("id",), ("person_id", "verdict_id"))),
    "manual read": Record(lambda: (_manual_reading(), None), (("id",), ("form_key",))),
    "saved draft": Record(lambda: (_draft_save(), None), (("id",), ("draft_id", "number"))),
    "approved version": Record(
        lambda: (_approved_version(), None),
        (("id",), ("record_label", "record_id", "number"), ("draft_id",)),
    ),
    "author of a version": Record(lambda: (_version_author(), None), (("id",), ("version_id", "person_id"))),
    "counter-signature": Record(lambda: (_countersignature(), None), (("id",), ("form_key",))),
    "work stop": Record(lambda: (_work_stop(), None), (("id",), ("form_key",)), column="starts_on"),
    "lift of a work stop": Record(lambda: (_work_stop_lift(), None), (("id",), ("stop_id",))),
    "record taken over": Record(
        lambda: (_taken_over(), None),
        (
            ("id",),
            ("entry_id",),
            ("form_key",),
            ("once",),
        ),
        free=("scan_id", "withdrawn_at", "withdrawn_by_id", "withdrawn_reason"),
        column="remark",
    ),
    "override": Record(lambda: (_override(), None), (("id",), ("form_key",)), column="starts_on"),
    "question to the gate": Record(lambda: (_inquiry(), None), (("id",),), column="known_at"),
    "limit of a qualification": Record(lambda: (_work_limit(), None), (("id",), ("form_key",)), column="text"),
    "guidance": Record(lambda: (_guidance(), None), (("id",), ("form_key",)), column="limits"),
    "end of a guidance": Record(lambda: (_guidance_end(), None), (("id",), ("guidance_id",))),
    "withdrawal of an override": Record(lambda: (_override_withdrawal(), None), (("id",), ("override_id",))),
    "entry of a field case": Record(lambda: (FieldCaseFactory().entries.first(), None), (("id",),)),
    "audit event": Record(lambda: (audit.record("test.done", "test:1"), None), (("id",),)),
    "record of an assignment": Record(lambda: (_assignment_record(), None), (("id",),)),
    "change of the bar": Record(lambda: (_bar_change(), None), (("id",),), column="record"),
    "decision on a change of the bar": Record(lambda: (_bar_decision(), None), (("id",), ("change_id",))),
    "retention term": Record(
        lambda: (_term(), None),
        (("id",), ("form_key",), ("kind",)),
        free=("decided_by_id", "decided_at", "is_approved"),
        column="reason",
    ),
    "clearing of records": Record(
        lambda: (RetentionRun.objects.create(kind="notices", removed=1), None), (("id",),), column="removed"
    ),
    "ledger entry": Record(lambda: (_correction(), None), (("id",), ("act_key",), ("corrects_id",))),
    "certificate": Record(
        lambda: (certificate_for(PersonFactory(), SchemeFactory()), None),
        (("id",), ("number",), ("short_number",), ("entry_id",)),
        (("id",), ("number",), ("short_number",), ("entry_id",)),
    ),
    "certificate of training": Record(
        lambda: (_training_certificate(), None), (("id",), ("number",), ("short_number",), ("times_id",))
    ),
    "practical": Record(lambda: (PracticalAssessmentFactory(), None), (("id",), ("form_key",))),
    "photo of a practical": Record(lambda: (_practical_photo(), None), (("id",), ("document_id",))),
    "statutory card": Record(
        lambda: (StatutoryCertificateFactory(), None),
        (("id",), ("kind_id", "number", "valid_from")),
        free=("scan_id", "withdrawn_on", "withdrawn_recorded_at", "verified_by_id", "verified_at"),
    ),
    "release": Record(lambda: (_release(), None), (("id",), ("form_key",))),
    "closed attempt": Record(
        lambda: (_attempt(is_open=False), _attempt(is_open=True)),
        (("id",), ("quiz_id", "person_id", "number"), ("quiz_id", "person_id")),
    ),
    "sitting": Record(lambda: (_sitting(), None), (("id",), ("form_key",))),
    "mark": Record(lambda: (_mark(), None), (("id",), ("answer_id",))),
    "regrading": Record(lambda: (_regrading(), None), (("id",), ("form_key",), ("version_id",))),
    "regraded attempt": Record(lambda: (_regraded(), None), (("id",), ("regrading_id", "attempt_id"))),
    "open attempt": Record(
        lambda: (_attempt(is_open=True), None),
        (("id",), ("quiz_id", "person_id", "number"), ("quiz_id", "person_id")),
        free=("state", "closed_at", "score", "is_passed", "could_read_answers"),
    ),
    "question of an attempt": Record(
        lambda: (_question(_attempt(is_open=True)), None),
        (("id",), ("attempt_id", "order"), ("attempt_id", "version_id")),
    ),
    "answer": Record(lambda: _of_attempts(lambda attempt: _question(attempt).answer), (("id",), ("shown_id",))),
    "shown version": Record(
        _versions,
        (("id",), ("question_id", "number"), ("question_id",)),
        free=("is_current", "chapter_id", "article_id", "cited"),
    ),
    "choice": Record(_choices, (("id",), ("version_id", "order"))),
    "edition": Record(_editions, (("id",), ("manual_id", "edition"), ("manual_id",))),
    "chapter": Record(_chapters, (("id",), ("edition_id", "number"))),
    "hours": Record(lambda: (HourCreditFactory(), None), (("id",), ("attendance_id", "module_id", "number"))),
    "attendance": Record(lambda: (AttendanceFactory(), None), (("id",), ("enrolment_id", "meeting_id"))),
    "attendance corrections": Record(
        lambda: (AttendanceCorrectionFactory(), None), (("id",), ("attendance_id", "number"))
    ),
    "times of a named person": Record(
        lambda: (NomineeTimesFactory(), None), (("id",), ("nominee_id", "meeting_id", "number"))
    ),
    "hours of a named person": Record(lambda: (NomineeCreditFactory(), None), (("id",), ("times_id", "module_id"))),
    "training report": Record(lambda: (_training_report(), None), REPORT_KEYS),
    "training report over all": Record(lambda: (_training_report(organisation=None), None), REPORT_KEYS),
    "report of a yearly plan": Record(lambda: (_report_of_plan(), None), REPORT_KEYS),
    "match of a named person": Record(lambda: (NomineeMatchFactory(), None), (("id",), ("nominee_id",))),
}
# Unique keys that hold for some rows only.
PARTIAL = {
    ("portal_retentionterm", ("kind",)): "decided_at IS NULL",
    ("certification_takenover", ("once",)): "withdrawn_at IS NULL",
    ("certification_attempt", ("quiz_id", "person_id")): "state = 'open'",
    ("certification_questionversion", ("question_id",)): "is_current",
    ("kb_manualedition", ("manual_id",)): "published_on IS NULL",
    ("courses_trainingreport", ("starts_on", "ends_on", "organisation_id")): "plan_id IS NULL",
    ("courses_trainingreport", ("starts_on", "ends_on")): "organisation_id IS NULL",
    ("kb_editionverdict", ("revision_id",)): "revision_id IS NOT NULL",
}

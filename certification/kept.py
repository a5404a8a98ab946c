"""Which rows of certification the database keeps as they were written, and what may change all the same."""

from django.db.models import Q

from certification.enums import AttemptState
from certification.models import (
    Answer,
    ApprovedVersion,
    Attempt,
    AttemptQuestion,
    AttemptRelease,
    Certificate,
    ChangedChapter,
    Choice,
    CounterSignature,
    DraftSave,
    DutyInquiry,
    DutyOverride,
    Excuse,
    ExcuseDecision,
    Guidance,
    GuidanceEnd,
    LedgerEntry,
    ManualReading,
    Mark,
    OverrideWithdrawal,
    PracticalAssessment,
    PracticalPhoto,
    QuestionVersion,
    ReadingConfirmation,
    ReadingDue,
    RegradedAttempt,
    Regrading,
    Sitting,
    StatutoryCertificate,
    StudyConfirmation,
    TakenOver,
    TrainingCertificate,
    VersionAuthor,
    WorkLimit,
    WorkStop,
    WorkStopLift,
)
from portal.operations.immutability import keep


def keep_the_ledger() -> None:
    """Facts about qualifications, and what they are shown by."""
    kept = (LedgerEntry, DraftSave, ApprovedVersion, VersionAuthor, CounterSignature, WorkStop, WorkStopLift)
    for model in (
        *kept,
        ReadingDue,
        ChangedChapter,
        ReadingConfirmation,
        DutyOverride,
        OverrideWithdrawal,
        DutyInquiry,
        Excuse,
        ExcuseDecision,
        Guidance,
        GuidanceEnd,
        ManualReading,
        WorkLimit,
    ):
        keep(model)
    keep(Certificate)
    keep(TrainingCertificate)
    keep(PracticalAssessment)
    keep(PracticalPhoto)
    keep(TakenOver, may_fill=("withdrawn_at", "withdrawn_by", "withdrawn_reason"), may_change=("scan",))
    # A document may be taken out of the library; the card on record stays as it was printed.
    keep(
        StatutoryCertificate,
        may_fill=("withdrawn_on", "withdrawn_recorded_at", "verified_by", "verified_at"),
        may_change=("scan",),
    )


def keep_attempts() -> None:
    """A paper from the moment it is drawn, its answers and result from the moment it is closed, and what was asked."""
    is_handed_in, was_shown = ~Q(state=AttemptState.OPEN), Q(shown__isnull=False)
    keep(AttemptRelease)
    keep(Attempt, may_change=("state", "closed_at", "score", "is_passed", "could_read_answers"))
    # Marks give a paper that waits for them its result; a regrading writes rows of its own.
    keep(Attempt, when=~Q(state__in=[AttemptState.OPEN, AttemptState.MARKING]))
    keep(AttemptQuestion)
    keep(AttemptQuestion, of="attempt", when=is_handed_in)
    keep(Answer, of="shown", when=~Q(attempt__state=AttemptState.OPEN), may_fill=("is_right", "credit"))
    for model in (StudyConfirmation, Sitting, Mark, Regrading, RegradedAttempt):
        keep(model)
    # Which version is drawn next and what to read again are not what was asked.
    keep(QuestionVersion, when=was_shown, may_change=("is_current", "chapter", "article", "cited"))
    keep(Choice, of="version", when=was_shown)

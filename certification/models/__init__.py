"""Models of ``certification``."""

from certification.models.attempts import Answer, Attempt, AttemptQuestion, AttemptRelease, Sitting
from certification.models.certificates import Certificate
from certification.models.company_documents import CompanyDocument
from certification.models.countersignatures import CounterSignature
from certification.models.evidence_samples import EvidenceSample
from certification.models.excuses import Excuse, ExcuseDecision, StudyConfirmation
from certification.models.guidance import Guidance, GuidanceEnd
from certification.models.inquiries import DutyInquiry
from certification.models.ledger import LedgerEntry, WorkLimit
from certification.models.marking import Mark, RegradedAttempt, Regrading
from certification.models.overrides import DutyOverride, OverrideWithdrawal
from certification.models.practicals import (
    AssessorAppointment,
    Checklist,
    ChecklistItem,
    ItemReview,
    PracticalAssessment,
    PracticalDraft,
    PracticalDraftPhoto,
    PracticalPhoto,
)
from certification.models.practice import PracticeAnswer
from certification.models.questions import Choice, Question, QuestionBank, QuestionVersion
from certification.models.quizzes import DrawRule, Quiz
from certification.models.requirements import Requirement
from certification.models.revisions import ChangedChapter, ManualReading, ReadingConfirmation, ReadingDue
from certification.models.schemes import Scheme, SchemeScope, SchemeTask
from certification.models.statutory import StatutoryCertificate
from certification.models.stops import WorkStop, WorkStopLift
from certification.models.takeover import TakenOver
from certification.models.training_certificates import TrainingCertificate
from certification.models.versions import ApprovedVersion, Draft, DraftSave, VersionAuthor

__all__ = [
    "Answer",
    "ApprovedVersion",
    "AssessorAppointment",
    "Attempt",
    "AttemptQuestion",
    "AttemptRelease",
    "Certificate",
    "ChangedChapter",
    "Checklist",
    "ChecklistItem",
    "Choice",
    "CompanyDocument",
    "CounterSignature",
    "Draft",
    "DraftSave",
    "DrawRule",
    "DutyInquiry",
    "DutyOverride",
    "EvidenceSample",
    "Excuse",
    "ExcuseDecision",
    "Guidance",
    "GuidanceEnd",
    "ItemReview",
    "LedgerEntry",
    "ManualReading",
    "Mark",
    "OverrideWithdrawal",
    "PracticalAssessment",
    "PracticalDraft",
    "PracticalDraftPhoto",
    "PracticalPhoto",
    "PracticeAnswer",
    "Question",
    "QuestionBank",
    "QuestionVersion",
    "Quiz",
    "ReadingConfirmation",
    "ReadingDue",
    "RegradedAttempt",
    "Regrading",
    "Requirement",
    "Scheme",
    "SchemeScope",
    "SchemeTask",
    "Sitting",
    "StatutoryCertificate",
    "StudyConfirmation",
    "TakenOver",
    "TrainingCertificate",
    "VersionAuthor",
    "WorkLimit",
    "WorkStop",
    "WorkStopLift",
]

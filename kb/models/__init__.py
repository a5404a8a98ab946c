"""Models of ``kb``."""

from kb.models.bulletins import Bulletin, BulletinConfirmation, BulletinIssue, BulletinReminder
from kb.models.case_readers import CaseReader
from kb.models.cases import CaseEntry, CasePhoto, CaseTerm, FieldCase
from kb.models.diagnosis import DiagnosisGuide, DiagnosisStep
from kb.models.diagnosis_runs import DiagnosisAnswer, DiagnosisRun
from kb.models.edition_papers import EditionPaper
from kb.models.fault_rows import CausePair, FaultCode, FaultRelation, FaultSource, SafetyNote
from kb.models.faults import FaultArticle
from kb.models.feedback import ArticleAnswer, UnsolvedReason
from kb.models.handling import HandlingRecord
from kb.models.manual_imports import ManualImport
from kb.models.manuals import Manual, ManualChapter, ManualEdition
from kb.models.review_reminders import ReviewReminder
from kb.models.reviews import ContentReview, SpecialistReview
from kb.models.topics import Topic
from kb.models.translations import ContentTranslation
from kb.models.verdicts import EditionVerdict

__all__ = [
    "ArticleAnswer",
    "Bulletin",
    "BulletinConfirmation",
    "BulletinIssue",
    "BulletinReminder",
    "CaseEntry",
    "CasePhoto",
    "CaseReader",
    "CaseTerm",
    "CausePair",
    "ContentReview",
    "ContentTranslation",
    "DiagnosisAnswer",
    "DiagnosisGuide",
    "DiagnosisRun",
    "DiagnosisStep",
    "EditionPaper",
    "EditionVerdict",
    "FaultArticle",
    "FaultCode",
    "FaultRelation",
    "FaultSource",
    "FieldCase",
    "HandlingRecord",
    "Manual",
    "ManualChapter",
    "ManualEdition",
    "ManualImport",
    "ReviewReminder",
    "SafetyNote",
    "SpecialistReview",
    "Topic",
    "UnsolvedReason",
]

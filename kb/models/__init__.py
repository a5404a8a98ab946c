"""Models of ``kb``."""

from kb.models.fault_rows import CausePair, FaultCode, FaultSource, SafetyNote
from kb.models.faults import FaultArticle
from kb.models.feedback import ArticleAnswer, UnsolvedReason
from kb.models.manuals import Manual, ManualChapter, ManualEdition

__all__ = [
    "ArticleAnswer",
    "CausePair",
    "FaultArticle",
    "FaultCode",
    "FaultSource",
    "Manual",
    "ManualChapter",
    "ManualEdition",
    "SafetyNote",
    "UnsolvedReason",
]

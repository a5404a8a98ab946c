"""The nouns of the knowledge base."""

from kb.models.faults import CausePair, FaultArticle, FaultCode, FaultSource, SafetyNote
from kb.models.manuals import Manual, ManualChapter, ManualEdition

__all__ = [
    "CausePair",
    "FaultArticle",
    "FaultCode",
    "FaultSource",
    "Manual",
    "ManualChapter",
    "ManualEdition",
    "SafetyNote",
]

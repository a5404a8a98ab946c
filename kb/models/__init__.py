"""The nouns of the knowledge base."""

from kb.models.faults import (
    CausePair,
    FaultAlias,
    FaultArticle,
    FaultCode,
    FaultSource,
    SafetyNote,
    ToolNeeded,
)
from kb.models.manuals import Manual, ManualChapter, ManualEdition

__all__ = [
    "CausePair",
    "FaultAlias",
    "FaultArticle",
    "FaultCode",
    "FaultSource",
    "Manual",
    "ManualChapter",
    "ManualEdition",
    "SafetyNote",
    "ToolNeeded",
]

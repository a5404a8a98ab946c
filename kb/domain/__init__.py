"""The verbs of the knowledge base."""

from kb.domain.editions import new_edition, next_edition_name, publish_edition
from kb.domain.faults import publish_fault, withdraw_fault

__all__ = ["new_edition", "next_edition_name", "publish_edition", "publish_fault", "withdraw_fault"]

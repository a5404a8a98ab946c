"""Qualification ledger, append-only: each function appends one entry, once.

Each takes an ``act_key``; a second call with the same key returns the first call's entry, so a repeated form or a
command run twice writes nothing. ``at`` is the moment recorded, now by default; imports and demo data may give an
earlier one, but never one before the last entry, because what was known at a past moment must not change.
"""

from certification.ledger.corrections import correct, draft_correction, root_of
from certification.ledger.entries import FOLLOWS
from certification.ledger.grants import grant, lapse, renew, take_over
from certification.ledger.limits import limit_work
from certification.ledger.sanctions import reinstate, revoke, suspend

__all__ = [
    "FOLLOWS",
    "correct",
    "draft_correction",
    "grant",
    "lapse",
    "limit_work",
    "reinstate",
    "renew",
    "revoke",
    "root_of",
    "suspend",
    "take_over",
]

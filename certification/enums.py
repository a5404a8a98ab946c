"""Choices of certification."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    SINGLE = "single", _("One right answer")
    MULTI = "multi", _("Several right answers")
    JUDGE = "judge", _("Right or wrong")


class AttemptState(models.TextChoices):
    """Life of an attempt. Open attempts past their deadline are closed with what was saved."""

    OPEN = "open", _("Open")
    SUBMITTED = "submitted", _("Submitted")
    EXPIRED = "expired", _("Time ran out")


class PracticalResult(models.TextChoices):
    """Outcome of a practical assessment."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")


class RequirementKind(models.TextChoices):
    """What a scheme may ask for."""

    HOURS = "hours", _("Training hours")
    QUIZ = "quiz", _("Quiz")
    PRACTICAL = "practical", _("Practical assessment")
    STATUTORY = "statutory", _("Statutory certificate")


class EntryKind(models.TextChoices):
    """What happened to a qualification; the legal order is in ``certification.domain.ledger``."""

    GRANTED = "granted", _("Granted")
    RENEWED = "renewed", _("Renewed")
    SUSPENDED = "suspended", _("Suspended")
    REINSTATED = "reinstated", _("Reinstated")
    REVOKED = "revoked", _("Revoked")
    LAPSED = "lapsed", _("Lapsed")
    CORRECTED = "corrected", _("Corrected")


class Standing(models.TextChoices):
    """Where a qualification stands on a day, derived from the ledger."""

    NONE = "none", _("Not granted")
    NOT_YET = "not_yet", _("Not yet valid")
    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Expiring")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")

"""Choices of certification."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    """Life of an attempt. Open attempts past their deadline are closed with what was saved."""

    OPEN = "open", _("Being taken")
    MARKING = "marking", _("Waiting to be marked")
    SUBMITTED = "submitted", _("Submitted")
    EXPIRED = "expired", _("Time ran out")


class Remedy(models.TextChoices):
    """What becomes of a question that turned out to be faulty, in papers that asked it."""

    CREDIT_ALL = "credit_all", _("Everybody gets its credit")
    LEAVE_OUT = "leave_out", _("It does not count")


class ExcuseKind(models.TextChoices):
    """What may be asked for instead of sitting a quiz when it is due."""

    POSTPONED = "postponed", _("Sit it later (缓考)")
    EXEMPTED = "exempted", _("Exempt from it (免考)")


class PracticalResult(models.TextChoices):
    """Outcome of a practical assessment."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")


class DraftState(models.TextChoices):
    """Life of a draft. A rejected one waits again when it is saved anew."""

    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Ground(models.TextChoices):
    """Why somebody is not granted on one assessor's word alone."""

    READ_ANSWERS = "read_answers", _("could read the answers of the question bank")
    WROTE_QUESTIONS = "wrote_questions", _("wrote questions of the paper")
    CHANGED_QUIZ = "changed_quiz", _("changed or approved the quiz")
    CHANGED_CHECKLIST = "changed_checklist", _("changed or approved the checklist")
    CHANGED_SCHEME = "changed_scheme", _("changed or approved the scheme")


class SchemeEffect(models.TextChoices):
    """What a valid qualification of a scheme does at the gate."""

    OPENS = "opens", _("Opens its tasks")
    CONDITION = "condition", _("Condition besides")


class EntryKind(models.TextChoices):
    """What happened to a qualification; the legal order is in ``certification.ledger``."""

    GRANTED = "granted", _("Granted")
    RENEWED = "renewed", _("Renewed")
    SUSPENDED = "suspended", _("Suspended")
    REINSTATED = "reinstated", _("Reinstated")
    REVOKED = "revoked", _("Revoked")
    LAPSED = "lapsed", _("Lapsed")
    CORRECTED = "corrected", _("Corrected")


class CompanyDocumentKind(models.TextChoices):
    """What the organisation itself must hold."""

    LICENCE = "licence", _("Licence")
    INSURANCE = "insurance", _("Insurance")
    OTHER = "other", _("Other document")


class SampleState(models.TextChoices):
    """Where the file of an evidence sample stands."""

    QUEUED = "queued", _("Waiting to be made")
    WORKING = "working", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")


class PublicReason(models.TextChoices):
    """Why a qualification was revoked, in words the public may read; the reason in the ledger stays in the house."""

    RECORDS = "records", _("The records it rested on were not right.")
    SAFETY = "safety", _("Safety rules were broken.")
    CONDUCT = "conduct", _("It was used beyond its scope, lent or altered.")
    LEFT = "left", _("The holder no longer does this work.")
    REPLACED = "replaced", _("It was replaced by another certificate.")


class Standing(models.TextChoices):
    """Where a qualification stands on a day, derived from the ledger."""

    NONE = "none", _("Not granted")
    NOT_YET = "not_yet", _("Not yet valid")
    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Expiring")
    GRACE = "grace", _("In its days of grace")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")


class TakenOverKind(models.TextChoices):
    """What can be taken over from before the first day of the portal."""

    CERTIFICATE = "certificate", _("Earlier certificate")
    QUIZ = "quiz", _("Earlier quiz on paper")
    PRACTICAL = "practical", _("Earlier practical")
    HOURS = "hours", _("Earlier training hours")


class Year(models.TextChoices):
    """What a scheme calls a year."""

    ROLLING = "rolling", _("The last 12 months")
    CALENDAR = "calendar", _("The calendar year")


class Level(models.IntegerChoices):
    """Rungs of a track; a higher one includes the lower ones at the gate."""

    NONE = 0, _("No level")
    BASIC = 1, _("Basic level")
    INTERMEDIATE = 2, _("Intermediate level")
    ADVANCED = 3, _("Advanced level")


class CardState(models.TextChoices):
    """Where a statutory card stands on a day."""

    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Expiring")
    EXPIRED = "expired", _("Expired")
    NOT_YET = "not_yet", _("Not yet valid")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReasonCode(models.TextChoices):
    """Names of the gate's own reasons; programs compare these, people read the message.

    Those of a requirement stand with its kind, in ``certification.requirements``.
    """

    COUNTERSIGNED = "countersigned", _("Counter-signed")
    COUNTERSIGNATURE_MISSING = "countersignature_missing", _("Counter-signature missing")
    CERTIFIED = "certified", _("Certified")
    NO_STATUTORY_RULE = "no_statutory_rule", _("No rule names the statutory certificate")
    IN_GRACE = "in_grace", _("In its days of grace")
    HIGHER_LEVEL = "higher_level", _("A higher level of the track is held")
    CONDITION_MET = "condition_met", _("Condition met")
    CONDITION_MISSING = "condition_missing", _("Condition not met")
    POST_SCHEME_MISSING = "post_scheme_missing", _("A scheme the post requires is not held")
    NO_SCHEME = "no_scheme", _("No scheme covers this equipment")
    POST_OPEN = "post_open", _("The post requires no qualification")
    NOT_GRANTED = "not_granted", _("Not granted yet")
    NOT_YET_VALID = "not_yet_valid", _("Not yet valid")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")
    REVISION_UNREAD = "revision_unread", _("A revised manual was not read in time")
    REVISION_QUIZ_MISSING = "revision_quiz_missing", _("The short quiz on a revised manual was not passed in time")
    RECERTIFICATION_MISSING = "recertification_missing", _("Not recertified after a revision in time")
    WORK_STOPPED = "work_stopped", _("Work is stopped")
    OVERRIDDEN = "overridden", _("Overridden")
    UNDER_GUIDANCE = "under_guidance", _("Only under guidance")
    GUIDE_NOT_QUALIFIED = "guide_not_qualified", _("The guide is not qualified")
    TWO_PERSONS = "two_persons", _("Work for two")
    PERSON_INACTIVE = "person_inactive", _("Person no longer active")
    BAR_UNCONFIRMED = "bar_unconfirmed", _("Own change not confirmed")


class Stage(models.TextChoices):
    """How far somebody is with a scheme, as a training file shows it (一人一档)."""

    NOT_STARTED = "not_started", _("Not started")
    LEARNING = "learning", _("Learning")
    READY_FOR_QUIZ = "ready_for_quiz", _("Ready for the quiz")
    RESIT = "resit", _("Re-sit")
    AWAITING_PRACTICAL = "awaiting_practical", _("Awaiting the practical")
    AWAITING_COUNTERSIGNATURE = "awaiting_countersignature", _("Awaiting the counter-signature")
    AWAITING_ISSUE = "awaiting_issue", _("Passed, certificate to be issued")
    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Expiring")
    GRACE = "grace", _("In its days of grace")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")
    NOT_YET = "not_yet", _("Not yet valid")


class PostState(models.TextChoices):
    """What is most urgent about a post; the first that is true."""

    UNQUALIFIED = "unqualified", _("Held without qualification")
    OPEN = "open", _("Seats open")
    IN_TRAINING = "in_training", _("Not all qualified")
    NO_PLAN = "no_plan", _("No planned headcount")
    ABOVE_PLAN = "above_plan", _("Above plan")
    FILLED = "filled", _("Filled")


class AskedFrom(models.TextChoices):
    """Where a question to the duty gate was asked."""

    PAGE = "page", _("Page of the duty check")
    LABEL = "label", _("Page of a machine")
    BATCH = "batch", _("List of people and machines")
    ROSTER = "roster", _("Roster of an outlet")
    API = "api", _("API")

"""Choices of the knowledge base."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    """What the fault does; decides the means and the order of lists."""

    DANGER = "danger", _("Danger")
    STOP = "stop", _("Machine stopped")
    DEGRADED = "degraded", _("Works badly")
    MINOR = "minor", _("Minor")


class Recovery(models.TextChoices):
    """How a protection lets go."""

    AUTO = "auto", _("Recovers by itself")
    MANUAL = "manual", _("Must be reset by hand")
    UNKNOWN = "unknown", _("Not known")


class Where(models.TextChoices):
    """Where a check can be done."""

    PHONE = "phone", _("By phone")
    SITE = "site", _("On site")


class Basis(models.TextChoices):
    """Where a statement comes from."""

    SOURCED = "sourced", _("From a source")
    DOMAIN = "domain", _("From experience")


class Verification(models.TextChoices):
    """How far an article can be relied on."""

    MANUFACTURER = "manufacturer", _("Checked against the maker's documents")
    SECONDARY = "secondary", _("From other sources, to be checked")
    DISPUTED = "disputed", _("Sources disagree")


class StepKind(models.TextChoices):
    """What a step of a diagnosis guide does."""

    QUESTION = "question", _("Question")
    REMEDY = "remedy", _("Remedy: the guide ends here")
    ESCALATION = "escalation", _("Escalation: the guide ends here, somebody else goes on")


class RunResult(models.TextChoices):
    """How a run through a diagnosis guide ended."""

    OPEN = "open", _("Not ended")
    SOLVED = "solved", _("Solved")
    NOT_SOLVED = "not_solved", _("Not solved")
    ESCALATED = "escalated", _("Escalated")


class CaseKind(models.TextChoices):
    """What a field case is about."""

    FAULT = "fault", _("Unsolved fault")
    ACCIDENT = "accident", _("Serious quality accident")


class CaseState(models.TextChoices):
    """Where a field case stands."""

    OPEN = "open", _("Waiting to be taken over")
    TAKEN = "taken", _("Being worked on")
    ASKED = "asked", _("Asked back")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")


class CaseAct(models.TextChoices):
    """What was done with a field case."""

    REPORTED = "reported", _("Reported")
    TAKEN = "taken", _("Taken over")
    ASKED = "asked", _("Asked back")
    REPLIED = "replied", _("Replied")
    NOTED = "noted", _("Note")
    PASSED_UP = "passed_up", _("Passed up")
    ANSWERED = "answered", _("Answered")
    REOPENED = "reopened", _("Did not help")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")
    DRAFTED = "drafted", _("Article drafted")
    PUBLISHED = "published", _("Article published")
    HOLDS = "holds", _("Article holds")
    HOLDS_NOT = "holds_not", _("Article does not hold")


class ManualKind(models.TextChoices):
    """What a manual is for."""

    USER = "user", _("User manual")
    INSTALLATION = "installation", _("Installation manual")
    COMMISSIONING = "commissioning", _("Commissioning manual")
    REPAIR = "repair", _("Repair manual")
    SELECTION = "selection", _("Selection guide")
    REGULATION = "regulation", _("Regulation")


class PaperState(models.TextChoices):
    """Where the PDF of an edition stands."""

    QUEUED = "queued", _("Waiting to be made")
    WORKING = "working", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")


class ImportState(models.TextChoices):
    """Where the import of a manual stands."""

    QUEUED = "queued", _("Waiting to be read")
    READ = "read", _("Read, to be looked at")
    REFUSED = "refused", _("Could not be read")
    ACCEPTED = "accepted", _("Accepted")


class VerdictKind(models.TextChoices):
    """What people who work by a manual must do about a new edition of it."""

    EDITORIAL = "editorial", _("Editorial: nothing to do")
    MUST_READ = "must_read", _("Must be read and confirmed")
    SHORT_QUIZ = "short_quiz", _("Short quiz on what changed")
    FULL = "full", _("Full recertification: shown anew")


class CitationChoice(models.TextChoices):
    """What becomes of a citation when its chapter's edition is replaced."""

    FOLLOW = "follow", _("Follow")
    STAY = "stay", _("Stay")
    DROP = "drop", _("Drop the citation")


class CounterpartFit(models.TextChoices):
    """What a new edition has for a chapter of an earlier one."""

    SAME = "same", _("Same chapter")
    OTHER_TITLE = "other_title", _("Another title under this number")
    MISSING = "missing", _("Would break if followed: no chapter of this number")


class TopicKind(models.TextChoices):
    """What a topic is about, as far as coverage asks."""

    GENERAL = "general", _("Everything else")
    FAULT = "fault", _("Faults and their remedies")
    MAINTENANCE = "maintenance", _("Care and maintenance")


class BulletinKind(models.TextChoices):
    """What a bulletin is."""

    SERVICE = "service", _("Service bulletin")
    SAFETY = "safety", _("Safety notice")
    RECALL = "recall", _("Recall or refit")
    REGULATION = "regulation", _("Regulation")


class ReviewDecision(models.TextChoices):
    """What a reviewer said of a draft."""

    APPROVED = "approved", _("Approved")
    CHANGES = "changes", _("Changes requested")

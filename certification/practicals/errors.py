"""Refusals of practical assessments."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class NotAppointed(NotAllowed):
    """Only a person with the role and an appointment for this equipment may assess."""

    code = "not_appointed"
    message = _("You are not appointed to assess %(category)s on this day. Nothing was signed.")


class OwnAssessment(NotAllowed):
    """Nobody assesses oneself."""

    code = "own_assessment"
    message = _("Nobody can assess oneself. Ask another assessor.")


class IncompleteChecklist(DomainError):
    """Each item needs a judgement."""

    code = "incomplete_checklist"
    status = 422
    message = _("Judge every item before signing: %(count)s are open. What you entered is still here.")


class FutureAssessment(DomainError):
    """An assessment is signed when it was done."""

    code = "future_assessment"
    status = 422
    message = _("An assessment cannot be signed for a day to come.")


class NewerDraft(DomainError):
    """What a device kept without a network is older than what was filled in since."""

    code = "newer_draft"
    message = _("%(person)s's checklist was gone on with elsewhere since; what was kept here was not taken.")

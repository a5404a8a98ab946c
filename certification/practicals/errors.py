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


class MissingRemark(DomainError):
    """What was not done properly is said in words."""

    code = "missing_remark"
    status = 422
    message = _("Say what was not done properly of: %(items)s.")


class UnqualifiedAssessor(NotAllowed):
    """The checklist asks for an assessor who may do the work on the day."""

    code = "unqualified_assessor"
    message = _(
        "This checklist is signed by somebody who may “%(task)s” on %(category)s on the day. You may not: %(reasons)s"
    )


class TrainedByAssessor(NotAllowed):
    """The checklist is not signed by who trained the candidate."""

    code = "trained_by_assessor"
    message = _("You trained %(person)s on %(category)s; this checklist asks for another assessor.")


class SignatureMissing(DomainError):
    """The checklist asks for the candidate's signature, or the reason why there is none."""

    code = "signature_missing"
    status = 422
    message = _("Let %(person)s sign, or say why not. Nothing was signed.")


class UnusableSignature(DomainError):
    """What was sent is no drawn signature."""

    code = "unusable_signature"
    status = 422
    message = _("That is no signature. Wipe the field and sign again.")


class UnusablePhoto(DomainError):
    """No picture, a damaged one, or one too large."""

    code = "unusable_practical_photo"
    status = 422
    message = _("“%(name)s” was not kept: JPEG, PNG or WebP, %(limit)s MB at most.")


class TooManyPhotos(DomainError):
    """A checklist keeps so many photos."""

    code = "too_many_photos"
    status = 422
    message = _("The photo was not kept: %(item)s of an item and %(whole)s of a checklist at most.")

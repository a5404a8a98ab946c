"""Refusals of counter-signatures."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError, NotAllowed


class OwnCountersignature(NotAllowed):
    """A person cannot counter-sign their own evidence."""

    code = "own_countersignature"
    message = _("Nobody can counter-sign for oneself. Ask another assessor.")


class NotAppointedForScheme(NotAllowed):
    """Only an assessor appointed for the equipment of the scheme may counter-sign."""

    code = "not_appointed_for_scheme"
    message = _("You are not appointed to assess what %(scheme)s covers today. Nothing was signed.")


class SameAssessor(NotAllowed):
    """The word of a second assessor is asked for."""

    code = "same_assessor"
    message = _("You signed the practical yourself. Another assessor must counter-sign.")


class MovedTheBar(NotAllowed):
    """Who wrote or approved the quiz, checklist or scheme cannot counter-sign by it."""

    code = "moved_the_bar"
    message = _("You changed or approved what this person was judged by. Another assessor must counter-sign.")


class NothingToCountersign(DomainError):
    """No counter-signature is asked for, or it was given."""

    code = "nothing_to_countersign"
    message = _("No counter-signature is missing for %(scheme)s of %(person)s. Nothing was signed.")


class RemarkNeeded(DomainError):
    """A counter-signature needs a remark on what it rests on."""

    code = "remark_needed"
    status = 422
    message = _("Say how you made sure; it is kept with your signature.")

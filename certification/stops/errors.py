"""Why a stop of work is not ordered or lifted."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class MayNotStop(DomainError):
    """The region is not in the person's hands."""

    code = "may_not_stop"
    status = 403
    message = _("Managers stop work in their own branch, administrators in the whole network.")


class OneEquipment(DomainError):
    """Neither or both of category and model."""

    code = "one_equipment"
    status = 422
    message = _("Name either a category or a model.")


class StopReasonNeeded(DomainError):
    """No reason given."""

    code = "stop_reason_needed"
    status = 422
    message = _("Say why: the reason stands on every refusal.")


class AlreadyLifted(DomainError):
    """The stop was lifted before."""

    code = "already_lifted"
    status = 409
    message = _("This stop has been lifted already.")


class ResumesTooEarly(DomainError):
    """Work would resume before it stopped, or on a past day."""

    code = "resumes_too_early"
    status = 422
    message = _("Work resumes today at the earliest, and not before the stop begins.")

"""Why an override is not approved or withdrawn."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class MayNotOverride(DomainError):
    """The person is not in the approver's hands, or is the approver."""

    code = "may_not_override"
    status = 403
    message = _("Managers answer for people of their own branch, administrators for the network; nobody for oneself.")


class OverrideNeedsOneEquipment(DomainError):
    """Neither or both of category and model."""

    code = "override_needs_one_equipment"
    status = 422
    message = _("Name either a category or a model.")


class OverrideNeedsTasks(DomainError):
    """No task, or one that does not exist."""

    code = "override_needs_tasks"
    status = 422
    message = _("Choose the tasks it is for.")


class OverrideNeedsReason(DomainError):
    """No reason given."""

    code = "override_needs_reason"
    status = 422
    message = _("Say why: the reason stands on every answer.")


class ImpossibleOverrideDays(DomainError):
    """It would begin on a past day or end before it begins."""

    code = "impossible_override_days"
    status = 422
    message = _("An override begins today at the earliest and does not end before it begins.")


class OverrideTooLong(DomainError):
    """More days than the settings allow."""

    code = "override_too_long"
    status = 422
    message = _("An override lasts %(days)s days at most, both ends counted.")


class PersonLeft(DomainError):
    """The person is not active any more."""

    code = "override_for_nobody"
    status = 422
    message = _("Who is no longer active in the network is not let to work.")


class AlreadyWithdrawn(DomainError):
    """The override was withdrawn before."""

    code = "override_already_withdrawn"
    status = 409
    message = _("This override has been withdrawn already.")


class OverrideOver(DomainError):
    """Its last day is past."""

    code = "override_over"
    status = 409
    message = _("This override has ended; past days stay as they were answered.")

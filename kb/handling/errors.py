"""Refusals of handling records."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class NotYetDone(DomainError):
    """The day of the work is to come."""

    code = "not_yet_done"
    status = 422
    message = _("Work is recorded once it is done; %(day)s is to come.")


class NotInSight(DomainError):
    """Somebody outside the service network, or a machine of another one."""

    code = "unit_not_in_sight"
    status = 403
    message = _("Only staff of the service network record work, on machines they may look up.")


class CorrectedAlready(DomainError):
    """Another row has taken the place of this one."""

    code = "corrected_already"
    status = 409
    message = _("This record was corrected on %(day)s. Correct the newer record.")


class NotYours(DomainError):
    """Only who did the work, or their superior, corrects its record."""

    code = "record_not_yours"
    status = 403
    message = _("Only who did the work, or who sees their file, may correct this record.")

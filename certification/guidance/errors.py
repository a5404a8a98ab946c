"""Refusals about work under guidance."""

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class MayNotApprove(DomainError):
    """Not the learner's manager or an administrator, or for oneself."""

    code = "may_not_approve_guidance"
    status = 403
    message = _("Only a manager of the learner or an administrator names a guide, never for themselves.")


class ImpossibleGuidance(DomainError):
    """The people or the days do not go together."""

    code = "impossible_guidance"
    status = 422
    message = _("The last day lies before the first one.")
    SAME = _("Nobody guides themselves. Choose somebody else.")
    LEFT = _("One of the two is no longer active.")
    CONDITION = _("Only a scheme that opens work can be learned under guidance.")


class GuideNotQualified(DomainError):
    """The guide does not hold the scheme on the first day."""

    code = "guide_not_qualified"
    message = _("%(guide)s does not hold %(scheme)s on %(day)s and cannot guide. Nothing was recorded.")


class GuidanceOverlaps(DomainError):
    """The same two have one of the scheme for some of these days."""

    code = "guidance_overlaps"
    message = _("The two work together for this scheme from %(first)s to %(last)s already. Nothing was recorded.")


class GuidanceOver(DomainError):
    """There is nothing to end."""

    code = "guidance_over"
    message = _("This guidance has ended already.")

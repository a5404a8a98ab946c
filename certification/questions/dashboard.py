"""List of the editing area's first page: questions whose source has changed."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.questions.review import PERMISSION, suspended_questions
from portal.admin.drafts import SHOWN
from portal.registry.dashboard import DashboardList, DashboardRow
from portal.templatetags.portal_format import org_day


def suspended(request: HttpRequest) -> DashboardList | None:
    """Return the suspended questions, longest first."""
    if not request.user.has_perm(PERMISSION):
        return None
    url = reverse("certification_questions_review")
    rows = [
        DashboardRow(
            f"{version.question.ref} {version}", url, org_day(timezone.localdate(version.question.suspended_at))
        )
        for version in suspended_questions()[:SHOWN]
    ]
    return DashboardList(_("Questions whose source has changed"), rows, "warning", more_url=url) if rows else None

"""A copy of everything on record about somebody, to take along."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from certification.permissions import can_keep_file
from certification.training_file.copies import copy_of
from certification.training_file.views import find_file
from portal.access.rate_limits import limit
from portal.exchange.downloads import content_disposition, file_name

# Each is a PDF of a whole file.
COPIES = "10/h"


@login_required
@never_cache
@require_POST
def take_copy(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Give a ZIP of everything on record: to oneself, and to who keeps the file, for somebody who has left too.

    Raises:
        PermissionDenied: a file the reader may open and does not keep.
    """
    person = find_file(request.user, staff_number)
    if person.pk != request.user.pk and not can_keep_file(request.user, person):
        raise PermissionDenied
    limit(request, "personal-copy", COPIES)
    answer = HttpResponse(copy_of(person, by=request.user), content_type="application/zip")
    name = file_name(_("Copy of a personal file"), person.staff_number, extension="zip")
    answer["Content-Disposition"] = content_disposition(name)
    answer["Cache-Control"] = "private, no-store"
    return answer

"""The page of one scheme: what it opens, how long it lasts, and the reader's own road to it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certification.models import Scheme
from certification.schemes.queries import schemes_of_person
from certification.training_file.queries import file_of
from portal.audiences import is_staff_member


@login_required
@never_cache
@require_safe
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    """Show a scheme in force with the reader's road.

    Raises:
        Http404: there is none, or it does not concern somebody of a customer.
    """
    found = get_object_or_404(Scheme.objects.in_force().with_reach(), code=code)
    file = file_of(request.user, found)
    if not is_staff_member(request.user) and found not in schemes_of_person(request.user, file.today):
        raise Http404
    ladder = Scheme.objects.in_force().filter(track=found.track).order_by("level", "code") if found.track else []
    return render(request, "certification/training_file/scheme.html", {"file": file, "ladder": ladder})

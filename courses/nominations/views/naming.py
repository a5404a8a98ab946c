"""Naming people: by the secret link without an account, or signed in as the customer's contact."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.models import Nominee, TrainingRequest
from courses.nominations.domain import name_people
from courses.nominations.errors import NamedMeanwhile
from courses.nominations.forms import NamesForm
from courses.nominations.links import request_of
from courses.nominations.permissions import is_of_the_firm
from courses.nominations.personal import has_invitations
from courses.nominations.views.requests import found_or_404
from portal.access.rate_limits import limit
from portal.errors import DomainError
from portal.models import Person

#: Requests a minute from one address to links of this kind, wrong ones included.
RATE = "60/m"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def naming(request: HttpRequest, secret: str) -> HttpResponse:
    """The list of names, for whoever holds the link; a wrong or revoked one is 404."""
    limit(request, "naming", RATE)
    found = request_of(secret)
    if found is None:
        raise Http404
    slips = reverse("courses:invitations_by_link", args=[secret])
    response = _list(request, found, by=None, slips=slips)
    response["X-Robots-Tag"] = "noindex"
    # The address is the key: it goes to no other site. Not “no-referrer”, under which browsers post with a null origin.
    response["Referrer-Policy"] = "same-origin"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """The same list, for the customer's contact who is signed in."""
    found = found_or_404(request, pk)
    if not is_of_the_firm(request.user, found):
        raise PermissionDenied
    return _list(request, found, by=request.user, slips=reverse("courses:invitations", args=[found.pk]))


def _list(request: HttpRequest, found: TrainingRequest, *, by: Person | None, slips: str) -> HttpResponse:
    people = _people(found)
    shown = {"found": found, "invitations_url": slips if has_invitations(found, people) else ""}
    if not found.is_open_for_names():
        return render(request, "courses/nominations/names_closed.html", {**shown, "people": people})
    form = NamesForm(request.POST or None, request=found, people=people)
    theirs: list[Nominee] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        wishes = {name: facts[name] for name in ("place", "wished_on") if name in facts}
        try:
            name_people(found, form.named(), version=facts["version"], by=by, **wishes)
        except NamedMeanwhile as refusal:
            # Both lists are shown; saved again, this one replaces the other.
            theirs, status = people, refusal.status
            form.data = form.data.copy()
            form.data["version"] = found.version
            form.add_error(None, str(refusal))
        except DomainError as refusal:
            status = refusal.status
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. You can change the list until its last day."))
            return redirect(request.path)
    elif form.errors:
        status = 422
    context = {**shown, "form": form, "theirs": theirs, "by_link": by is None}
    return render(request, "courses/nominations/names.html", context, status=status)


def _people(found: TrainingRequest) -> list[Nominee]:
    return list(found.nominees.named().order_by("number", "pk"))

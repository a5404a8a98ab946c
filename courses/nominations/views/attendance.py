"""Times of named people from the signed sheet, and matching them to people of the portal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Nominee
from courses.nominations.forms import TimesForm
from courses.nominations.permissions import can_arrange, requests_for
from courses.nominations.times import match_nominee, record_times
from courses.sessions.views.finding import own_session_or_403
from portal.access.lookup import find_person
from portal.errors import DomainError
from portal.models import Person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nominee_times(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter when the people a customer named came and left, many at once."""
    session = own_session_or_403(request, pk)
    form = TimesForm(request.POST or None, session=session)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            written = record_times(session, form.times(), by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Times recorded: %(count)s.") % {"count": len(written)})
            return redirect("courses:nominee_times", pk=session.pk)
    elif form.errors:
        status = 422
    context = {"session": session, "form": form, "people": list(Nominee.objects.of_session(session))}
    return render(request, "courses/nominations/times.html", context, status=status)


@login_required
@require_POST
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who a named person is, by staff number or name."""
    nominee = get_object_or_404(
        Nominee.objects.select_related("request"), pk=pk, request__in=requests_for(request.user)
    )
    if not can_arrange(request.user, nominee.request):
        raise PermissionDenied
    try:
        customers = Person.objects.filter(organisation=nominee.request.organisation_id, is_active=True)
        person = find_person(request.user, request.POST.get("person", ""), customers)
        match_nominee(nominee, person, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is %(person)s.") % {"name": nominee.name, "person": person})
    return redirect(nominee.request)

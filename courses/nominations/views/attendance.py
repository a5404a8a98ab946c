"""Times of named people from the signed sheet, and matching them to people of the portal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Meeting, Nominee, NomineeTimes
from courses.nominations.forms import TimesForm
from courses.nominations.permissions import can_arrange, requests_for
from courses.nominations.times import match_nominee, record_times
from courses.sessions.views.finding import asked_meeting, meeting_tabs, own_session_or_403
from portal.access.lookup import find_person
from portal.errors import DomainError
from portal.models import Person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nominee_times(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter when the people a customer named came and left, many at once."""
    session = own_session_or_403(request, pk)
    meeting = asked_meeting(request, session)
    form = TimesForm(request.POST or None, meeting=meeting)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            written = _recorded(meeting, form, request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Times recorded: %(count)s.") % {"count": len(written)})
            return redirect(request.get_full_path())
    elif form.errors:
        status = 422
    context = {
        "session": session,
        "meeting": meeting,
        "meeting_tabs": meeting_tabs(meeting, reverse("courses:nominee_times", args=[session.pk])),
        "form": form,
        "people": list(Nominee.objects.of_session(session)),
    }
    return render(request, "courses/nominations/times.html", context, status=status)


def _recorded(meeting: Meeting, form: TimesForm, by: Person) -> list[NomineeTimes]:
    facts = {"reason": form.cleaned_data["reason"], "meeting": meeting}
    return record_times(meeting.session, form.times(), by=by, **facts)


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

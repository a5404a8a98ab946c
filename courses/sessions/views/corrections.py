"""Page that corrects one person's attendance."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.enums import SessionState
from courses.models import Attendance
from courses.sessions.attendance.corrections import correct_attendance, strike_attendance
from courses.sessions.attendance.domain import attendance_of
from courses.sessions.attendance.recording import check_not_final
from courses.sessions.forms.attendance import CorrectionForm
from courses.sessions.views.finding import asked_meeting, enrolment_or_404
from portal.errors import DomainError
from portal.models import Person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the right times and the reason; what was typed stays when it is refused.

    Raises:
        Http404: nothing is on record, or the reader does not run the session.
        PermissionDenied: the attendance is the reader's own.
    """
    enrolment = enrolment_or_404(request, pk)
    attendance = attendance_of(enrolment, asked_meeting(request, enrolment.session))
    if attendance is None:
        raise Http404
    if enrolment.person_id == request.user.pk:
        raise PermissionDenied
    session = enrolment.session
    back = reverse("courses:attendance", args=[session.pk])
    if session.has_several_meetings:
        back += f"?meeting={attendance.meeting_id}"
    form = CorrectionForm(request.POST or None, attendance=attendance)
    if request.method == "POST" and form.is_valid():
        try:
            _correct(attendance, form, request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            done = _("The attendance of %(person)s is corrected; the credited hours follow.")
            messages.success(request, done % {"person": enrolment.person.name})
            return redirect(back)
    context = {
        "form": form,
        "session": session,
        "enrolment": enrolment,
        "attendance": attendance,
        "corrections": attendance.corrections.select_related("corrected_by").order_by("number"),
        "obstacle": _obstacle(attendance),
        "back": back,
    }
    return render(request, "courses/sessions/correction.html", context, status=422 if form.errors else 200)


def _correct(attendance: Attendance, form: CorrectionForm, by: Person) -> None:
    facts = form.cleaned_data
    if facts["was_absent"]:
        strike_attendance(attendance.enrolment, by=by, reason=facts["reason"], meeting=attendance.meeting)
        return
    times = {"came": facts["came"], "went": facts["went"], "meeting": attendance.meeting}
    correct_attendance(attendance.enrolment, by=by, reason=facts["reason"], **times)


def _obstacle(attendance: Attendance) -> str:
    """Return why nothing can be corrected now; empty where it can."""
    session = attendance.enrolment.session
    try:
        check_not_final(session)
    except DomainError as refusal:
        return str(refusal)
    if session.state == SessionState.OPEN:
        return ""
    return _("Open the session again first; then the times can be corrected.")

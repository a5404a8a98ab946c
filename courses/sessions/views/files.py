"""Downloads of a session: calendar entry (.ics) and sign-in sheet (PDF)."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.calendars.feeds import calendar_of_session, tag_of_session
from courses.models import Enrolment
from courses.sessions.sheets import sheets_of
from courses.sessions.views.finding import roster_session_or_403, session_or_404
from portal.exchange.calendars import CONTENT_TYPE
from portal.exchange.downloads import content_disposition, file_name
from portal.exchange.pdf import pdf_response, render_pdf


def calendar_response(request: HttpRequest, etag: str, build: Callable[[], bytes], filename: str = "") -> HttpResponse:
    """Return a calendar with its entity tag, or 304 if the client has this one already; then nothing is built.

    Args:
        build: makes the calendar.
        filename: offers the calendar as a file to save; a feed has none.
    """
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(build(), content_type=CONTENT_TYPE)
        if filename:
            answer["Content-Disposition"] = content_disposition(filename)
    answer["ETag"] = etag
    # Kept by the one program that asked, and asked again each time.
    answer["Cache-Control"] = "private, no-cache"
    return answer


@login_required
@require_safe
def session_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one session as a file to add to a calendar, as it stands for the reader."""
    session = session_or_404(request, pk)
    own = Enrolment.objects.filter(session=session, person=request.user).first()
    tag = tag_of_session(session, own)
    return calendar_response(
        request, tag, lambda: calendar_of_session(session, own), file_name(session.title, extension="ics")
    )


@login_required
@require_safe
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the sign-in sheet (培训签到表) to those who may see who comes."""
    session = roster_session_or_403(request, pk)
    content = render_pdf("courses/sessions/print/sign_in_sheet.html", sheets_of(session))
    return pdf_response(request, content, file_name(_("Sign-in sheet"), session.pk, session.title, extension="pdf"))

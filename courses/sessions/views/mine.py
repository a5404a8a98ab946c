"""The reader's own training: coming sessions, attendance, credited minutes."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.assignments.queries import owed_by
from courses.sessions.attendance.hours import progress_of
from courses.sessions.queries import ahead, for_lists, past_enrolments_of, sessions_for
from courses.yearly.permissions import may_say_own_need

PAGE = 20


@login_required
@require_safe
def my_training(request: HttpRequest) -> HttpResponse:
    """Show the reader's coming sessions, credited hours by module, and what they attended."""
    past = past_enrolments_of(request.user)
    context = {
        "coming": ahead(sessions_for(request.user)),
        "teaching": ahead(for_lists(request.user.sessions_taught.all()))[:PAGE],
        "owed": owed_by(request.user),
        "says_needs": may_say_own_need(request.user),
        "progress": progress_of(request.user),
        "page_obj": Paginator(past, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "courses/sessions/my_training.html", context)

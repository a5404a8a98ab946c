"""Pages of training requests: list, form, one request with what can be done now."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.enums import RequestState
from courses.models import Session, TrainingRequest
from courses.nominations import domain
from courses.nominations.forms import DeclineForm, NameByForm, PlanForm, RequestForm
from courses.nominations.links import address_of, live_links
from courses.nominations.permissions import (
    can_arrange,
    firms_to_ask_for,
    is_of_the_firm,
    may_use_requests,
    requests_for,
)
from courses.nominations.personal import has_invitations
from courses.nominations.queries import for_lists, with_namesakes, with_people
from courses.sessions.permissions import can_run_session
from courses.sessions.queries import for_lists as sessions_for_lists
from portal.errors import DomainError
from portal.registry.training_papers import training_papers_of
from portal.ui.filters import chips

PAGE = 20


@login_required
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """List the requests the reader may see, by state."""
    if not may_use_requests(request.user):
        raise PermissionDenied
    found = for_lists(requests_for(request.user))
    state = request.GET.get("state", "")
    if state in RequestState.values:
        found = found.filter(state=state)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "states": chips(request, "state", RequestState.choices),
        "is_filtered": state in RequestState.values,
        "may_ask": firms_to_ask_for(request.user).exists(),
    }
    return render(request, "courses/nominations/request_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """Ask for training; from the page of a session its customer is asked to name people for it."""
    if not firms_to_ask_for(request.user).exists():
        raise PermissionDenied
    session = _session(request)
    form = RequestForm(request.POST or None, person=request.user, session=session)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        try:
            made = domain.ask_for_training(
                request.user, facts.pop("organisation"), list(facts.pop("modules")), session=session, **facts
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept as %(number)s.") % {"number": made.number})
            return redirect(made)
    context = {"form": form, "session": session}
    return render(request, "courses/nominations/request_form.html", context, status=422 if form.errors else 200)


def _session(request: HttpRequest) -> Session | None:
    """Return the session the page is asked for, if the reader runs it."""
    number = request.GET.get("session", "")
    if not number.isdecimal():
        return None
    session = get_object_or_404(sessions_for_lists(Session.objects.all()), pk=number)
    if not can_run_session(request.user, session):
        raise Http404
    return session


@login_required
@require_safe
def training_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request with its people and what can be done now."""
    return _page(request, found_or_404(request, pk))


def _invitations_url(request: HttpRequest, found: TrainingRequest, arranges: bool) -> str:
    """Return where slips for the people on the list are printed; empty where there are none, or not for the reader."""
    is_theirs = arranges or is_of_the_firm(request.user, found)
    return reverse("courses:invitations", args=[found.pk]) if is_theirs and has_invitations(found, found.people) else ""


def found_or_404(request: HttpRequest, pk: int) -> TrainingRequest:
    """Return the request with its people, if the reader may see it."""
    return get_object_or_404(with_people(requests_for(request.user)), pk=pk)


def _page(request: HttpRequest, found: TrainingRequest, **forms_tried: forms.Form) -> HttpResponse:
    arranges = can_arrange(request.user, found)
    links = live_links(found) if arranges else []
    is_undecided = found.state in (RequestState.ASKED, RequestState.NAMING)
    context: dict[str, Any] = {
        "papers": training_papers_of(found, request.user),
        "found": found,
        "arranges": arranges,
        "may_name": is_of_the_firm(request.user, found) and found.is_open_for_names(),
        "is_open": found.is_open_for_names(),
        "invitations_url": _invitations_url(request, found, arranges),
        "link": address_of(links[0]) if links and found.is_open_for_names() else "",
    }
    if arranges and found.state != RequestState.DECLINED:
        context["name_by_form"] = NameByForm(initial={"name_by": found.name_by})
    if arranges and is_undecided:
        context["decline_form"] = DeclineForm()
        if found.session_id is None:
            context["plan_form"] = PlanForm(request=found)
    context |= {name: form for name, form in forms_tried.items() if name in context}
    if arranges and found.session_id:
        context["unmatched"] = with_namesakes(found, found.people)
    status = 422 if any(form.errors for form in forms_tried.values()) else 200
    return render(request, "courses/nominations/request.html", context, status=status)


@login_required
@require_POST
def open_naming(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the contact a link, or another last day."""
    found = found_or_404(request, pk)
    form = NameByForm(request.POST)
    done = _("The contact can name people now.")
    return _try(request, found, form, lambda facts: domain.open_naming(found, by=request.user, **facts), done)


@login_required
@require_POST
def renew_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the link back and give another."""
    found = found_or_404(request, pk)
    domain.renew_link(found, by=request.user)
    messages.success(request, _("The old link opens nothing any more. Send the new one."))
    return redirect(found)


@login_required
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline the request with a reason."""
    found = found_or_404(request, pk)
    form = DeclineForm(request.POST)
    done = _("Declined. The contact is being told.")
    return _try(request, found, form, lambda facts: domain.decline_request(found, by=request.user, **facts), done)


@login_required
@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the request with a session."""
    found = found_or_404(request, pk)
    form = PlanForm(request.POST, request=found)
    done = _("Planned. The contact is being told day and place.")
    return _try(request, found, form, lambda facts: domain.plan_request(found, by=request.user, **facts), done)


def _try(
    request: HttpRequest,
    found: TrainingRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    """Run the act with what the form says; a refusal is said in the form."""
    name = {NameByForm: "name_by_form", DeclineForm: "decline_form", PlanForm: "plan_form"}[type(form)]
    if not can_arrange(request.user, found):
        raise PermissionDenied
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(found)
    return _page(request, found_or_404(request, found.pk), **{name: form})

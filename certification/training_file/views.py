"""Pages of a person's training file (一人一档) and the acts on it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from certification import ledger
from certification.forms import OnceForm
from certification.ledger.limits import limits_of
from certification.models import LedgerEntry, Quiz, Scheme
from certification.permissions import (
    can_correct_ledger,
    can_download_certificate,
    can_keep_file,
    can_open_evidence,
    can_release_attempts,
    can_see_scan,
    files_open_to,
)
from certification.quizzes.releases import release_attempts
from certification.takeover.queries import records_for
from certification.training_file.dossier import dossier_of
from certification.training_file.forms import LimitForm, ReinstateForm, ReleaseForm, RevokeForm, SuspendForm
from portal.access.lookup import find_person
from portal.errors import DomainError
from portal.models import Person

PAGE = 20


def find_file(asker: Person, staff_number: str) -> Person:
    """Return the person whose file ``asker`` may open.

    Raises:
        PersonOutOfScope: a colleague whose file is not the asker's to open.
        UnknownPerson: there is nobody the asker may know of.
    """
    return find_person(asker, staff_number, files_open_to(asker))


@login_required
@require_safe
def person_file(request: HttpRequest, staff_number: str) -> HttpResponse:
    """Show posts, schemes, hours, attempts, practicals, cards and the ledger of one person."""
    person = find_file(request.user, staff_number)
    entries = LedgerEntry.objects.filter(person=person).select_related("scheme", "recorded_by", "corrects")
    entries = entries.prefetch_related(Prefetch("corrections", LedgerEntry.objects.select_related("recorded_by")))
    keeps = can_keep_file(request.user, person)
    dossier = dossier_of(person)
    context = {
        "subject": person,
        "dossier": dossier,
        "page_obj": Paginator(entries.order_by("-recorded_at", "-pk"), PAGE).get_page(request.GET.get("page")),
        "keeps": keeps,
        "sets_photo": keeps or request.user.pk == person.pk,
        "taken_over": records_for(request.user, dossier.taken_over) if dossier.taken_over else [],
        "opens_scans": can_see_scan(request.user, person),
        "corrects": can_correct_ledger(request.user, person),
        "releases": can_release_attempts(request.user, person),
        "evidence": can_open_evidence(request.user, person),
        "opens_papers": can_download_certificate(request.user, person),
    }
    return render(request, "certification/training_file/person_file.html", context)


class _Act:
    """A verb of the ledger as a page: its form, its words, what it does."""

    def __init__(self, form: type[OnceForm], title: Any, text: Any, label: Any, done: Any, danger: bool) -> None:
        self.form, self.title, self.text, self.label, self.done, self.danger = form, title, text, label, done, danger


ACTS = {
    "suspend": _Act(
        SuspendForm,
        gettext_lazy("Suspend %(scheme)s of %(person)s"),
        gettext_lazy("From that day on the duty gate refuses, until the qualification is reinstated."),
        gettext_lazy("Suspend"),
        gettext_lazy("Suspended."),
        danger=True,
    ),
    "reinstate": _Act(
        ReinstateForm,
        gettext_lazy("Reinstate %(scheme)s of %(person)s"),
        gettext_lazy("From that day on the qualification counts again."),
        gettext_lazy("Reinstate"),
        gettext_lazy("Reinstated."),
        danger=False,
    ),
    "revoke": _Act(
        RevokeForm,
        gettext_lazy("Revoke %(scheme)s of %(person)s"),
        gettext_lazy("A revoked qualification does not come back: training, quiz and practical start anew."),
        gettext_lazy("Revoke the qualification"),
        gettext_lazy("Revoked."),
        danger=True,
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, staff_number: str, scheme: str, verb: str) -> HttpResponse:
    """Suspend, reinstate or revoke, after asking once more."""
    person = find_file(request.user, staff_number)
    if not can_keep_file(request.user, person):
        raise PermissionDenied
    found = get_object_or_404(Scheme, code=scheme)
    page = ACTS[verb]
    form = page.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _do(verb, person, found, form.cleaned_data, request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, str(page.done))
            return redirect("certification:person", person.staff_number)
    facts = {"scheme": found.name, "person": person.name}
    context = {
        "title": str(page.title) % facts,
        "text": page.text,
        "confirm_label": page.label,
        "danger": page.danger,
        "cancel_url": reverse("certification:person", args=[person.staff_number]),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


def _do(verb: str, person: Person, scheme: Scheme, data: dict[str, Any], by: Person) -> LedgerEntry:
    common: dict[str, Any] = {"reason": data["reason"], "act_key": str(data["form_key"]), "by": by}
    first: dt.date = data["valid_from"]
    if verb == "suspend":
        return ledger.suspend(person, scheme, valid_from=first, valid_to=data["valid_to"], **common)
    if verb == "revoke":
        return ledger.revoke(person, scheme, valid_from=first, public=data["public"], **common)
    return ledger.reinstate(person, scheme, valid_from=first, **common)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, staff_number: str, scheme: str) -> HttpResponse:
    """Limit in words what a qualification allows, or lift the limit."""
    person = find_file(request.user, staff_number)
    if not can_keep_file(request.user, person):
        raise PermissionDenied
    found = get_object_or_404(Scheme, code=scheme)
    said = limits_of([person.pk], [found.pk]).get((person.pk, found.pk), "")
    form = LimitForm(request.POST if request.method == "POST" else None, initial={"text": said})
    if request.method == "POST" and form.is_valid():
        try:
            ledger.limit_work(person, found, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The limit is on record."))
            return redirect("certification:person", person.staff_number)
    context = {
        "title": _("Limit %(scheme)s of %(person)s") % {"scheme": found.name, "person": person.name},
        "text": _("The qualification stays held; what the person does not do stands beside it everywhere."),
        "confirm_label": _("Set the limit"),
        "cancel_url": reverse("certification:person", args=[person.staff_number]),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, staff_number: str, code: str) -> HttpResponse:
    """Release a further re-sit, after asking once more."""
    person = find_file(request.user, staff_number)
    if not can_release_attempts(request.user, person):
        raise PermissionDenied
    quiz = get_object_or_404(Quiz, code=code)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        release_attempts(person, quiz, by=request.user, reason=data["reason"], form_key=data["form_key"])
        messages.success(request, _("Released: %(person)s may sit the quiz again.") % {"person": person.name})
        return redirect("certification:person", person.staff_number)
    context = {
        "title": _("Release a further re-sit of %(quiz)s for %(person)s") % {"quiz": quiz.title, "person": person.name},
        "text": _("Attempts are counted anew from now; the waiting time between attempts stays."),
        "confirm_label": _("Release the re-sit"),
        "cancel_url": reverse("certification:person", args=[person.staff_number]),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)

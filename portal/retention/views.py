"""Page: what is kept how long, what the next run would delete, and the terms administrators propose and approve."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.enums import Role
from portal.errors import DomainError
from portal.models import RetentionTerm
from portal.registry.retention import kinds_of_record
from portal.retention.forms import TermForm
from portal.retention.queries import months_words, term_words, what_is_kept
from portal.retention.terms import decide_term, may_decide, propose_term


def may_see_retention(reader: Any) -> bool:
    """Whether ``reader`` may know what is kept how long: who decides it, and auditors; nobody on pages of errors."""
    return getattr(reader, "is_authenticated", False) and reader.has_role(Role.ADMINISTRATOR, Role.AUDITOR)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """List the kinds of record with their terms; an administrator proposes another term."""
    if not may_see_retention(request.user):
        raise PermissionDenied
    form = TermForm(request.POST or None, initial={"form_key": uuid.uuid4(), "kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            propose_term(request.user, data.pop("kind"), **data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Proposed. It counts once another administrator approves it."))
            return redirect("retention")
    kept = what_is_kept()
    context = {
        "kept": [each for each in kept if not each.kind.is_fixed],
        "for_ever": [each for each in kept if each.kind.is_fixed],
        "waiting": [each for each in kept if each.waiting],
        "decided": [_told(each) for each in _decided()],
        "due": sum(each.due for each in kept),
        "form": form,
        "may_decide": may_decide(request.user),
    }
    return render(request, "portal/retention/list.html", context, status=422 if form.errors else 200)


def _decided() -> list[RetentionTerm]:
    known = RetentionTerm.objects.exclude(decided_at=None).filter(kind__in=kinds_of_record())
    return list(known.select_related("proposed_by", "decided_by").order_by("-decided_at")[:20])


def _told(term: RetentionTerm) -> dict[str, object]:
    after = term.months_after_leaving
    return {
        "term": term,
        "label": kinds_of_record()[term.kind].label,
        "words": term_words(term.months),
        "after_leaving": months_words(after) if after is not None else "",
    }


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a proposed term or turn it down."""
    decide_term(request.user, pk, approve=request.POST.get("answer") == "approve")
    messages.success(request, _("Decided."))
    return redirect("retention")

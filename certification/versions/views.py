"""Pages of drafts: list, comparison with the approved state, approval, rejection."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from certification.enums import DraftState
from certification.models import ApprovedVersion, Draft, DraftSave
from certification.versions.domain import approve, reject
from certification.versions.forms import DecisionForm, RejectionForm
from certification.versions.kinds import approve_permission, change_permission, model_of
from certification.versions.queries import drafts_for, may_see_drafts
from certification.versions.snapshots import compare
from portal.access.changes import Change, Snapshot, snapshot
from portal.errors import DomainError

PAGE = 20
HISTORY = 10


@dataclass(frozen=True)
class ShownDraft:
    """A draft as the list and its page show it."""

    draft: Draft
    saves: list[DraftSave]

    @property
    def last(self) -> DraftSave:
        """What is to be decided."""
        return self.saves[-1]

    @property
    def kind(self) -> str:
        """方案, 试卷 or 考核表."""
        return capfirst(str(model_of(self.draft.record_label)._meta.verbose_name))

    @property
    def authors(self) -> str:
        """Names of everybody who saved it."""
        return _(", ").join(dict.fromkeys(save.saved_by.name for save in self.saves))

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be decided."""
        return self.draft.state == DraftState.WAITING

    def is_by(self, reader: Any) -> bool:
        """Whether the reader wrote part of it."""
        return any(save.saved_by_id == reader.pk for save in self.saves)

    @property
    def edit_url(self) -> str:
        """Where it is continued."""
        name = self.draft.record_label.split(".")[1]
        if self.draft.record_id is None:
            return f"{reverse(f'{name}:add')}?draft={self.draft.pk}"
        return f"{reverse(f'{name}:edit', args=[self.draft.record_id])}?draft={self.draft.pk}"


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """List what waits, the oldest first, and what was decided last."""
    if not may_see_drafts(request.user):
        raise PermissionDenied
    seen = drafts_for(request.user)
    waiting = Paginator(seen.filter(state=DraftState.WAITING), PAGE).get_page(request.GET.get("page"))
    decided = seen.exclude(state=DraftState.WAITING).order_by("-decided_at")[:HISTORY]
    context = {
        "page_obj": waiting,
        "waiting": [_shown(draft) for draft in waiting],
        "decided": [_shown(draft) for draft in decided],
    }
    return render(request, "certification/versions/admin/drafts.html", context)


@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one draft beside what is in effect."""
    return _page(request, _find(request, pk), RejectionForm(prefix="reject"))


def _find(request: HttpRequest, pk: int) -> ShownDraft:
    if not may_see_drafts(request.user):
        raise PermissionDenied
    return _shown(get_object_or_404(drafts_for(request.user), pk=pk))


def _shown(draft: Draft) -> ShownDraft:
    return ShownDraft(draft, list(draft.saves.all()))


def _page(request: HttpRequest, shown: ShownDraft, form: RejectionForm, status: int = 200) -> HttpResponse:
    label = shown.draft.record_label
    may_approve = request.user.has_perm(approve_permission(label))
    context = {
        "shown": shown,
        "changes": changes_of(shown),
        "form": form,
        "is_own": shown.is_by(request.user),
        "may_approve": may_approve and not shown.is_by(request.user),
        "may_reject": may_approve or shown.is_by(request.user),
        "may_edit": request.user.has_perm(change_permission(label)) and shown.draft.state != DraftState.APPROVED,
        "versions": _versions(shown.draft),
    }
    return render(request, "certification/versions/admin/draft.html", context, status=status)


def changes_of(shown: ShownDraft) -> list[Change]:
    """Return what the draft changes: against what is in effect, or for an approved one against the version before."""
    return compare(shown.draft.record_label, _base(shown.draft), shown.last.content)


def _base(draft: Draft) -> Snapshot | None:
    if draft.state == DraftState.APPROVED:
        own = draft.version
        before = ApprovedVersion.objects.filter(
            record_label=own.record_label, record_id=own.record_id, number=own.number - 1
        )
        return next((version.content for version in before), None)
    if draft.record_id is None:
        return None
    return snapshot(model_of(draft.record_label).objects.get(pk=draft.record_id))


def _versions(draft: Draft) -> list[ApprovedVersion]:
    if draft.record_id is None:
        return []
    versions = ApprovedVersion.objects.filter(record_label=draft.record_label, record_id=draft.record_id)
    shown = versions.select_related("approved_by").prefetch_related("changed_by").order_by("-number")
    return list(shown[:HISTORY])


@require_POST
def approve_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what was looked at."""
    shown = _find(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return redirect("certification_draft", pk)
    try:
        version = approve(shown.draft, by=request.user, save=form.cleaned_data["save_number"])
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("certification_draft", pk)
    facts = {"title": shown.draft.title, "number": version.number}
    messages.success(request, _("Approved: version %(number)s of “%(title)s” is in effect.") % facts)
    return redirect("certification_drafts")


@require_POST
def reject_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject what was looked at, with a reason."""
    shown = _find(request, pk)
    form = RejectionForm(request.POST, prefix="reject")
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    data = form.cleaned_data
    try:
        reject(shown.draft, by=request.user, save=data["save_number"], reason=data["reason"])
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("certification_draft", pk)
    messages.success(request, _("Rejected. The record stays as it is; the authors see the reason."))
    return redirect("certification_drafts")

"""Pages of the portal on which a second person reviews drafts, without access to the editing area."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kb.control.domain import refusal_of
from kb.enums import ReviewDecision
from kb.manuals.comparison_views import comparison_url
from kb.models import ContentReview
from kb.models.reviews import REVIEW
from kb.reviewing.comparison import pieces_of, sides_of
from kb.reviewing.domain import decide, open_draft
from kb.reviewing.queries import EDITION, KINDS, TRANSLATION, Waiting, audience_of, waiting_for
from kb.translations.languages import name_of, source_language, tag_of
from portal.audiences import can_open, hide
from portal.errors import DomainError

PAGE = 20
COMMENTS = 20


class WordForm(forms.Form):
    """The word of a reviewer."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    comment = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("Comment"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Who asks for changes says which; the author reads it."),
    )


@login_required
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """List the drafts that wait for the reader's word."""
    if not request.user.has_perm(REVIEW):
        raise PermissionDenied
    page = Paginator(list(waiting_for(request.user)), PAGE).get_page(request.GET.get("page"))
    return render(request, "kb/reviewing/list.html", {"page_obj": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show what a draft changes and what was said of it; a post records the reader's word."""
    found = _draft(request, kind, pk)
    form, status = WordForm(request.POST or None, initial={"seen": found.digest}), 200
    if request.method == "POST" and form.is_valid():
        try:
            return _decided(request, kind, pk, form)
        except DomainError as refused:
            messages.error(request, str(refused))
            status = refused.status
            # What is shown now is what the next word is about.
            form = WordForm(initial={"seen": found.digest, "comment": form.cleaned_data["comment"]})
    return render(request, "kb/reviewing/review.html", _context(request, found, form), status=status)


@login_required
@require_safe
def draft(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show a draft as its readers would see it."""
    found = _draft(request, kind, pk)
    if kind == TRANSLATION:
        raise Http404
    record = found.record
    messages.info(request, _("A draft under review. Readers do not have it yet."))
    return render(request, record.get_preview_template(request, ""), record.get_preview_context(request, ""))


def _draft(request: HttpRequest, kind: str, pk: int) -> Waiting:
    if kind not in KINDS:
        raise Http404
    found = open_draft(kind, pk, request.user)
    if not can_open(request.user, audience_of(found.record)):
        hide()
    return found


def _decided(request: HttpRequest, kind: str, pk: int, form: WordForm) -> HttpResponse:
    decision = {"approve": ReviewDecision.APPROVED, "changes": ReviewDecision.CHANGES}.get(request.POST.get("act", ""))
    if decision is None:
        raise Http404
    said = form.cleaned_data
    found = decide(kind, pk, request.user, decision, comment=said["comment"], seen=said["seen"])
    words = _("Your review of %(title)s is recorded.") % {"title": found.title}
    messages.success(request, words)
    return redirect("kb:reviews")


def _context(request: HttpRequest, found: Waiting, form: WordForm) -> dict[str, Any]:
    record = found.record
    said = ContentReview.objects.filter(record_label=record._meta.label_lower, record_id=record.pk)
    is_edition = found.kind == EDITION
    return {
        "found": found,
        "form": form,
        "pieces": pieces_of(found),
        "sides": sides_of(found),
        "language_name": name_of(record.language) if found.kind == TRANSLATION else "",
        "tag": tag_of(record.language) if found.kind == TRANSLATION else "",
        "source_tag": tag_of(source_language()),
        "compared_url": comparison_url(found.live, record) if is_edition and found.live else "",
        "refusal": refusal_of(record, request.user),
        "said": said.select_related("reviewer")[:COMMENTS],
    }

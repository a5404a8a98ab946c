"""Page of the editing area on which a second person approves a draft edition, or asks for changes."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kb.control.domain import content_of, review
from kb.control.errors import DraftChanged
from kb.enums import ReviewDecision
from kb.manuals.comparison_views import comparison_url
from kb.manuals.domain import current_edition
from kb.models import ContentReview, ManualEdition
from kb.models.reviews import REVIEW, digest_of
from portal.errors import DomainError

REVIEW_VIEW = "kb_review_edition"
LIST_VIEW = "wagtailsnippets_kb_manualedition:list"


class ReviewForm(forms.Form):
    """The word of a reviewer."""

    decision = forms.ChoiceField(
        choices=ReviewDecision.choices, label=gettext_lazy("decision"), widget=forms.RadioSelect
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    comment = forms.CharField(
        required=False, max_length=2000, label=gettext_lazy("comment"), widget=forms.Textarea(attrs={"rows": 4})
    )


@require_http_methods(["GET", "HEAD", "POST"])
def review_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was said of a draft edition, the comparison with the current one, and take the reviewer's word."""
    if not request.user.has_perm(REVIEW):
        raise PermissionDenied
    edition = get_object_or_404(ManualEdition.objects.drafts().select_related("manual__category"), pk=pk)
    shown = {"seen": digest_of(content_of(edition))}
    form = ReviewForm(request.POST or None, initial=shown)
    status = 200
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            decision = ReviewDecision(said["decision"])
            review(edition, request.user, decision, comment=said["comment"], seen=said["seen"])
        except DraftChanged as refused:
            messages.error(request, str(refused))
            form, status = ReviewForm(initial=said | shown), refused.status
        except DomainError as refused:
            messages.error(request, str(refused))
            status = refused.status
        else:
            messages.success(request, _("Your review of %(edition)s is recorded.") % {"edition": edition})
            return redirect(LIST_VIEW)
    previous = current_edition(edition.manual)
    reviews = ContentReview.objects.filter(record_label="kb.manualedition", record_id=edition.pk).select_related(
        "reviewer"
    )
    context = {"edition": edition, "form": form, "reviews": reviews.select_related("reviewer")[:20]}
    context["compared"] = comparison_url(previous, edition) if previous else ""
    return render(request, "kb/manuals/admin/review.html", context, status=status)

"""Admin pages to publish an edition and to decide on citations of earlier editions, before or after."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kb.errors import CitationsChanged, NotAChapterToFollow, VerdictRefused, VerdictWithoutDay
from kb.manuals.comparison_views import comparison_url
from kb.manuals.decision_table import BULK, decision_table, read_decisions
from kb.manuals.domain import current_edition, earlier_editions, move_citations, publish_edition
from kb.manuals.forms import VerdictForm
from kb.manuals.queries import chapters_of
from kb.models import ManualEdition
from portal.errors import DomainError
from portal.registry.revisions import asking_about, touched_by

PERMISSION = "kb.publish_manualedition"
EDIT_VIEW = "wagtailsnippets_kb_manualedition:edit"
LIST_VIEW = "wagtailsnippets_kb_manualedition:list"
PUBLISH_VIEW = "kb_publish_edition"
CITATIONS_VIEW = "kb_edition_citations"
# In a short quiz, unless the editor says otherwise.
QUESTIONS = 5
TEMPLATE = "kb/manuals/admin/citations.html"


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what cites the edition that is current until now, and publish with the decisions made."""
    edition = _edition_to_publish(request, pk)
    if edition.is_published:
        messages.warning(request, _("%(edition)s was published already.") % {"edition": edition})
        return redirect(LIST_VIEW)
    refusal = None
    previous = current_edition(edition.manual)
    is_final = request.method == "POST" and BULK not in request.POST
    # The button of a chapter publishes nothing; what was chosen before stays chosen.
    form = VerdictForm(request.POST if is_final else None, initial={"questions": QUESTIONS} | request.POST.dict())
    if form.is_bound and (form.is_valid() or previous is None):
        verdict = form.given() if previous is not None else None
        decisions = read_decisions(request.POST)
        try:
            published = publish_edition(edition, decisions=decisions, by=request.user, verdict=verdict)
        except (CitationsChanged, NotAChapterToFollow, VerdictRefused, VerdictWithoutDay) as changed:
            refusal = changed
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(EDIT_VIEW, edition.pk)
        else:
            say_published(request, published)
            return redirect(LIST_VIEW)
    compared = comparison_url(previous, edition) if previous else ""
    table = decision_table(edition, chapters_of([previous] if previous else []), request.user, request.POST)
    context = {"edition": edition, "previous": previous, "table": table, "is_publishing": True, "form": form}
    context["compared"] = compared
    context |= {"touched": touched_by(edition.manual), "asking": asking_about(previous, edition) if previous else None}
    return _page(request, context, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def citations(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what still cites earlier editions of a manual, and move what an editor lets follow to the current one."""
    edition = _edition_to_publish(request, pk)
    current = current_edition(edition.manual)
    if current is None:
        messages.warning(request, _("%(edition)s is still a draft.") % {"edition": edition})
        return redirect(LIST_VIEW)
    if edition != current:
        return redirect(CITATIONS_VIEW, current.pk)
    refusal = None
    if request.method == "POST" and BULK not in request.POST:
        try:
            changed = move_citations(current, read_decisions(request.POST), by=request.user)
        except (CitationsChanged, NotAChapterToFollow) as error:
            refusal = error
        else:
            text = ngettext("%(count)d citation was changed.", "%(count)d citations were changed.", changed)
            messages.success(request, text % {"count": changed})
            return redirect(CITATIONS_VIEW, current.pk)
    table = decision_table(current, chapters_of(earlier_editions(current)), request.user, request.POST, proposes=False)
    return _page(request, {"edition": current, "table": table, "is_publishing": False}, refusal)


def say_published(request: HttpRequest, edition: ManualEdition) -> None:
    """Show a success message with links to the next steps."""
    buttons = [
        messages.button(edition.get_absolute_url(), _("Read")),
        messages.button(citations_url(edition), _("Citations of earlier editions")),
    ]
    messages.success(request, _("%(edition)s is published.") % {"edition": edition}, buttons=buttons)


def citations_url(edition: ManualEdition) -> str:
    """Return where the citations of editions before ``edition`` are decided on."""
    return reverse(CITATIONS_VIEW, args=[edition.pk])


def _edition_to_publish(request: HttpRequest, pk: int) -> ManualEdition:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    return get_object_or_404(ManualEdition.objects.select_related("manual"), pk=pk)


def _page(request: HttpRequest, context: dict[str, Any], refusal: DomainError | None) -> HttpResponse:
    if refusal is not None:
        messages.error(request, str(refusal))
    return render(request, TEMPLATE, context, status=refusal.status if refusal else 200)

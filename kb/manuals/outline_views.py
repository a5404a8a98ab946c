"""Outline of a draft edition in the Wagtail admin: indent, outdent and move chapters; usable without JavaScript."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kb.manuals.outline import Move, move_chapter
from kb.manuals.queries import chapters_for_reading, with_newer_articles
from kb.manuals.tree import nodes_of
from kb.models import ManualChapter, ManualEdition
from portal.errors import DomainError

OUTLINE_VIEW = "kb_edition_outline"


@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the tree of an edition; a post moves one chapter of a draft."""
    if not request.user.has_perm("kb.change_manualedition"):
        raise PermissionDenied
    edition = get_object_or_404(ManualEdition.objects.select_related("manual"), pk=pk)
    if request.method == "POST":
        _move(request, edition)
        return redirect(outline_url(edition))
    nodes = nodes_of(chapters_for_reading(edition).defer("body"))
    context = {"edition": edition, "nodes": nodes, "moves": Move.choices}
    context["stale"] = with_newer_articles(node.chapter for node in nodes)
    return render(request, "kb/manuals/admin/outline.html", context)


def outline_url(edition: ManualEdition) -> str:
    """Return where the tree of ``edition`` is arranged."""
    return reverse(OUTLINE_VIEW, args=[edition.pk])


def _move(request: HttpRequest, edition: ManualEdition) -> None:
    """Carry out a button named by the move with the chapter's key as its value."""
    move = next((one for one in Move if one.value in request.POST), None)
    key = request.POST.get(move.value, "") if move else ""
    chapter = ManualChapter.objects.filter(edition=edition, pk=int(key)).first() if key.isdecimal() else None
    if move is None or chapter is None:
        messages.error(request, _("This chapter is not in the edition any more."))
        return
    try:
        moved = move_chapter(chapter, move, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(chapter)s now stands here.") % {"chapter": moved})

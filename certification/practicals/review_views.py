"""Page of the editing area: items of checklists whose section has changed."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from certification.models import ChecklistItem
from certification.practicals.review import PERMISSION, confirm_item, items_to_review
from kb.manuals.queries import newer_editions

PAGE = 20


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """List the items with what they cite and what holds now."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    page = Paginator(items_to_review(), PAGE).get_page(request.GET.get("page"))
    newer = newer_editions(item.chapter for item in page.object_list)
    rows = [{"item": item, "newer": newer.get(item.chapter_id or 0)} for item in page.object_list]
    return render(request, "certification/practicals/admin/review.html", {"page_obj": page, "rows": rows})


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an item still holds."""
    item = get_object_or_404(ChecklistItem.objects.select_related("checklist"), pk=pk)
    confirm_item(item, by=request.user)
    messages.success(request, _("“%(item)s” holds as it is.") % {"item": item.text})
    return redirect("certification_practical_review")

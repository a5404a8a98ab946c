"""Photos of a checklist that is being filled in: add one, take one out, look at one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from certification.models import Checklist, ChecklistItem, PracticalDraft, PracticalDraftPhoto
from certification.permissions import is_assessor
from certification.practicals.assessors import may_assess
from certification.practicals.candidates import find_candidate
from certification.practicals.errors import NotAppointed
from certification.practicals.forms import PhotoForm
from certification.practicals.photos import add_photo, remove_photo
from portal.errors import DomainError
from portal.models import Person


@login_required
@require_POST
def add(request: HttpRequest, checklist: str, staff_number: str) -> HttpResponse:
    """Keep a photo of one item; answers with the photos of the item, or with what was wrong with this one."""
    if not is_assessor(request.user):
        raise PermissionDenied
    sheet = get_object_or_404(Checklist.objects.select_related("category"), code=checklist)
    person = find_candidate(request.user, staff_number)
    if not may_assess(request.user, sheet, timezone.localdate()):
        raise NotAppointed(category=sheet.category.name)
    form = PhotoForm(request.POST, request.FILES, checklist=sheet)
    item = form["item"].value()
    if not form.is_valid():
        if "item" in form.errors:
            raise Http404
        return _answer(request, person, sheet, form.fields["item"].clean(item), list(form.errors["photo"]))
    try:
        add_photo(request.user, person, sheet, form.cleaned_data["item"], form.cleaned_data["photo"])
    except DomainError as error:
        return _answer(request, person, sheet, form.cleaned_data["item"], [str(error)])
    return _answer(request, person, sheet, form.cleaned_data["item"])


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a photo out again; only of the reader's own checklist."""
    photo = _own(request, pk)
    draft, item = photo.draft, photo.item
    remove_photo(photo)
    return _answer(request, draft.person, draft.checklist, item)


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a photo of the reader's own checklist; for everybody else there is none."""
    return FileResponse(_own(request, pk).document.file.open("rb"), content_type="image/jpeg")


def _own(request: HttpRequest, pk: int) -> PracticalDraftPhoto:
    if not is_assessor(request.user):
        raise Http404
    photos = PracticalDraftPhoto.objects.select_related("document", "item", "draft__person", "draft__checklist")
    return get_object_or_404(photos, pk=pk, draft__assessor=request.user)


def _answer(
    request: HttpRequest, person: Person, sheet: Checklist, item: ChecklistItem, errors: list[str] | None = None
) -> HttpResponse:
    """Answer with the photos of the item; without a script with the whole page again."""
    if not request.htmx:
        for error in errors or []:
            messages.error(request, error)
        return redirect("certification:practical", sheet.code, person.staff_number)
    draft = PracticalDraft.objects.filter(assessor=request.user, person=person, checklist=sheet).first()
    kept = draft.photos.filter(item=item) if draft else []
    context: dict[str, Any] = {"item": item, "photos": kept, "errors": errors or []}
    return render(request, "certification/practicals/parts/photos.html", context)

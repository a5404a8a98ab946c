"""List of places, their form, and the merging of two."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.enums import PlaceKind
from courses.models import Place
from courses.places.domain import merge_places, put_place
from courses.places.forms import MergeForm, PlaceForm
from courses.places.permissions import managed_organisations, may_keep_place, may_see_places, places_to_keep
from courses.places.queries import for_list, names_offered, places_like
from portal.errors import DomainError
from portal.ui.filters import Chip, address_with, chips
from portal.ui.stale import Difference

PAGE = 20


@login_required
@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """List the places: in use or not, own rooms or customers' sites, by any of their names."""
    if not may_see_places(request.user):
        raise PermissionDenied
    text, kind = request.GET.get("q", "").strip()[:160], request.GET.get("kind", "")
    is_out = request.GET.get("use") == "out"
    found = places_like(text).filter(is_active=not is_out)
    if kind in PlaceKind.values:
        found = found.filter(kind=kind)
    page = Paginator(for_list(found).order_by("name", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "tabs": [
            Chip(_("In use"), address_with(request, use=""), not is_out),
            Chip(_("Not in use"), address_with(request, use="out"), is_out),
        ],
        "kinds": chips(request, "kind", PlaceKind.choices),
        "chosen": {"q": text, "kind": kind, "use": "out" if is_out else ""},
        "is_filtered": bool(text or kind or is_out),
        "may_add": _may_add(request),
        "kept": set(
            places_to_keep(request.user).filter(pk__in=[place.pk for place in page]).values_list("pk", flat=True)
        ),
    }
    return render(request, "courses/places/list.html", context)


def _may_add(request: HttpRequest) -> bool:
    return may_keep_place(request.user, None) or managed_organisations(request.user).exists()


def _own_place_or_403(request: HttpRequest, pk: int) -> Place:
    if not may_see_places(request.user):
        raise PermissionDenied
    found = get_object_or_404(for_list(Place.objects.all()), pk=pk)
    if not may_keep_place(request.user, found.organisation):
        raise PermissionDenied
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place_new(request: HttpRequest) -> HttpResponse:
    """Add a place."""
    if not (may_see_places(request.user) and _may_add(request)):
        raise PermissionDenied
    form = PlaceForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        return redirect("courses:places")
    context = {"form": form, "title": _("Add a place")}
    return render(request, "courses/places/form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a place; a form opened before somebody else saved is refused with 409 and shows both states."""
    found = _own_place_or_403(request, pk)
    form = PlaceForm(request.POST or None, person=request.user, place=found)
    stale: list[Difference] = []
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            get_object_or_404(Place.objects.select_for_update(), pk=pk)
            now = PlaceForm(person=request.user, place=_own_place_or_403(request, pk))
            stale = form.overtaken_by(now)
            if not stale and _saved(request, form, found):
                return redirect("courses:places")
        if stale:
            form.refuse_stale(now)
    context = {"form": form, "place": found, "title": found.name, "stale": stale}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "courses/places/form.html", context, status=status)


def _saved(request: HttpRequest, form: PlaceForm, place: Place | None) -> bool:
    """Save the form; a refusal stands in it."""
    try:
        put_place(by=request.user, place=place, **form.facts())
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved."))
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the place that stays, then make both one."""
    found = _own_place_or_403(request, pk)
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            into = merge_places(found, form.cleaned_data["into"], by=request.user)
        except DomainError as refusal:
            form.add_error("into", str(refusal))
        else:
            facts = {"was": found.name, "place": into.name}
            messages.success(request, _("“%(was)s” is now a name of “%(place)s”.") % facts)
            return redirect("courses:places")
    context = {
        "title": _("Merge “%(place)s” with another place?") % {"place": found.name},
        "text": _("Its sessions and names go over to the place that stays. This cannot be undone."),
        "form": form,
        "confirm_label": _("Merge"),
        "danger": True,
        "cancel_url": reverse("courses:place", args=[found.pk]),
        "offered": names_offered(),
    }
    return render(request, "courses/places/merge.html", context, status=422 if form.errors else 200)

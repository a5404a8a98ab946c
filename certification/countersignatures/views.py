"""Assessor's pages of counter-signatures: pending evidence, its facts, confirmation, signature."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.countersignatures.domain import check_signer, countersign
from certification.countersignatures.errors import NothingToCountersign
from certification.countersignatures.forms import CountersignForm
from certification.countersignatures.queries import pending_of, waiting_for_countersignature
from certification.models import CounterSignature, LedgerEntry, Scheme
from certification.permissions import candidates_in_sight, is_assessor
from portal.access.lookup import find_person
from portal.errors import DomainError
from portal.models import Person

PAGE = 20
# What the buttons send: without one the signature is shown for a second look.
SIGN, EDIT = "sign", "edit"


@login_required
@never_cache
@require_safe
def countersignatures(request: HttpRequest) -> HttpResponse:
    """List whose certificates wait for the reader's counter-signature, and what the reader signed last."""
    if not is_assessor(request.user):
        raise PermissionDenied
    signed = CounterSignature.objects.filter(signer=request.user).select_related("person", "scheme")
    context = {
        "page_obj": Paginator(waiting_for_countersignature(request.user), PAGE).get_page(request.GET.get("page")),
        "signed": signed.order_by("-signed_at")[:5],
    }
    return render(request, "certification/countersignatures/countersignatures.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, staff_number: str, scheme: str) -> HttpResponse:
    """Show what waits; a first post asks once more, a second one signs.

    Raises:
        UnknownPerson: nobody of the assessor's network has this number.
        NothingToCountersign: nothing waits any more.
    """
    if not is_assessor(request.user):
        raise PermissionDenied
    person = _find(request.user, staff_number)
    found = get_object_or_404(Scheme, code=scheme)
    now = timezone.now()
    pending = pending_of(person, found, now)
    check_signer(request.user, person, found, pending, timezone.localdate(now))
    if pending is None:
        raise NothingToCountersign(scheme=found.name, person=person.name)
    form = CountersignForm(request.POST or None, initial={"mark": pending.mark})
    context: dict[str, Any] = {"pending": pending, "form": form, "looks": False}
    step = request.POST.get("step")
    if request.method == "POST" and step != EDIT and form.is_valid():
        if step == SIGN:
            try:
                _sign(request, person, found, form)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return redirect("certification:countersignatures")
        else:
            context["looks"] = True
    return render(request, "certification/countersignatures/sign.html", context, status=422 if form.errors else 200)


def _find(assessor: Person, staff_number: str) -> Person:
    people = candidates_in_sight(assessor) | Person.objects.filter(pk=assessor.pk)
    return find_person(assessor, staff_number, people)


def _sign(request: HttpRequest, person: Person, scheme: Scheme, form: CountersignForm) -> None:
    data = form.cleaned_data
    signature = countersign(
        request.user, person, scheme, remark=data["remark"], mark=data["mark"], form_key=data["form_key"]
    )
    facts = {"person": person.name, "scheme": scheme.name}
    if LedgerEntry.objects.filter(person=person, scheme=scheme, recorded_at=signature.signed_at).exists():
        messages.success(request, _("Counter-signed: %(scheme)s of %(person)s has been granted.") % facts)
    else:
        messages.success(request, _("Counter-signed: %(scheme)s of %(person)s.") % facts)

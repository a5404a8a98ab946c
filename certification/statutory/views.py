"""Recording and withdrawing statutory cards."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certification.models import StatutoryCertificate
from certification.permissions import can_keep_file, may_keep_files
from certification.statutory.domain import record_statutory, withdraw_statutory
from certification.statutory.errors import StatutoryTwice
from certification.statutory.forms import StatutoryForm, WithdrawForm
from portal.errors import UnknownPerson
from portal.models import Person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Record a card for somebody whose file the reader keeps."""
    if not may_keep_files(request.user):
        raise PermissionDenied
    form = StatutoryForm(request.POST or None, initial={"staff_number": request.GET.get("person", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = _kept_person(request.user, data["staff_number"])
        if person is None:
            form.add_error("staff_number", str(UnknownPerson(person=data["staff_number"][:30])))
        else:
            try:
                record_statutory(
                    person,
                    data["kind"],
                    data["number"],
                    issuer=data["issuer"],
                    valid_from=data["valid_from"],
                    valid_to=data["valid_to"],
                    review_due=data["review_due"],
                    by=request.user,
                )
            except StatutoryTwice as error:
                form.add_error("number", str(error))
            else:
                messages.success(request, _("The card is recorded."))
                return redirect("certification:person", person.staff_number)
    status = 422 if form.errors else 200
    return render(request, "certification/statutory/statutory_form.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a card, after asking once more."""
    card = StatutoryCertificate.objects.select_related("person", "kind").filter(pk=pk).first()
    if card is None or not can_keep_file(request.user, card.person):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_statutory(card, withdrawn_on=form.cleaned_data["withdrawn_on"], by=request.user)
        messages.success(request, _("The card is withdrawn."))
        return redirect("certification:person", card.person.staff_number)
    context = {
        "title": _("Withdraw %(kind)s of %(person)s") % {"kind": card.kind.name, "person": card.person.name},
        "text": _("From that day on the card does not count any more."),
        "confirm_label": _("Withdraw"),
        "danger": True,
        "cancel_url": reverse("certification:person", args=[card.person.staff_number]),
        "form": form,
    }
    return render(request, "components/confirm_page.html", context, status=422 if form.errors else 200)


def _kept_person(keeper: Person, staff_number: str) -> Person | None:
    """Return the person whose file the keeper keeps; one out of sight looks like none."""
    person = Person.objects.select_related("organisation").filter(staff_number__iexact=staff_number.strip()).first()
    return person if person is not None and can_keep_file(keeper, person) else None

"""Pages of statutory cards: list, recording, verification, withdrawal, scan."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.models import StatutoryCertificate
from certification.permissions import can_keep_file, can_see_scan, files_kept_by, may_keep_files, may_survey
from certification.statutory.domain import can_verify, record_statutory, verify_statutory, withdraw_statutory
from certification.statutory.errors import NotTheirsToVerify, StatutoryTwice
from certification.statutory.exporter import cards_table
from certification.statutory.forms import CardFilterForm, StatutoryForm, WithdrawForm
from certification.statutory.queries import cards_in_sight, narrow_cards
from certification.statutory.scans import scan_name
from portal.access import audit
from portal.access.lookup import find_person
from portal.access.sight import organisations_in_sight
from portal.content.files import NOTHING_RUNS
from portal.enums import Tier
from portal.errors import DomainError
from portal.exchange.downloads import content_disposition
from portal.exchange.exports import export_asked, export_response
from portal.models import Person, PortalDocument
from portal.ui.typed import refuse_typed

PAGE = 20
# Endings a browser shows and cannot run; everything else is offered for saving.
SHOWN_ENDINGS = (".jpg", ".png", ".webp", ".pdf")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Record a card for somebody whose file the reader keeps."""
    if not may_keep_files(request.user):
        raise PermissionDenied
    form = StatutoryForm(
        request.POST or None, request.FILES or None, initial={"staff_number": request.GET.get("person", "")}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            person = find_person(request.user, data["staff_number"], files_kept_by(request.user))
        except DomainError as error:
            refuse_typed(form, "staff_number", error)
        else:
            try:
                record_statutory(
                    person,
                    data["kind"],
                    data["number"],
                    issuer=data["issuer"],
                    project_code=data["project_code"],
                    first_issued_on=data["first_issued_on"],
                    scan=data["scan"],
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
    card = _kept_card(request.user, pk)
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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Verify a record as a second person, after asking once more."""
    card = _kept_card(request.user, pk)
    problem: DomainError | None = None if can_verify(request.user, card) else NotTheirsToVerify()
    if request.method == "POST":
        try:
            verify_statutory(card, by=request.user)
        except DomainError as error:
            problem = error
        else:
            messages.success(request, _("The record is verified."))
            return redirect("certification:person", card.person.staff_number)
    context = {"card": card, "problem": problem}
    return render(request, "certification/statutory/verify.html", context, status=problem.status if problem else 200)


@login_required
@never_cache
@require_safe
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the scan of a card to its holder and to who keeps the holder's file; for everybody else there is none.

    Raises:
        Http404: no such card, no scan, or not this reader's to see.
    """
    card = StatutoryCertificate.objects.select_related("person", "scan").filter(pk=pk).first()
    if card is None or card.scan is None or not can_see_scan(request.user, card.person):
        raise Http404
    response = scan_response(card.scan, card.number)
    audit.record("certification.statutory_scan_opened", card, actor=request.user, person=card.person_id)
    return response


def scan_response(document: PortalDocument, number: str) -> FileResponse:
    """Return a scan as a file named after the number on it; a browser may show it and run nothing in it.

    Raises:
        Http404: the file is gone.
    """
    if not document.file.storage.exists(document.file.name):
        raise Http404
    name = scan_name(document, number)
    response = FileResponse(document.file.open("rb"), filename=name)
    response["Content-Disposition"] = content_disposition(name, inline=name.endswith(SHOWN_ENDINGS))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """List the cards of the people in sight by kind, branch and state, what is due first; as a page, .xlsx or CSV."""
    if not may_survey(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    places = organisations_in_sight(request.user).exclude(tier=Tier.CUSTOMER).order_by("path")
    form = CardFilterForm(request.GET or None, places=places)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = narrow_cards(
        cards_in_sight(request.user),
        on=today,
        kind=chosen.get("kind"),
        branch=chosen.get("organisation"),
        state=chosen.get("state", ""),
        only_unverified=chosen.get("unverified", False),
    )
    if spreadsheet := export_asked(request.GET):
        return export_response(cards_table(found, today), spreadsheet)
    context = {
        "form": form,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "is_filtered": any(chosen.values()),
        "keeps": may_keep_files(request.user),
    }
    return render(request, "certification/statutory/card_list.html", context)


def _kept_card(keeper: Person, pk: int) -> StatutoryCertificate:
    """Return a card of somebody whose file the keeper keeps.

    Raises:
        PermissionDenied: there is none, or it is not theirs.
    """
    card = StatutoryCertificate.objects.select_related("person__organisation", "kind").filter(pk=pk).first()
    if card is None or not can_keep_file(keeper, card.person):
        raise PermissionDenied
    return card

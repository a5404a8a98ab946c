"""Assessor's pages: candidates awaiting a practical, and the checklist to sign."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certification.enums import PracticalResult
from certification.models import Checklist, LedgerEntry, PracticalAssessment, Scheme
from certification.permissions import is_assessor
from certification.practicals.assessors import check_assessor, may_assess
from certification.practicals.candidates import find_candidate
from certification.practicals.domain import result_of, sign_practical
from certification.practicals.drafts import (
    begun_by,
    draft_of,
    forget_draft,
    hash_of,
    keep_draft,
    keep_late_draft,
    was_looked_at,
)
from certification.practicals.errors import NotAppointed
from certification.practicals.forms import AcknowledgementForm, PracticalForm, SheetForm
from certification.practicals.photos import photos_of
from certification.practicals.waiting import checklists_of, waiting_for
from certification.requirements.practical import is_practical
from certification.requirements.reasons import lacking_in_house
from certification.schemes.progress import progress
from portal.access.lookup import people_matching
from portal.errors import DomainError
from portal.models import Person
from portal.offline.outbox import is_from_outbox, refused, written_at
from portal.typed import LONGEST_TYPED
from portal.ui.typed import refuse_typed

PAGE = 20


@login_required
@require_safe
def practicals(request: HttpRequest) -> HttpResponse:
    """List the candidates for the reader, and the practicals the reader signed last."""
    if not is_assessor(request.user):
        raise PermissionDenied
    mine = checklists_of(request.user)
    known = Checklist.objects.filter(pk__in=[checklist.pk for checklist in mine])
    form = SheetForm(request.GET if "person" in request.GET else None, checklists=known)
    if form.is_bound and form.is_valid():
        try:
            person = find_candidate(request.user, form.cleaned_data["person"])
        except DomainError as error:
            refuse_typed(form, "person", error)
        else:
            return redirect("certification:practical", form.cleaned_data["checklist"].code, person.staff_number)
    signed = PracticalAssessment.objects.filter(assessor=request.user).select_related("person", "checklist")
    context = {
        "checklists": mine,
        "form": form,
        "page_obj": Paginator(waiting_for(request.user), PAGE).get_page(request.GET.get("page")),
        "begun": begun_by(request.user),
        "signed": signed.order_by("-signed_at")[:5],
    }
    status = 422 if form.errors else 200
    return render(request, "certification/practicals/practicals.html", context, status=status)


@login_required
@require_safe
def signed(request: HttpRequest) -> HttpResponse:
    """List all practicals the reader signed, the latest first, found by person or checklist."""
    if not is_assessor(request.user):
        raise PermissionDenied
    wanted = request.GET.get("q", "").strip()[:LONGEST_TYPED]
    found = PracticalAssessment.objects.filter(assessor=request.user).select_related("person", "checklist")
    if wanted:
        meant = people_matching(Person.objects.all(), wanted).order_by().values("pk")
        found = found.filter(Q(person__in=meant) | Q(checklist__title__icontains=wanted))
    page = Paginator(found.order_by("-signed_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "certification/practicals/signed.html", {"page_obj": page, "wanted": wanted})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def practical(request: HttpRequest, checklist: str, staff_number: str) -> HttpResponse:
    """Show the checklist for one candidate; it is kept while it is filled in, looked through, and signed once.

    ``step`` says what a post wants: ``keep`` what is there, ``edit`` it again, ``sign`` what was shown last; without
    one the whole checklist is shown before it is signed.
    """
    if not is_assessor(request.user):
        raise PermissionDenied
    sheet = get_object_or_404(Checklist.objects.select_related("category"), code=checklist)
    person = find_candidate(request.user, staff_number)
    now = timezone.now()
    if not may_assess(request.user, sheet, timezone.localdate(now)):
        raise NotAppointed(category=sheet.category.name)
    step = request.POST.get("step", "")
    # Kept with every tick: what else the checklist asks of its assessor is asked where it is shown and signed.
    if step == "keep":
        return _keep(request, person, sheet)
    check_assessor(request.user, person, sheet, timezone.localdate(now), now)
    draft = draft_of(request.user, person, sheet)
    is_posted = request.method == "POST" and step != "edit"
    kept, photos = (draft.answers if draft else {}), photos_of(draft)
    posted = request.POST if is_posted else None
    form = PracticalForm(posted, checklist=sheet, reader=request.user, kept=kept, photos=photos)
    context = {"checklist": sheet, "candidate": person, "form": form, "draft": draft}
    if is_posted and form.is_valid():
        return _look_or_sign(request, context, sign=step == "sign")
    context["open"] = _theory_missing(person, sheet)
    return render(request, "certification/practicals/practical.html", context, status=422 if form.errors else 200)


def _look_or_sign(request: HttpRequest, context: dict[str, Any], *, sign: bool) -> HttpResponse:
    """Sign what was looked at and acknowledged; otherwise show the whole before anything is signed."""
    person, sheet, form, draft = (context[name] for name in ("candidate", "checklist", "form", "draft"))
    seen = hash_of(form.judgements(), form.cleaned_data["remark"], form.cleaned_data["version"])
    is_as_seen = sign and was_looked_at(draft, seen, form.cleaned_data["form_key"])
    hand = AcknowledgementForm(request.POST if is_as_seen else None, is_asked=sheet.asks_signature)
    if is_as_seen and hand.is_valid():
        return _sign(request, person, sheet, form, hand)
    keep_draft(request.user, person, sheet, request.POST, names=form.kept_names(), looked_at=seen)
    context |= {"result": result_of(sheet, form.items, form.judgements()), "hand": hand}
    status = 422 if hand.errors else 200
    return render(request, "certification/practicals/look_through.html", context, status=status)


def _keep(request: HttpRequest, person: Person, sheet: Checklist) -> HttpResponse:
    """Keep what is filled in so far; the page's script asks for no page back."""
    form = PracticalForm(request.POST, checklist=sheet)
    names = form.kept_names()
    if is_from_outbox(request):
        try:
            keep_late_draft(
                request.user, person, sheet, request.POST, names=names, written_at=written_at(request) or timezone.now()
            )
        except DomainError as error:
            return refused([str(error)], error.status)
        return HttpResponse(status=204)
    keep_draft(request.user, person, sheet, request.POST, names=names)
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=204)
    messages.success(request, _("Kept. %(person)s's checklist can be continued here.") % {"person": person.name})
    return redirect("certification:practicals")


@transaction.atomic
def _sign(
    request: HttpRequest, person: Person, sheet: Checklist, form: PracticalForm, hand: AcknowledgementForm
) -> HttpResponse:
    signed = sign_practical(
        request.user,
        person,
        sheet,
        form.judgements(),
        form_key=form.cleaned_data["form_key"],
        version=form.cleaned_data["version"],
        remark=form.cleaned_data["remark"],
        acknowledgement=hand.acknowledgement(),
    )
    forget_draft(request.user, person, sheet)
    _say(request, signed)
    return redirect("certification:practicals")


def _theory_missing(person: Person, checklist: Checklist) -> list[str]:
    """Return what of the theory is still missing: a warning, for theory comes before practice."""
    scheme = Scheme.objects.filter(is_active=True, requirements__checklist=checklist).order_by("code").first()
    if scheme is None:
        return []
    missing = lacking_in_house(progress(person, scheme))
    return [reason.message for reason in missing if not is_practical(reason)]


def _say(request: HttpRequest, signed: PracticalAssessment) -> None:
    facts = {"person": signed.person.name, "checklist": signed.checklist.title}
    if signed.result == PracticalResult.FAILED:
        messages.warning(request, _("Signed: %(person)s has not passed %(checklist)s.") % facts)
    elif LedgerEntry.objects.filter(person=signed.person, recorded_at=signed.signed_at).exists():
        messages.success(request, _("Signed: %(person)s passed. The certificate has been issued.") % facts)
    else:
        messages.success(request, _("Signed: %(person)s passed %(checklist)s.") % facts)

"""Assessor's pages: candidates awaiting a practical, and the checklist to sign."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certification.enums import PracticalResult
from certification.models import Checklist, LedgerEntry, PracticalAssessment, Scheme
from certification.permissions import candidates_in_sight, is_assessor
from certification.practicals.domain import may_assess, result_of, sign_practical
from certification.practicals.drafts import (
    begun_by,
    draft_of,
    forget_draft,
    hash_of,
    keep_draft,
    keep_late_draft,
    was_looked_at,
)
from certification.practicals.errors import NotAppointed, OwnAssessment
from certification.practicals.forms import PracticalForm, SheetForm
from certification.practicals.waiting import checklists_of, waiting_for
from certification.requirements.base import lacking_in_house
from certification.requirements.practical import is_practical
from certification.schemes.progress import progress
from portal.access.lookup import find_person
from portal.errors import DomainError
from portal.models import Person
from portal.offline.outbox import is_from_outbox, refused, written_at
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
    if not may_assess(request.user, sheet, timezone.localdate()):
        raise NotAppointed(category=sheet.category.name)
    step = request.POST.get("step", "")
    if step == "keep":
        return _keep(request, person, sheet)
    draft = draft_of(request.user, person, sheet)
    is_posted = request.method == "POST" and step != "edit"
    form = PracticalForm(request.POST if is_posted else None, checklist=sheet, kept=draft.answers if draft else {})
    context = {"checklist": sheet, "candidate": person, "form": form, "draft": draft}
    if is_posted and form.is_valid():
        seen = hash_of(form.judgements(), form.cleaned_data["remark"], form.cleaned_data["version"])
        if step == "sign" and was_looked_at(draft, seen, form.cleaned_data["form_key"]):
            return _sign(request, person, sheet, form)
        keep_draft(request.user, person, sheet, request.POST, names=form.kept_names(), looked_at=seen)
        context |= {"result": result_of(sheet, form.items, form.judgements())}
        return render(request, "certification/practicals/look_through.html", context)
    context["open"] = _theory_missing(person, sheet)
    return render(request, "certification/practicals/practical.html", context, status=422 if form.errors else 200)


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
def _sign(request: HttpRequest, person: Person, sheet: Checklist, form: PracticalForm) -> HttpResponse:
    signed = sign_practical(
        request.user,
        person,
        sheet,
        form.judgements(),
        form_key=form.cleaned_data["form_key"],
        version=form.cleaned_data["version"],
        remark=form.cleaned_data["remark"],
    )
    forget_draft(request.user, person, sheet)
    _say(request, signed)
    return redirect("certification:practicals")


def find_candidate(assessor: Person, staff_number: str) -> Person:
    """Return the person of the assessor's network who is meant by a number, name or scan.

    Raises:
        OwnAssessment: it is the assessor's own number.
        AmbiguousPerson: several people of the network have the name that was typed.
        PersonOutOfScope: a colleague who is no candidate, such as one who has left.
        UnknownPerson: there is nobody the assessor may know of.
    """
    people = candidates_in_sight(assessor) | Person.objects.filter(pk=assessor.pk)
    person = find_person(assessor, staff_number, people)
    if person.pk == assessor.pk:
        raise OwnAssessment
    return person


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

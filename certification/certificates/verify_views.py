"""Pages of public verification."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from certification.certificates.domain import normalise_number
from certification.certificates.editions import editions_held
from certification.certificates.errors import MistypedShortNumber, UnknownCertificate
from certification.certificates.forms import VerifyForm
from certification.certificates.misses import note_miss
from certification.certificates.printing import scope_of
from certification.certificates.training import find_training_certificate, stands
from certification.certificates.verification import LONGEST, find_certificate, is_holder, verify
from certification.duty.ways import shown_reasons, with_ways
from certification.duty.work import opened_work
from certification.models import Certificate
from certification.permissions import can_see_file
from certification.schemes.reach import condition_note, task_words
from portal.access.dates import parse_day
from portal.access.rate_limits import limit
from portal.errors import ImpossibleDate
from portal.registry import duty

LOOK_UPS = "30/m"
NAMES = "10/m"
# Numbers that do not exist: a slip or two is human, more is somebody trying.


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """A field for the number; what is typed leads to the certificate's own address."""
    typed = request.GET.get("number", "").strip()[:LONGEST]
    number = normalise_number(typed)
    if number:
        limit(request, "verify", LOOK_UPS)
        with suppress(UnknownCertificate):
            trained = find_training_certificate(typed)
            number = trained.number if trained else find_certificate(typed).number
        return redirect("verify:certificate", number)
    return _quiet(render(request, "certification/certificates/verify_find.html", {"typed": typed}))


# Changes nothing and is open to strangers: without a token the page needs no cookie.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Show whether the certificate is valid on a day; confirm the holder's full name to a reader who types it."""
    limit(request, "verify", LOOK_UPS)
    try:
        found = find_certificate(number)
    except UnknownCertificate as error:
        trained = find_training_certificate(number)
        if trained is not None:
            shown = {"certificate": trained, "stands": stands(trained)}
            return _quiet(render(request, "certification/certificates/verify_training.html", shown))
        note_miss(request, number)
        context = {"typed": number[:80], "problem": error, "mistyped": isinstance(error, MistypedShortNumber)}
        return _quiet(render(request, "certification/certificates/verify_find.html", context, status=404))
    problem, day = None, None
    try:
        day = parse_day(request.GET.get("on"))
    except ImpossibleDate as error:
        problem = error
    verified = verify(found, day)
    context = {
        "verified": verified,
        **({} if verified.counts else _today(request.user, found)),
        "tasks": task_words(found.scheme),
        "scope": scope_of(found.scheme),
        "condition_note": condition_note(found.scheme),
        "form": VerifyForm(request.POST or None),
        "problem": problem,
        "editions": editions_held(found.entry),
    }
    if request.method == "POST":
        limit(request, "verify-name", NAMES)
        form = context["form"]
        if form.is_valid():
            context["confirmed"] = is_holder(found, form.cleaned_data["name"])
            context["typed_name"] = form.cleaned_data["name"].strip()
    return _quiet(render(request, "certification/certificates/verify.html", context, status=422 if problem else 200))


def _today(reader: Any, found: Certificate) -> dict[str, Any]:
    """Return what the gate says today of the work the certificate was for, to who may open the holder's file."""
    if not can_see_file(reader, found.person):
        return {}
    work = next((each for each in opened_work() if found.scheme_id in each.openers), None)
    if work is None:
        return {}
    asked = duty.ask_many([work.question(found.person, timezone.localdate(), timezone.now())])
    (answer,) = with_ways(reader, asked)
    return {"answer": answer, "reasons": shown_reasons(reader, answer)}


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep the page out of search engines and shared caches."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response

"""The form to evaluate a session: by its link or QR, signed in or as somebody a customer named."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.checkins.forms import NamedForm
from courses.checkins.queries import nominee_called
from courses.evaluations.domain import OPEN_DAYS, evaluate, is_open
from courses.evaluations.errors import EvaluationClosed
from courses.evaluations.forms import EvaluationForm
from courses.models import EvaluationInvite, Nominee, Session
from portal.access.rate_limits import limit_whom
from portal.errors import DomainError
from portal.typed import plain

RATE = "10/m"
#: Where the browser keeps which named person it belongs to; the check-in writes it too.
NAMED = "check_in_named"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    """Show the form to whoever was there and has not answered; the address holds the session's random number."""
    session = Session.objects.select_related("trainer", "organisation").filter(uid=uid).first()
    if session is None:
        raise Http404
    context = {"session": session, "is_open": is_open(session), "closed": EvaluationClosed(days=OPEN_DAYS)}
    nominee = _nominee(request, session)
    if not request.user.is_authenticated and nominee is None:
        return _who(request, session, context)
    mine = EvaluationInvite.objects.filter(session=session, is_used=True)
    person = request.user if request.user.is_authenticated else None
    context["is_done"] = mine.filter(person=person, nominee=nominee).exists()
    form = EvaluationForm(request.POST if request.method == "POST" and "who" not in request.POST else None)
    status = 200
    if form.is_bound and form.is_valid():
        facts = form.cleaned_data
        try:
            evaluate(
                session,
                person=person,
                nominee=nominee,
                scores=form.scores(),
                remark=facts["remark"],
                complaint=facts["complaint"],
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Thank you. Nobody can see that this was you."))
            return redirect(request.path)
    elif form.is_bound:
        status = 422
    return _private(render(request, "courses/evaluations/form.html", context | {"form": form}, status=status))


def _nominee(request: HttpRequest, session: Session) -> Nominee | None:
    key = request.session.get(NAMED)
    if request.user.is_authenticated or key is None:
        return None
    return Nominee.objects.of_session(session).filter(pk=key).first()


def _who(request: HttpRequest, session: Session, context: dict) -> HttpResponse:
    """Ask who somebody without an account is, or let them sign in."""
    form = NamedForm(request.POST or None)
    status = 200
    if request.method == "POST":
        limit_whom("evaluate", RATE, f"{session.pk} {plain(request.POST.get('name', '')[:80])}")
        status = 422
        if form.is_valid():
            try:
                found = nominee_called(session, form.cleaned_data["name"], form.cleaned_data["tail"])
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                request.session[NAMED] = found.pk
                return redirect(request.path)
    asks = Nominee.objects.of_session(session).exists()
    context |= {"form": form, "asks_names": asks}
    return _private(render(request, "courses/evaluations/who.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response

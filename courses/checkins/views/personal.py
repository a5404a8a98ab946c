"""The page behind a named person's own link: the telephone says whose it is, and is recognised when it scans."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.checkins.views.tickets import has_ticket, recognise, recognised_here
from courses.enums import SessionState
from courses.nominations.personal import found_by
from portal.access.rate_limits import limit

#: Requests a minute from one address to links of this kind, wrong ones included; a class shares the room's address.
RATE = "120/m"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Say whose link it is; pressed, the telephone is recognised from now on. A wrong or revoked link is 404."""
    limit(request, "personal-link", RATE)
    found = found_by(secret)
    if found is None or found[1].request.session is None:
        raise Http404
    token, nominee = found
    session = nominee.request.session
    is_over = session.is_over or session.state in (SessionState.CLOSED, SessionState.CANCELLED)
    if request.method == "POST" and not is_over:
        recognise(request, token)
        # Who scanned first and looked for the link then goes on where they were.
        to = redirect("courses:arrive", pk=session.pk) if has_ticket(request, session.pk) else redirect(request.path)
        return _private(to)
    context = {
        "nominee": nominee,
        "session": session,
        "is_over": is_over,
        "is_recognised": nominee in recognised_here(request),
    }
    return _private(render(request, "courses/checkins/personal.html", context, status=410 if is_over else 200))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is the key, from search engines and other sites."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response

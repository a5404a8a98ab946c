"""Health, language choice and the ways to the one sign-in page."""

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.web.health import readiness, warnings


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: database, indexes and task queue can be reached; 503 and which one when not. Warnings change no status."""
    parts = readiness(connection)
    is_ready = all(part == "ok" for part in parts.values())
    answer = {"status": "ok" if is_ready else "unavailable", "parts": parts, "warnings": warnings()}
    return JsonResponse(answer, status=200 if is_ready else 503)


@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back.

    Needs no CSRF token, so that pages for anonymous readers need no cookie and can be cached: the worst a forged post
    can do is show somebody the other language.
    """
    back = request.POST.get("next") or reverse("home")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("home")
    response = redirect(back)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.HTTPS,
        )
    return response


def admin_login(request: HttpRequest) -> HttpResponse:
    """Redirect anonymous visitors of Wagtail's admin to the sign-in page; refuse signed-in ones (403).

    On the sign-in page the signed-in would be sent back here, for ever.

    Raises:
        PermissionDenied: for somebody signed in who may not enter the admin.
    """
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return _to_sign_in(request, reverse("wagtailadmin_home"))


def page_login(request: HttpRequest) -> HttpResponse:
    """Where a page restricted in the admin sends whom it does not let in.

    Raises:
        PermissionDenied: for somebody signed in, who is not of the groups it is for.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    return _to_sign_in(request, reverse("home"))


def _to_sign_in(request: HttpRequest, back: str) -> HttpResponse:
    return redirect(f"{reverse('account_login')}?next={quote(request.GET.get('next') or back)}")

"""The home page and one's own page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.content.home import front_context, me_context
from portal.models import HomePage


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Home page: search box, then the reader's own tiles."""
    return render(request, "portal/content/home_page.html", front_context(request, HomePage.objects.live().first()))


@login_required
@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The reader's own record (一人一档): posts, sessions, hours, certificates, links, sign-in."""
    return render(request, "portal/content/me.html", me_context(request))

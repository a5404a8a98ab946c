"""Calendar feeds (iCalendar over HTTP), and the page to create and revoke their links."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.calendars.domain import open_feed, revoke_feed
from courses.calendars.feeds import FeedSubject, feed_of, live_tokens, names_of, subjects_for
from courses.sessions.events import absolute
from courses.sessions.views.files import calendar_response
from portal.models import AccessToken


@dataclass(frozen=True)
class ShownFeed:
    """One calendar on the page: offered, or with its link."""

    subject: FeedSubject
    name: str
    token: AccessToken | None = None

    @property
    def address(self) -> str:
        """The https link."""
        return absolute(reverse("calendars:feed", args=[self.token.secret])) if self.token else ""

    @property
    def subscription(self) -> str:
        """The link that opens a calendar program at once."""
        return "webcal://" + self.address.split("://", 1)[-1] if self.token else ""


@csrf_exempt
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program; a wrong, revoked or no longer allowed link is 404, an unchanged calendar 304."""
    found = feed_of(secret)
    if found is None:
        raise Http404
    return calendar_response(request, found.tag, found.build)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feed_list(request: HttpRequest) -> HttpResponse:
    """Show the reader's links and what else can be subscribed to; a post makes a link."""
    if request.method == "POST":
        subject = FeedSubject.parse(request.POST.get("subject", ""))
        if subject is None:
            raise Http404
        open_feed(request.user, subject)
        messages.success(request, _("The link is ready. Keep it to yourself: whoever has it sees this calendar."))
        return redirect("courses:feeds")
    tokens = {token.subject: token for token in live_tokens(request.user)}
    subjects = subjects_for(request.user)
    offered = {str(subject) for subject in subjects}
    # Links to what is not offered any more are shown as well, so that they can be revoked.
    subjects += [found for text in tokens if text not in offered and (found := FeedSubject.parse(text))]
    names = names_of(subjects)
    feeds = [ShownFeed(subject, names[subject], tokens.get(str(subject))) for subject in subjects if subject in names]
    offered = [feed for feed in feeds if feed.token is None]
    context = {
        "feeds": [feed for feed in feeds if feed.token],
        "groups": [(kind, list(group)) for kind, group in groupby(offered, key=lambda feed: feed.subject.kind)],
    }
    return render(request, "courses/calendars/feeds.html", context)


@login_required
@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of the reader's links."""
    token = get_object_or_404(AccessToken, pk=pk, person=request.user)
    revoke_feed(token, by=request.user)
    messages.success(request, _("The link was revoked. Calendars subscribed to it show nothing new any more."))
    return redirect("courses:feeds")

"""The answer to “Did this solve it?” at the end of a fault article; works without scripts and without signing in."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kb.faults.views import article_or_404
from kb.feedback.domain import answer_article, reader_key
from portal.access.rate_limits import limit
from portal.audiences import can_open, refuse_reader

RATE = "20/m"


@csrf_exempt
@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Record the answer and go back to the article.

    No CSRF token, which would keep the page from being cached: an answer names nobody and counts once a reader.
    """
    limit(request, "article-answer", RATE)
    article = article_or_404(number)
    if not can_open(request.user, article.audience):
        return refuse_reader(request)
    browser = request.headers.get("User-Agent", "")[:300]
    reader = reader_key(request.user, get_adapter(request).get_client_ip(request), browser)
    reason = request.POST.get("no", "")
    solved = "no" if reason else request.POST.get("solved", "")
    answer_article(article, reader=reader, solved=solved, reason=reason)
    return redirect(f"{article.get_absolute_url()}?answered={solved}#solved")

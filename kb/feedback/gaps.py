"""Gaps of the knowledge base: faults without guide, guides nobody opens, articles that did not solve the trouble."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.diagnosis.queries import published_guides
from kb.faults.queries import published_faults
from kb.models import ArticleAnswer, DiagnosisRun, DiagnosisStep, FaultArticle
from portal.admin.drafts import edit_url
from portal.registry.gaps import Gap

#: A guide nobody opened for so long is not needed, or not found.
UNOPENED = dt.timedelta(days=90)


def faults_without_guide() -> Iterator[Gap]:
    """Return the published articles to which no published guide leads, those that helped least first."""
    leads = DiagnosisStep.objects.filter(article=OuterRef("pk"), guide__live=True)
    unsolved = Count("answers", filter=Q(answers__is_solved=False))
    found = published_faults().filter(~Exists(leads)).annotate(unsolved=unsolved)
    for article in found.only("number", "title").order_by("-unsolved", "number"):
        yield Gap(str(article), _("No published guide leads to this article."), edit_url(article))


def guides_unopened() -> Iterator[Gap]:
    """Return the guides that are published for a while and that nobody opened in it, the longest unopened first."""
    since = timezone.now() - UNOPENED
    recent = DiagnosisRun.objects.filter(guide=OuterRef("pk"), started_at__gte=since)
    found = published_guides().filter(~Exists(recent)).exclude(first_published_at__gte=since)
    words = _("Nobody opened it in %(days)d days.") % {"days": UNOPENED.days}
    for guide in found.annotate(last=Max("runs__started_at")).order_by("last", "number"):
        yield Gap(str(guide), words, edit_url(guide), last=guide.last)


def unsolved_articles() -> Iterator[Gap]:
    """Return the articles readers said did not solve their trouble, the most often first, with the commonest reason."""
    reasons: dict[int, str] = {}
    said = ArticleAnswer.objects.filter(is_solved=False, article__live=True).exclude(reason="")
    labels = dict(ArticleAnswer._meta.get_field("reason").flatchoices)
    counted = said.order_by().values_list("article", "reason").annotate(number=Count("pk"))
    for article, reason, _number in counted.order_by("number"):
        reasons[article] = str(labels.get(reason, reason))
    unsolved = Q(answers__is_solved=False)
    found = FaultArticle.objects.filter(live=True).annotate(
        unsolved=Count("answers", filter=unsolved), last=Max("answers__answered_at", filter=unsolved)
    )
    for article in found.filter(unsolved__gt=0).order_by("-unsolved", "number"):
        yield Gap(str(article), reasons.get(article.pk, ""), edit_url(article), article.unsolved, article.last)

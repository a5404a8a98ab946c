"""Record what a reader says about an article."""

from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kb.models import ArticleAnswer, FaultArticle, UnsolvedReason
from portal.errors import DomainError


class UnknownAnswer(DomainError):
    """Neither yes nor no, or no with a reason that is not offered."""

    code = "unknown_answer"
    status = 400
    message = _("Please choose whether the article solved it.")


def reader_key(person: Any, address: str, browser: str) -> str:
    """Return a key by which answers of one reader are known as such, and from which nobody can be told."""
    who = f"person {person.pk}" if person.is_authenticated else f"address {address} {browser}"
    return salted_hmac("kb.feedback", who, algorithm="sha256").hexdigest()


def answer_article(article: FaultArticle, *, reader: str, solved: str, reason: str = "") -> ArticleAnswer:
    """Record an answer; the same again changes nothing, another one of the same reader replaces it.

    Args:
        article: what was read.
        reader: of `reader_key`.
        solved: ``yes`` or ``no``.
        reason: for a no, a value of `UnsolvedReason` or nothing.

    Raises:
        UnknownAnswer: the answer or its reason is not one of those offered.
    """
    if solved not in ("yes", "no") or reason not in ("", *UnsolvedReason.values):
        raise UnknownAnswer
    is_solved = solved == "yes"
    answer, _is_new = ArticleAnswer.objects.update_or_create(
        article=article,
        reader=reader,
        defaults={"is_solved": is_solved, "reason": "" if is_solved else reason},
    )
    return answer

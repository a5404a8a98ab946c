"""Publish and withdraw fault articles, with audit."""

from typing import Any

from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import LogContext

from kb.models import FaultArticle
from kb.publication import publish
from portal.access import audit, publications


def publish_fault(article: FaultArticle, *, actor: Any = None) -> FaultArticle:
    """Publish ``article`` as it is in memory (with its rows), keeping a revision of it.

    Raises:
        NotPublishable: safety notes or causes are missing, or a code is another article's already.
    """
    return publish(article, actor=actor)


@transaction.atomic
def draft_fault(article: FaultArticle, *, actor: Any = None) -> FaultArticle:
    """Store a new article (with its rows) as a draft that nobody reads yet.

    Raises:
        ValidationError: a field does not hold what it may.
    """
    article.live = False
    article.full_clean()
    article.save()
    article.save_revision(user=actor, clean=False)
    audit.record("kb.fault_drafted", article, actor=actor, number=article.number)
    return article


@transaction.atomic
def withdraw_fault(article: FaultArticle, *, actor: Any = None) -> FaultArticle:
    """Take ``article`` away from readers; the draft and its history stay."""
    with LogContext(user=actor):
        UnpublishAction(article, user=actor).execute(skip_permission_checks=True)
    article.refresh_from_db()
    return article


def record_publication(sender: Any, instance: FaultArticle, revision: Any, **kwargs: Any) -> None:
    """Write the publication into the audit log (receiver of Wagtail's ``published``)."""
    codes = [row.code for row in instance.codes.all()]
    publications.record_publication("kb.fault_published", instance, revision, number=instance.number, codes=codes)


def record_withdrawal(sender: Any, instance: FaultArticle, **kwargs: Any) -> None:
    """Write the withdrawal into the audit log (receiver of Wagtail's ``unpublished``)."""
    publications.record_withdrawal("kb.fault_withdrawn", instance, number=instance.number)

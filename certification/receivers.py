"""Receivers of signals from the apps below."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from certification.certificates.awards import award_after, award_if_complete
from certification.certificates.queries import certificates_resting_on
from certification.models import ApprovedVersion, Checklist
from certification.practicals import review as items
from certification.questions import review as questions
from certification.revisions.domain import ask_holders
from certification.schemes.queries import schemes_of_person
from courses.models import HourCredit
from kb.models import EditionVerdict, FaultArticle, ManualEdition
from portal.models import Person


def award_after_hours(person: Person, credits: Sequence[HourCredit], **kwargs: Any) -> None:
    """The last hours may be what was missing (receiver of ``courses.signals.hours_credited``)."""
    for credit in credits:
        award_after(person, module=credit.module)


def award_held_back(author: Person, **kwargs: Any) -> None:
    """What waited for a second person's word may be granted (receiver of ``portal.models.bar.changes_settled``)."""
    for scheme in schemes_of_person(author, timezone.localdate()):
        if scheme.is_active:
            award_if_complete(author, scheme)


def ask_holders_to_act(verdict: EditionVerdict, **kwargs: Any) -> None:
    """Holders owe what the verdict asks for from its moment on (receiver of ``kb.signals.verdict_given``)."""
    ask_holders(verdict)


def name_certificates(person: Person, credits: Sequence[HourCredit], **kwargs: Any) -> list[str]:
    """Name what rests on hours that are to be taken back (receiver of ``courses.signals.hours_falling``)."""
    return certificates_resting_on(person, credits)


def review_after_edition(instance: ManualEdition, created: bool, **kwargs: Any) -> None:
    """A published edition may say something else than what cites it (receiver of ``post_save``)."""
    if instance.is_published and not kwargs.get("raw"):
        questions.edition_published(instance)
        items.edition_published(instance)


def review_after_article(instance: FaultArticle, **kwargs: Any) -> None:
    """A published article may say something else than what cites it (receiver of ``wagtail.signals.published``)."""
    questions.article_published(instance)
    items.article_published(instance)


def compare_approved_items(instance: ApprovedVersion, created: bool, **kwargs: Any) -> None:
    """An approved checklist is compared with what its items cite (receiver of ``post_save``)."""
    if created and instance.record_label == Checklist._meta.label_lower and not kwargs.get("raw"):
        items.checklist_approved(Checklist.objects.get(pk=instance.record_id), at=instance.approved_at)

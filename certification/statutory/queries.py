"""Queries on statutory cards in sight, by kind, branch and state."""

import datetime as dt
from typing import Any

from django.db.models import DateField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from certification.enums import CardState
from certification.models import StatutoryCertificate
from certification.permissions import files_in_sight
from portal.models import Organisation, Person, StatutoryKind


def cards_in_sight(asker: Any) -> QuerySet[StatutoryCertificate]:
    """Return the cards that count of the people whose standing ``asker`` may survey, what is due first at the top.

    A card that was recorded anew after its re-examination or renewal stands once, with its latest days.
    """
    newer = StatutoryCertificate.objects.filter(
        person=OuterRef("person"),
        kind=OuterRef("kind"),
        project_code=OuterRef("project_code"),
        withdrawn_on__isnull=True,
    ).filter(Q(valid_from__gt=OuterRef("valid_from")) | Q(valid_from=OuterRef("valid_from"), pk__gt=OuterRef("pk")))
    cards = StatutoryCertificate.objects.filter(
        person__in=files_in_sight(asker).values("pk"), withdrawn_on__isnull=True
    ).exclude(Exists(newer))
    return (
        cards.annotate(due_on=Least("valid_to", Coalesce("review_due", "valid_to"), output_field=DateField()))
        .select_related("kind", "verified_by")
        .prefetch_related(Prefetch("person", Person.objects.with_posts(timezone.localdate())))
        .order_by("due_on", "person__staff_number", "pk")
    )


def narrow_cards(
    cards: QuerySet[StatutoryCertificate],
    *,
    on: dt.date,
    kind: StatutoryKind | None = None,
    branch: Organisation | None = None,
    state: str = "",
    only_unverified: bool = False,
) -> QuerySet[StatutoryCertificate]:
    """Narrow ``cards`` to a kind, a branch, a state on ``on`` and to those nobody has verified."""
    if kind is not None:
        cards = cards.filter(kind=kind)
    if branch is not None:
        places = Organisation.objects.filter(path__startswith=branch.path)
        cards = cards.filter(person__in=Person.objects.belonging_to(places, on).order_by().values("pk"))
    if only_unverified:
        cards = cards.filter(verified_at__isnull=True)
    return _in_state(cards, state, on) if state else cards


def _in_state(cards: QuerySet[StatutoryCertificate], state: str, on: dt.date) -> QuerySet[StatutoryCertificate]:
    expired = Q(due_on__lt=on)
    begun = Q(valid_from__lte=on)
    near = Q(pk__in=[])
    # The lead times are data of the kinds: one condition a pair of them, however many cards there are.
    leads = StatutoryKind.objects.values_list("renewal_lead_days", "review_lead_days").distinct().order_by()
    for renewal, review in leads:
        due = Q(valid_to__lte=_later(on, renewal)) | Q(review_due__lte=_later(on, review))
        near |= Q(kind__renewal_lead_days=renewal, kind__review_lead_days=review) & due
    match state:
        case CardState.EXPIRED:
            return cards.filter(expired)
        case CardState.NOT_YET:
            return cards.exclude(expired).exclude(begun)
        case CardState.EXPIRING:
            return cards.filter(begun, near).exclude(expired)
        case CardState.VALID:
            return cards.filter(begun).exclude(expired).exclude(near)
        case _:
            return cards.none()


def _later(day: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(min(day.toordinal() + days, dt.date.max.toordinal()))

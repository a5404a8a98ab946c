"""法定证件: a card issued outside, which must hold on the day of duty."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from certification.actions import Action
from certification.enums import Stage
from certification.models import Requirement, StatutoryCertificate
from certification.requirements.base import Asked, RowKind
from certification.requirements.rows import PEOPLE, Row, instance, rows_of
from certification.requirements.seats import SeatFinder
from certification.statutory.cards import CardReason, card_reason
from portal.registry.duty import Reason

Cards = dict[int, list[StatutoryCertificate]]


class StatutoryKind(RowKind):
    """A statutory card; what is loaded are the cards by kind of card.

    A card is checked on the day of duty and belongs to no round: it neither earns a grant nor is used up by one.
    """

    key = "statutory"
    label = gettext_lazy("Statutory certificate")
    order = 40
    fields = ("statutory_kind",)
    constraint = Q(statutory_kind__isnull=False)
    codes = frozenset(CardReason.values)
    is_in_house = False

    def panels(self) -> list[Panel]:
        """The kind of card."""
        return [FieldPanel("statutory_kind")]

    def rows(self, *, of_schemes: bool) -> QuerySet[Any]:
        """The cards of every kind: the rules of the equipment ask for them as well as schemes."""
        return rows_of(
            StatutoryCertificate.objects.filter(person__in=PEOPLE),
            self.key,
            "kind_id",
            days=["valid_from", "valid_to", "review_due", "withdrawn_on"],
            moments=["recorded_at", "withdrawn_recorded_at"],
            texts=["number"],
        )

    def read(self, person_ids: Collection[int], rows: Iterable[Row]) -> Mapping[int, Cards]:
        """By kind of card, the longest valid first."""
        found: dict[int, Cards] = {pk: defaultdict(list) for pk in person_ids}
        for row in sorted(rows, key=lambda row: row.key):
            card = instance(
                StatutoryCertificate,
                id=row.key,
                person_id=row.person,
                kind_id=row.subject,
                number=row.text_1,
                valid_from=row.day_1,
                valid_to=row.day_2,
                review_due=row.day_3,
                withdrawn_on=row.day_4,
                recorded_at=row.moment_1,
                withdrawn_recorded_at=row.moment_2,
            )
            found[row.person][row.subject].append(card)
        for cards in found.values():
            for listed in cards.values():
                listed.sort(key=lambda card: card.valid_to, reverse=True)
        return found

    def is_untouched(self, requirement: Requirement, shown: Cards) -> bool:
        """Nothing on record."""
        return requirement.statutory_kind_id not in shown

    def turning_days(self, shown: Cards) -> list[dt.date]:
        """The first days of cards, those after their last ones, and those of withdrawals."""
        cards = [card for listed in shown.values() for card in listed]
        days = [card.valid_from for card in cards] + [card.last_day + dt.timedelta(days=1) for card in cards]
        return days + [card.withdrawn_on for card in cards if card.withdrawn_on is not None]

    def judge(self, requirement: Requirement, shown: Cards, asked: Asked) -> Reason:
        """Look for a card that is valid that day, else report the state of the best one on record."""
        kind = requirement.statutory_kind
        if kind is None:
            raise ValueError(f"{requirement} names no kind of card")
        reason = card_reason(kind, shown.get(kind.pk, ()), asked.on, asked.known_at)
        return replace(reason, params=reason.params | {"requirement": requirement.pk, "kind": self.key})

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """A card does not lead to the grant and to no stage of its own."""
        return Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Who records it."""
        return _("Hand the card to your manager, who records it."), None

    def way_out(self, reason: Reason) -> tuple[str, str]:
        """Who records it."""
        return _("Hand the card to your manager, who records it."), ""


KIND = StatutoryKind()

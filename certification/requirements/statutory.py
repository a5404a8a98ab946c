"""法定证件: a card issued outside, which must hold on the day of duty."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, Panel

from certification.enums import Stage
from certification.models import Requirement, StatutoryCertificate
from certification.requirements.base import Action, Asked, RequirementKind, day_text
from certification.requirements.seats import SeatFinder
from portal.registry.duty import Reason


class StatutoryReason(models.TextChoices):
    """Names of the reasons; programs compare these."""

    VALID = "statutory_valid"
    MISSING = "statutory_missing"
    EXPIRED = "statutory_expired"


Cards = dict[int, list[StatutoryCertificate]]


class StatutoryKind(RequirementKind):
    """A statutory card; what is loaded are the cards by kind of card.

    A card is checked on the day of duty and belongs to no round: it neither earns a grant nor is used up by one.
    """

    key = "statutory"
    label = gettext_lazy("Statutory certificate")
    order = 40
    fields = ("statutory_kind",)
    constraint = Q(statutory_kind__isnull=False)
    codes = frozenset(StatutoryReason.values)
    is_in_house = False

    def panels(self) -> list[Panel]:
        """The kind of card."""
        return [FieldPanel("statutory_kind")]

    def load(self, person_ids: Collection[int]) -> Mapping[int, Cards]:
        """One query."""
        found: dict[int, Cards] = {pk: defaultdict(list) for pk in person_ids}
        for card in StatutoryCertificate.objects.filter(person__in=person_ids).order_by("-valid_to", "pk"):
            found[card.person_id][card.kind_id].append(card)
        return found

    def judge(self, requirement: Requirement, shown: Cards, asked: Asked) -> Reason:
        """Look for a card that holds that day, else say what became of the best one on record."""
        kind = requirement.statutory_kind
        if kind is None:
            raise ValueError(f"{requirement} names no kind of card")
        params: dict[str, object] = {"statutory_kind": kind.code}
        cards = [card for card in shown[kind.pk] if _is_on_record(card, asked)]
        for card in cards:
            if asked.on <= card.last_day:
                message = _("%(kind)s valid until %(day)s") % {"kind": kind.name, "day": day_text(card.last_day)}
                params |= {"number": card.number, "valid_to": card.last_day.isoformat()}
                return self.reason(requirement, StatutoryReason.VALID, message, met=True, **params)
        if not cards:
            message = _("Statutory certificate missing: %(kind)s") % {"kind": kind.name}
            return self.reason(requirement, StatutoryReason.MISSING, message, met=False, **params)
        message = _expired(cards[0], asked.on) % {"kind": kind.name, "day": day_text(cards[0].last_day)}
        params["valid_to"] = cards[0].last_day.isoformat()
        return self.reason(requirement, StatutoryReason.EXPIRED, message, met=False, **params)

    def stage(self, reason: Reason, *, begun: bool) -> Stage:
        """A card does not lead to the grant and to no stage of its own."""
        return Stage.NOT_STARTED

    def hint(self, reason: Reason, seats: SeatFinder) -> tuple[str, Action | None]:
        """Who records it."""
        return _("Hand the card to your manager, who records it."), None


def _is_on_record(card: StatutoryCertificate, asked: Asked) -> bool:
    """Whether the card was known, had begun and was not withdrawn."""
    day, moment = card.withdrawn_on, card.withdrawn_recorded_at
    is_withdrawn = day is not None and moment is not None and day <= asked.on and moment <= asked.known_at
    return card.recorded_at <= asked.known_at and card.valid_from <= asked.on and not is_withdrawn


def _expired(card: StatutoryCertificate, on: dt.date) -> str:
    if on > card.valid_to:
        return _("Statutory certificate expired: %(kind)s was valid until %(day)s")
    return _("Statutory certificate not re-examined: %(kind)s was due on %(day)s")


KIND = StatutoryKind()


def names_a_card(reason: Reason) -> bool:
    """Whether a reason speaks of a statutory card."""
    return reason.code in KIND.codes

"""Statutory cards on a day of duty: those that rules demand, and whether the person holds them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _

from certification.enums import ReasonCode
from certification.models import StatutoryCertificate
from portal.equipment.statutory import kinds_named, rules_among, rules_covering
from portal.models import EquipmentModel, StatutoryKind, StatutoryRule
from portal.registry.duty import Reason


class CardReason(models.TextChoices):
    """Names of the reasons a card gives; programs compare these."""

    VALID = "statutory_valid"
    MISSING = "statutory_missing"
    EXPIRED = "statutory_expired"


@dataclass(frozen=True)
class CardsNeeded:
    """What the rules demand of everybody for a task on a machine.

    Args:
        kinds: the kinds of card to be held.
        refusals: why nobody may do it, whatever they hold.
    """

    kinds: Sequence[StatutoryKind]
    refusals: Sequence[Reason] = ()


def cards_needed(equipment: EquipmentModel, task: str) -> CardsNeeded:
    """Return what the rules demand for ``task`` on ``equipment``, in at most two queries.

    A regulated model no rule in force covers, for whatever task, is nobody's to work on: the law asks for a card and
    the records do not say which.
    """
    return cards_needed_for([(equipment, task)])[equipment.pk, task]


def cards_needed_for(
    work: Iterable[tuple[EquipmentModel, str]], among: Sequence[StatutoryRule] | None = None
) -> dict[tuple[int, str], CardsNeeded]:
    """Return what the rules demand for each pair of model and task, by (key of the model, task); queries as for one.

    Args:
        among: rules to look among instead of those in force; then nothing is asked of the database.
    """
    pairs = {(equipment.pk, task): equipment for equipment, task in work}
    models = {equipment.pk: equipment for equipment in pairs.values()}.values()
    rules = rules_covering(models) if among is None else rules_among(among, models)
    return {
        (key, task): CardsNeeded((), (_no_rule(equipment),))
        if equipment.is_regulated and not rules[key]
        else CardsNeeded(kinds_named(rules[key], task))
        for (key, task), equipment in pairs.items()
    }


def statutory_reasons(
    kinds: Iterable[StatutoryKind],
    cards: Mapping[int, Sequence[StatutoryCertificate]],
    on: dt.date,
    known_at: dt.datetime,
) -> list[Reason]:
    """Return for each kind whether a card of it is held on ``on``, as known at ``known_at``.

    Args:
        cards: the cards on record by key of the kind, the longest valid first.
    """
    return [card_reason(kind, cards.get(kind.pk, ()), on, known_at) for kind in kinds]


def card_reason(
    kind: StatutoryKind, cards: Iterable[StatutoryCertificate], on: dt.date, known_at: dt.datetime
) -> Reason:
    """Return whether a card of ``kind`` may be relied on that day: begun, not past its end or re-examination (复审)."""
    params: dict[str, object] = {"kind": "statutory", "statutory_kind": kind.code}
    standing = [card for card in cards if _is_on_record(card, on, known_at)]
    for card in standing:
        if on <= card.last_day:
            message = _("%(kind)s valid until %(day)s") % {"kind": kind.name, "day": _text(card.last_day)}
            params |= {"number": card.number, "valid_to": card.last_day.isoformat()}
            return Reason(CardReason.VALID.value, message, met=True, params=params)
    if standing:
        card = standing[0]
        text = (
            _("Statutory certificate expired: %(kind)s was valid until %(day)s")
            if on > card.valid_to
            else _("Statutory certificate not re-examined: %(kind)s was due on %(day)s")
        )
        params["valid_to"] = card.last_day.isoformat()
        message = text % {"kind": kind.name, "day": _text(card.last_day)}
        return Reason(CardReason.EXPIRED.value, message, params=params)
    message = _("Statutory certificate missing: %(kind)s") % {"kind": kind.name}
    return Reason(CardReason.MISSING.value, message, params=params)


def _is_on_record(card: StatutoryCertificate, on: dt.date, known_at: dt.datetime) -> bool:
    """Whether the card was known, had begun and was not withdrawn."""
    day, moment = card.withdrawn_on, card.withdrawn_recorded_at
    is_withdrawn = day is not None and moment is not None and day <= on and moment <= known_at
    return card.recorded_at <= known_at and card.valid_from <= on and not is_withdrawn


def _no_rule(equipment: EquipmentModel) -> Reason:
    message = _("%(equipment)s is regulated, but no rule names the statutory certificate it needs") % {
        "equipment": equipment.name
    }
    params = {"kind": "statutory", "equipment": equipment.code}
    return Reason(ReasonCode.NO_STATUTORY_RULE.value, message, params=params)


def _text(day: dt.date) -> str:
    return formats.date_format(day, "DATE_FORMAT")

"""What the rules demand of who works on a machine, and whether a card is held on the day."""

import datetime as dt

import pytest

from certification.statutory.cards import cards_needed, statutory_reasons
from portal.enums import Task
from tests.factories.certification import StatutoryCertificateFactory
from tests.factories.portal import EquipmentModelFactory, StatutoryKindFactory, StatutoryRuleFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 18)
NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


def held(*cards):
    by_kind = {}
    for card in cards:
        by_kind.setdefault(card.kind_id, []).append(card)
    return by_kind


def judged(kind, *cards, on=DAY, known_at=NOW):
    (reason,) = statutory_reasons([kind], held(*cards), on, known_at)
    return reason.code, reason.met


def card_of(kind, **facts):
    days = {"valid_from": dt.date(2024, 1, 1), "valid_to": dt.date(2030, 1, 1), "recorded_at": NOW}
    return StatutoryCertificateFactory(kind=kind, **(days | facts))


def test_maintenance_and_repair_need_what_their_rules_name():
    equipment = EquipmentModelFactory(is_regulated=True)
    repair = StatutoryRuleFactory(category=equipment.category, tasks=[Task.REPAIR])
    maintain = StatutoryRuleFactory(category=equipment.category, tasks=[Task.MAINTAIN])

    assert list(cards_needed(equipment, Task.REPAIR).kinds) == [repair.kind]
    assert list(cards_needed(equipment, Task.MAINTAIN).kinds) == [maintain.kind]
    assert cards_needed(equipment, Task.OPERATE) == cards_needed(equipment, Task.INSTALL)
    assert not cards_needed(equipment, Task.OPERATE).refusals


def test_regulated_equipment_without_rule_refuses_every_task():
    equipment = EquipmentModelFactory(is_regulated=True, name="传菜梯")

    for task in Task:
        needed = cards_needed(equipment, task)
        assert [reason.code for reason in needed.refusals] == ["no_statutory_rule"]
        assert "传菜梯" in needed.refusals[0].message


def test_unregulated_equipment_without_rule_needs_nothing():
    needed = cards_needed(EquipmentModelFactory(), Task.REPAIR)

    assert (list(needed.kinds), list(needed.refusals)) == ([], [])


def test_card_counts_from_its_first_to_its_last_day_once_it_is_known():
    kind = StatutoryKindFactory()
    card = card_of(kind)

    assert judged(kind, card) == ("statutory_valid", True)
    assert judged(kind, card, on=card.valid_to) == ("statutory_valid", True)
    assert judged(kind, card, on=card.valid_to + dt.timedelta(days=1)) == ("statutory_expired", False)
    assert judged(kind, card, on=card.valid_from - dt.timedelta(days=1)) == ("statutory_missing", False)
    assert judged(kind, card, known_at=NOW - dt.timedelta(seconds=1)) == ("statutory_missing", False)


def test_missed_re_examination_and_withdrawal_end_a_card():
    kind = StatutoryKindFactory()
    late = card_of(kind, review_due=DAY - dt.timedelta(days=1))
    withdrawn = card_of(kind, withdrawn_on=DAY, withdrawn_recorded_at=NOW)

    assert judged(kind, late) == ("statutory_expired", False)
    assert judged(kind, withdrawn) == ("statutory_missing", False)
    assert judged(kind, late, card_of(kind)) == ("statutory_valid", True)


def test_card_of_another_kind_does_not_count():
    assert judged(StatutoryKindFactory(), card_of(StatutoryKindFactory())) == ("statutory_missing", False)

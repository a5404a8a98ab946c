"""The demo people at every stage of certification, and what the gate says of them."""

import pytest

from certification.models import LedgerEntry, QuestionVersion, Quiz
from certification.quizzes.breadth import narrow_rules
from portal.models import EquipmentModel, Person
from portal.registry import duty
from portal.registry.demo import data, loaders
from portal.registry.statutory import contradictions

#: Steps that say how many records there are, not how many they added; tests/portal/test_demo.py runs them twice.
STANDING = {"organisations", "positions", "people", "equipment", "statutory", "units", "pages", "yearly plans"}


def answer(staff_number, equipment, task="repair"):
    """Ask the gate about today."""
    person = Person.objects.get(staff_number=staff_number)
    return duty.ask(person, EquipmentModel.objects.get(code=equipment), task)


def unmet(staff_number, equipment, task="repair"):
    """What the gate misses."""
    return [reason.code for reason in answer(staff_number, equipment, task).reasons if not reason.met]


@pytest.mark.django_db
def test_demo_people_stand_where_the_data_say_and_load_once():
    first = {loader.name: loader.load() for loader in loaders()}
    stages = [stage["stage"] for row in data("people")["people"] for stage in row["stages"]]
    held = sum(len(row.get("held_by", {})) for row in data("schemes")["schemes"])
    assert first["qualifications"] == {
        "stages": len([stage for stage in stages if stage not in ("not_started", "learning")]) + held
    }
    # One load for all the questions about it: it takes longer than any of them.
    quizzes = {quiz.code: quiz for quiz in Quiz.objects.all()}
    # The one that shows the kinds of questions is shorter.
    short = [code for code, quiz in quizzes.items() if sum(rule.count for rule in quiz.draw_rules.all()) < 8]
    assert short == ["QZ-RF-FORMS"]
    assert [code for code, quiz in quizzes.items() if narrow_rules(quiz)] == []
    assert {row.pk for row in QuestionVersion.objects.filter(chapter=None, article=None)} == set()
    assert unmet("T001", "RF-LK") == ["hours_missing", "quiz_not_passed", "practical_not_signed", "statutory_missing"]
    assert answer("T002", "RF-LK").allowed
    assert "statutory_missing" in unmet("T002", "DU-CC")
    assert answer("T004", "RF-4M").allowed
    assert unmet("T006", "GS-MH")[0] == "expired"
    assert unmet("T009", "RF-LK") == ["practical_not_signed", "statutory_missing"]
    # The rule asks for the card of who repairs; who only maintains needs none, on no page and in no answer.
    assert "statutory_missing" not in unmet("T009", "RF-LK", "maintain")
    assert contradictions() == []
    assert unmet("T010", "DU-CC") == ["suspended"]
    assert unmet("T020", "RF-LK")[0] == "revoked"
    assert unmet("T024", "RF-6M") == ["suspended"]
    taken = LedgerEntry.objects.filter(kind__in=("suspended", "revoked"))
    assert sorted(entry.reason for entry in taken) == sorted(
        stage["reason"] for row in data("people")["people"] for stage in row["stages"] if "reason" in stage
    )
    again = {loader.name: loader.load() for loader in loaders()}
    added = {name: sum(counts.values()) for name, counts in again.items() if name not in STANDING}
    assert added == dict.fromkeys(added, 0)


def test_whoever_loses_a_qualification_is_told_why():
    stages = [stage for row in data("people")["people"] for stage in row["stages"]]
    assert [stage["stage"] for stage in stages if "reason" in stage] == ["suspended", "revoked", "suspended"]
    assert all(stage.get("reason") for stage in stages if stage["stage"] in ("suspended", "revoked"))


def test_regulated_equipment_asks_for_a_card_and_the_certified_hold_it():
    schemes = {scheme["code"]: scheme for scheme in data("schemes")["schemes"]}
    rules = data("statutory")["rules"]
    cards = {
        code: {row["kind"] for row in rules if row.get("category") == scheme["category_code"]}
        for code, scheme in schemes.items()
        if "repair" in scheme["tasks"]
    }
    regulated = {row["category_code"] for row in data("equipment")["models"] if row["regulated"]}
    assert {schemes[code]["category_code"] for code, asked in cards.items() if asked} >= regulated
    for row in data("people")["people"]:
        held = {card["kind"] for card in row["statutory"] if card["valid_in_days"] > 0}
        for stage in row["stages"]:
            if stage["stage"] == "certified":
                assert cards.get(stage["scheme"], set()) <= held, (row["staff_no"], stage["scheme"])

"""The kinds of requirement: what the database holds of each, the fields of others, kinds nobody knows."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q

from certification.kinds import UnknownKind, requirement_kinds
from certification.models import Requirement
from certification.requirements.reasons import kind_of
from certification.schemes.progress import progress
from portal.registry.duty import Reason
from tests.factories.certification import (
    HoursRequirementFactory,
    QuizFactory,
    QuizRequirementFactory,
    SchemeFactory,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def test_kinds_are_offered_in_their_order():
    assert [kind.key for kind in requirement_kinds] == [
        "scheme",
        "hours",
        "manual",
        "quiz",
        "guided_months",
        "practical",
        "sign_offs",
        "differences",
        "statutory",
        "yearly_hours",
        "recent_practice",
        "away",
    ]
    assert Requirement._meta.get_field("kind").flatchoices == requirement_kinds.choices()


def test_the_model_holds_the_constraint_of_every_kind():
    held = {
        constraint.name: constraint.condition
        for constraint in Requirement._meta.constraints
        if constraint.name.endswith("_requirement_is_complete")
    }

    assert held == {
        f"{kind.key}_requirement_is_complete": ~Q(kind=kind.key) | kind.constraint
        for kind in requirement_kinds
        if kind.constraint is not None
    }


@pytest.mark.parametrize("kind", ["hours", "quiz", "practical", "statutory", "scheme", "manual", "sign_offs", "away"])
def test_a_requirement_that_names_nothing_is_refused_by_form_and_database(kind):
    empty = Requirement(scheme=SchemeFactory(), kind=kind)

    with pytest.raises(ValidationError) as refused:
        empty.clean()
    assert set(refused.value.message_dict) <= set(requirement_kinds.get(kind).fields)
    with pytest.raises(IntegrityError):
        empty.save()


def test_fields_of_another_kind_stay_empty():
    requirement = HoursRequirementFactory()
    requirement.quiz = QuizFactory()

    with pytest.raises(ValidationError) as refused:
        requirement.clean()
    assert set(refused.value.message_dict) == {"quiz"}


def test_codes_of_reasons_belong_to_one_kind():
    codes = [code for kind in requirement_kinds for code in kind.codes]

    assert sorted(codes) == [
        "away_recheck_missing",
        "away_short",
        "differences_missing",
        "differences_shown",
        "guided_months_enough",
        "guided_months_missing",
        "hours_met",
        "hours_missing",
        "manual_read",
        "manual_unread",
        "other_scheme_held",
        "other_scheme_not_held",
        "practical_not_signed",
        "practical_signed",
        "quiz_exempted",
        "quiz_not_passed",
        "quiz_passed",
        "recent_practice_enough",
        "recent_practice_missing",
        "sign_offs_enough",
        "sign_offs_missing",
        "statutory_expired",
        "statutory_missing",
        "statutory_valid",
        "yearly_hours_met",
        "yearly_hours_missing",
    ]
    assert kind_of(Reason("statutory_missing", "")).key == "statutory"
    assert kind_of(Reason("revoked", "")) is None


def test_unknown_kind_is_named_and_never_taken_for_a_card():
    requirement = QuizRequirementFactory()
    Requirement.objects.filter(pk=requirement.pk).update(kind="oath")

    with pytest.raises(UnknownKind) as refused:
        progress(PersonFactory(), requirement.scheme)
    assert refused.value.params["kind"] == "oath"

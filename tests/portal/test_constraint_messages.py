"""No constraint of ours speaks of itself by its technical name when a form meets it."""

import re

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.utils import translation

from portal.models import Person
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

OURS = ("certification", "courses", "kb", "portal")
CONSTRAINTS = [
    pytest.param(model, constraint, id=constraint.name)
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    for constraint in model._meta.constraints
]


def is_told_by_django(constraint):
    """Django names the fields of a plain unique constraint as the form calls them."""
    return isinstance(constraint, UniqueConstraint) and constraint.fields and constraint.condition is None


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS)
def test_every_constraint_says_a_plain_sentence(model, constraint):
    with translation.override("zh-hans"):
        if is_told_by_django(constraint):
            instance = model()
            said = " ".join(instance.unique_error_message(model, constraint.fields).messages)
        else:
            said = constraint.get_violation_error_message()
    assert constraint.name not in said
    assert re.search(r"[\u4e00-\u9fff]", said), said
    assert said.endswith("。")


def told(record):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as caught:
        record.full_clean()
    return " ".join(caught.value.messages)


@pytest.mark.django_db
def test_form_meets_the_sentence():
    assignment = AssignmentFactory()
    assignment.end = assignment.start.replace(year=assignment.start.year - 1)
    assert "截止日期不能早于起始日期。" in told(assignment)
    position = PositionFactory()
    position.reports_to = position
    assert "岗位不能以自身为上级，请另选岗位。" in told(position)
    person = PersonFactory(staff_number="T500")
    twin = Person(staff_number="t500", name="双", organisation=person.organisation, password="x")
    assert "已有人使用这个工号。" in told(twin)

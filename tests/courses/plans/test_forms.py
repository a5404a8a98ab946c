"""Forms of projects and schedules refuse what the pages could not show."""

import pytest

from courses.models import PlanPeriod
from courses.plans.forms import PeriodFormSet, ProjectForm
from portal.enums import Role
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def periods(*names):
    data = {"form-TOTAL_FORMS": str(len(names)), "form-INITIAL_FORMS": "0"}
    for at, name in enumerate(names):
        data |= {f"form-{at}-name": name, f"form-{at}-plan": "例检", f"form-{at}-after_days": "0"}
    return PeriodFormSet(data, queryset=PlanPeriod.objects.none())


def test_two_periods_of_one_name_are_refused_at_the_second():
    forms = periods("质保期", "质保期")
    assert not forms.is_valid()
    assert [list(errors) for errors in forms.errors] == [[], ["name"]]


def test_periods_of_two_names_are_taken():
    assert periods("质保期", "质保期后").is_valid()


def test_a_project_may_not_take_the_address_of_the_form():
    form = ProjectForm({"code": "new"}, person=PersonFactory(roles=[Role.ADMINISTRATOR]))
    assert "code" in form.errors

"""The demo's cases: one in every state a visitor should see, loaded once however often."""

import pytest
from django.core.management import call_command

from kb.cases.demo import load_cases
from kb.enums import CaseState
from kb.models import FieldCase

pytestmark = pytest.mark.django_db


def test_demo_cases_stand_in_different_states():
    call_command("load_demo", "--no-index", verbosity=0)
    states = FieldCase.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [CaseState.OPEN, CaseState.ASKED, CaseState.OPEN, CaseState.CLOSED]
    assert load_cases() == {"field cases": 0}

"""The demo's cases: one in every state a visitor should see, loaded once however often."""

import pytest
from django.core.management import call_command

from kb.cases.demo import load_cases
from kb.enums import CaseState
from kb.faults.demo import load_compiled
from kb.models import FieldCase, ManualChapter

pytestmark = pytest.mark.django_db


def test_demo_cases_stand_in_different_states():
    call_command("load_demo", "--no-index", verbosity=0)
    states = FieldCase.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [CaseState.OPEN, CaseState.ASKED, CaseState.OPEN, CaseState.CLOSED]
    assert load_cases() == {"field cases": 0}
    solved = FieldCase.objects.get(state=CaseState.CLOSED)
    assert solved.article.live
    assert solved.cause in [pair.cause for pair in solved.article.pairs.all()]
    [compiled] = ManualChapter.objects.exclude(compiled_from=[])
    assert (compiled.edition.is_published, len(compiled.compiled_from)) == (False, 3)
    assert load_compiled() == {"compiled chapters": 0}

"""Writing a guide: drafts may be incomplete, the preview says what is open, publishing refuses it; the runs."""

import pytest
from django.urls import reverse

from kb.diagnosis.report_views import RUNS_VIEW
from kb.models import DiagnosisGuide
from portal.access.roles import synchronise_roles
from portal.enums import Role
from tests.factories.kb import SHORT_TREE, DiagnosisGuideFactory
from tests.factories.portal import EquipmentCategoryFactory, PersonFactory
from tests.kb.test_admin import rows

pytestmark = pytest.mark.django_db

GUIDES = "wagtailsnippets_kb_diagnosisguide"


@pytest.fixture
def editor(hq):
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.EDITOR])


def guide_form(steps, **changes):
    """What the browser sends for a guide."""
    fields = {
        "number": "DG-COLD",
        "title": "冷库温度降不下来",
        "symptom": "库温高",
        "category": str(EquipmentCategoryFactory().pk),
        "audience": "staff",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    entries = [{"kind": "question", "where": "site", **step} for step in steps]
    return fields | rows("steps", entries) | changes


def test_complete_guide_is_published_from_the_form(client_of, editor):
    client = client_of(editor)
    client.post(reverse(f"{GUIDES}:add"), guide_form(SHORT_TREE, **{"action-publish": "1"}))
    guide = DiagnosisGuide.objects.get()
    assert (guide.live, [step.key for step in guide.steps.all()]) == (True, ["1", "2", "8", "9"])
    assert client.get(guide.get_absolute_url()).status_code == 200


def test_incomplete_guide_is_kept_as_a_draft(client_of, editor):
    client_of(editor).post(reverse(f"{GUIDES}:add"), guide_form(SHORT_TREE[:1]))
    guide = DiagnosisGuide.objects.get()
    assert (guide.live, guide.latest_revision.as_object().steps.count()) == (False, 1)


def test_publishing_an_incomplete_guide_names_what_is_open(client_of, editor):
    form = guide_form(SHORT_TREE[:1], **{"action-publish": "1"})
    response = client_of(editor).post(reverse(f"{GUIDES}:add"), form)
    assert "步骤 1 的“是”通向步骤 2，但没有这一步。" in response.content.decode()
    assert not DiagnosisGuide.objects.filter(live=True).exists()


def test_order_of_the_rows_decides_where_one_starts(client_of, editor):
    form = guide_form(SHORT_TREE, **{"action-publish": "1", "steps-0-ORDER": "9"})
    response = client_of(editor).post(reverse(f"{GUIDES}:add"), form)
    assert "没有回答通向步骤 1。" in response.content.decode()


def test_preview_draws_the_tree_and_says_what_is_open(rf, editor, settings):
    guide = DiagnosisGuideFactory(published=False, steps=SHORT_TREE[:2])
    request = rf.get("/")
    request.user = editor
    html = guide.make_preview_request(original_request=request).render().content.decode()
    assert html.count('class="tree__box ') == 2
    assert "发布前还需要" in html
    assert "步骤 2 的“是”通向步骤 8，但没有这一步。" in html


def test_report_of_runs_opens_to_editors_only(client_of, editor, readers):
    address = reverse(RUNS_VIEW, args=[DiagnosisGuideFactory().pk])
    html = client_of(editor).get(address).content.decode()
    assert html.count('class="tree__box ') == 4
    for who in ("engineer", "customer", "anonymous"):
        assert client_of(readers[who]).get(address).status_code == 302
    assert client_of(PersonFactory(roles=[Role.MANAGER])).get(address).status_code in (302, 403)


def test_list_links_to_the_runs(client_of, editor):
    guide = DiagnosisGuideFactory()
    html = client_of(editor).get(reverse(f"{GUIDES}:list")).content.decode()
    assert reverse(RUNS_VIEW, args=[guide.pk]) in html

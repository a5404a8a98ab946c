"""The end of the workflow publishes what was approved, whoever approved it."""

import pytest
from wagtail.models import WorkflowState

from kb.control.workflow import ensure_workflow
from kb.models import FaultArticle
from portal.enums import Role
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def test_approval_by_somebody_who_may_not_publish_publishes(hq, editor):
    ensure_workflow()
    article = FaultArticleFactory(published=False)
    article.save_revision(user=editor)
    stored = FaultArticle.objects.get(pk=article.pk)
    state = stored.get_workflow().start(stored, editor)
    assessor = PersonFactory(organisation=hq, roles=[Role.ASSESSOR])
    assert not assessor.has_perm("kb.publish_faultarticle")
    task = state.current_task_state
    task.task.specific.on_action(task, assessor, "approve")
    assert FaultArticle.objects.get(pk=article.pk).live
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED

"""The workflow of articles, guides and bulletins: one step, a review by a specialist."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from kb.models import Bulletin, DiagnosisGuide, FaultArticle
from kb.models.reviews import SpecialistReview

#: What is reviewed before it is published.
REVIEWED = (FaultArticle, DiagnosisGuide, Bulletin)


def ensure_workflow(**kwargs: Any) -> None:
    """Make the workflow where there is none yet (after migrations); what an administrator changed is left alone."""
    if SpecialistReview.objects.exists():
        return
    with translation.override("zh-hans"):
        task = SpecialistReview.objects.create(name=_("Review by a specialist"))
        workflow = Workflow.objects.create(name=_("Review before publication"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for model in REVIEWED:
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})

"""Publish and withdraw modules, with audit."""

from typing import Any

from django.db import transaction

from courses.models import TrainingModule
from courses.modules.errors import ModuleNotPublishable
from portal.access import publications
from portal.models import Person


@transaction.atomic
def publish_module(module: TrainingModule, *, by: Person | None = None) -> TrainingModule:
    """Publish ``module`` as it is in memory, with its topics and trainers, keeping a revision of it.

    Raises:
        ModuleNotPublishable: it has no covering content yet.
    """
    if not module.topics.count():
        raise ModuleNotPublishable(module=module.title)
    module.full_clean()
    revision = module.save_revision(user=by, clean=False)
    # Wagtail's `published` signal reports back, and the act is recorded there: however a module was published.
    revision.publish(user=by, skip_permission_checks=True)
    module.refresh_from_db()
    return module


def record_publication(sender: Any, instance: TrainingModule, revision: Any, **kwargs: Any) -> None:
    """Write a publication into the audit log (receiver of Wagtail's ``published``)."""
    publications.record_publication("courses.module_published", instance, revision, code=instance.code)


def record_withdrawal(sender: Any, instance: TrainingModule, **kwargs: Any) -> None:
    """Write a withdrawal into the audit log (receiver of Wagtail's ``unpublished``)."""
    publications.record_withdrawal("courses.module_withdrawn", instance, code=instance.code)

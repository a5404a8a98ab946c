"""Publish, withdraw and copy modules, with audit."""

from typing import Any

from django.db import transaction

from courses.models import TrainingModule
from courses.modules.errors import ModuleCodeTaken, ModuleNotPublishable, NotYourModules
from portal.access import audit, publications
from portal.access.changes import added
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


@transaction.atomic
def copy_module(module: TrainingModule, *, code: str, title: str, by: Person) -> TrainingModule:
    """Make a draft with everything ``module`` says, topics and what they cite included; return it.

    Args:
        module: published, a draft or a template; the copy is none.

    Raises:
        NotYourModules: ``by`` may not write modules.
        ModuleCodeTaken: another module has the code.
    """
    if not by.has_perm("courses.add_trainingmodule"):
        raise NotYourModules
    if TrainingModule.objects.filter(code__iexact=code.strip()).exists():
        raise ModuleCodeTaken(code=code.strip())
    content = module.serializable_data() | {"pk": None, "code": code.strip(), "title": title.strip()}
    for row in content["topics"]:
        row["pk"] = row["module"] = None
    copied = TrainingModule.from_serializable_data(content)
    copied._state.adding = True
    copied.live, copied.is_template, copied.latest_revision, copied.live_revision = False, False, None, None
    copied.first_published_at = copied.last_published_at = copied.locked_at = copied.locked_by = None
    copied.locked = copied.has_unpublished_changes = copied.expired = False
    copied.go_live_at = copied.expire_at = None
    copied.full_clean()
    copied.save()
    copied.save_revision(user=by, clean=False)
    audit.record("courses.module_copied", copied, actor=by, source=module.code, changes=added(copied))
    return copied


def record_publication(sender: Any, instance: TrainingModule, revision: Any, **kwargs: Any) -> None:
    """Write a publication into the audit log (receiver of Wagtail's ``published``)."""
    publications.record_publication("courses.module_published", instance, revision, code=instance.code)


def record_withdrawal(sender: Any, instance: TrainingModule, **kwargs: Any) -> None:
    """Write a withdrawal into the audit log (receiver of Wagtail's ``unpublished``)."""
    publications.record_withdrawal("courses.module_withdrawn", instance, code=instance.code)

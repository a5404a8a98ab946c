"""What the end of a workflow does. Wagtail's models read it while they load, so it imports none of them."""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what a workflow approved (`WAGTAIL_FINISH_WORKFLOW_ACTION`).

    The approval publishes, not the approver: who may judge a draft need not hold the right to publish drafts at will.
    """
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=True)

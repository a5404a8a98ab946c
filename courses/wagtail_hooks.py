"""Wagtail hooks of training; they only register, the logic is in viewsets."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from courses.models import TrainingModule
from courses.modules.admin import TrainingModuleViewSet
from courses.plans.admin import PlanSlipViewSet

register_snippet(TrainingModuleViewSet)
register_snippet(PlanSlipViewSet)


@hooks.register("register_snippet_listing_buttons")
def listing_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Read what is published."""
    if isinstance(snippet, TrainingModule) and snippet.live:
        yield Button(_("Read"), snippet.get_absolute_url(), icon_name="view", priority=5)

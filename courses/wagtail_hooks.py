"""Wagtail hooks of training; they only register, the logic is in viewsets."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from courses.days.admin import SpecialDayViewSet
from courses.models import Course, TrainingModule
from courses.modules.admin import CourseViewSet, TrainingModuleViewSet
from courses.plans.admin import PlanSlipViewSet

register_snippet(TrainingModuleViewSet)
register_snippet(CourseViewSet)
register_snippet(PlanSlipViewSet)
register_snippet(SpecialDayViewSet)


@hooks.register("register_snippet_listing_buttons")
def listing_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Read what is published; copy a module or a template."""
    if isinstance(snippet, TrainingModule) and user.has_perm("courses.add_trainingmodule"):
        yield Button(_("Copy"), reverse("courses:module_copy", args=[snippet.code]), icon_name="copy", priority=15)
    if (isinstance(snippet, TrainingModule) and snippet.live) or (isinstance(snippet, Course) and snippet.is_active):
        yield Button(_("Read"), snippet.get_absolute_url(), icon_name="view", priority=5)

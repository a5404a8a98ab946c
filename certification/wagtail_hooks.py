"""Wagtail hooks of certification; they only register, the logic is in viewsets and views."""

from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from wagtail import hooks

from certification.admin import CertificationGroup
from certification.versions import views as versions


@hooks.register("register_admin_viewset")
def viewsets() -> Any:
    """The menu of certification."""
    return CertificationGroup()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Drafts of schemes, quizzes and checklists: the list, one beside what is in effect, and the decisions."""
    return [
        path("certification/drafts/", versions.drafts, name="certification_drafts"),
        path("certification/drafts/<int:pk>/", versions.draft, name="certification_draft"),
        path("certification/drafts/<int:pk>/approve/", versions.approve_draft, name="certification_draft_approve"),
        path("certification/drafts/<int:pk>/reject/", versions.reject_draft, name="certification_draft_reject"),
    ]


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """The comparison of a draft with what is in effect."""
    return format_html('<link rel="stylesheet" href="{}">', static("certification/admin.css"))

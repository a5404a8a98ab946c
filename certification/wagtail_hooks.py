"""Wagtail hooks of certification; they only register, the logic is in viewsets and views."""

from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, path, re_path
from django.utils.html import format_html
from wagtail import hooks

from certification.admin import CertificationGroup
from certification.practicals import review_views as items
from certification.practicals.analysis_views import practical_analysis
from certification.questions import views as questions
from certification.questions.importing import views as importing
from certification.quizzes import analysis_views as analysis
from certification.quizzes import regrading_views as regrading
from certification.versions import views as versions


@hooks.register("register_admin_viewset")
def viewsets() -> Any:
    """The menu of certification."""
    return CertificationGroup()


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Review and regrading of questions; drafts of schemes, quizzes and checklists, and their decisions."""
    return [
        path("certification/questions/review/", questions.review, name="certification_questions_review"),
        path("certification/questions/import/", importing.import_page, name="certification_questions_import"),
        path("certification/questions/banks/<int:pk>/", importing.losses, name="certification_questions_losses"),
        re_path(
            r"^certification/questions/banks/(?P<pk>\d+)/(?P<form>gift|xlsx|qti)/$",
            importing.export,
            name="certification_questions_export",
        ),
        path("certification/questions/<int:pk>/confirm/", questions.confirm, name="certification_question_confirm"),
        path("certification/questions/<int:pk>/regrade/", regrading.regrade_question, name="certification_regrade"),
        path("certification/questions/analysis/", analysis.analysis, name="certification_analysis"),
        path("certification/questions/analysis/<slug:code>/<int:pk>/", analysis.item, name="certification_item"),
        path("certification/practicals/review/", items.review, name="certification_practical_review"),
        path("certification/practicals/items/<int:pk>/confirm/", items.confirm, name="certification_item_confirm"),
        path("certification/practicals/analysis/", practical_analysis, name="certification_practical_analysis"),
        path("certification/drafts/", versions.drafts, name="certification_drafts"),
        path("certification/drafts/<int:pk>/", versions.draft, name="certification_draft"),
        path("certification/drafts/<int:pk>/approve/", versions.approve_draft, name="certification_draft_approve"),
        path("certification/drafts/<int:pk>/reject/", versions.reject_draft, name="certification_draft_reject"),
    ]


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """The comparison of a draft with what is in effect."""
    return format_html('<link rel="stylesheet" href="{}">', static("certification/admin.css"))

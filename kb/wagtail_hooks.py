"""Wagtail hooks of the knowledge base; they only register, the logic is in viewsets and views."""

from collections.abc import Iterator
from typing import Any

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from kb.admin import KnowledgeBaseGroup
from kb.cases.admin import CaseTermViewSet
from kb.control.views import REVIEWS_VIEW, reviews, reviews_item
from kb.diagnosis.report_views import RUNS_VIEW, runs
from kb.faults.chapter_views import CHAPTER_VIEW, chapter_articles
from kb.feedback.gap_report import gap_item, gap_urls
from kb.feedback.reports import answers_item, answers_urls
from kb.manuals.editions import PublishEditionItem, new_edition_url, start_edition
from kb.manuals.imports.lists import imports_item, imports_urls
from kb.manuals.imports.views import PREVIEW_VIEW, UPLOAD_VIEW, preview, upload
from kb.manuals.outline_views import OUTLINE_VIEW, outline, outline_url
from kb.manuals.publishing import CITATIONS_VIEW, PERMISSION, PUBLISH_VIEW, citations, citations_url, publish
from kb.manuals.review_views import REVIEW_VIEW, review_edition
from kb.manuals.touched_views import touched
from kb.manuals.verdict_forms import TOUCHED_VIEW
from kb.models import Bulletin, DiagnosisGuide, FaultArticle, Manual, ManualEdition
from kb.models.reviews import REVIEW
from kb.topics.admin import TopicViewSet
from kb.translations.reports import translations_item, translations_urls
from kb.translations.views import MANUAL_VIEW, TRANSLATE_VIEW, manual_url, manual_versions, translate, translate_url

register_snippet(KnowledgeBaseGroup)
hooks.register("register_admin_urls", answers_urls)
hooks.register("register_reports_menu_item", answers_item)
hooks.register("register_admin_urls", gap_urls)
hooks.register("register_reports_menu_item", gap_item)
hooks.register("register_reports_menu_item", reviews_item)
hooks.register("register_admin_urls", imports_urls)
hooks.register("register_reports_menu_item", imports_item)
hooks.register("register_admin_urls", translations_urls)
hooks.register("register_reports_menu_item", translations_item)


@hooks.register("register_admin_viewset")
def case_terms() -> CaseTermViewSet:
    """Hours within which cases are acted on."""
    return CaseTermViewSet("case_terms")


@hooks.register("register_admin_viewset")
def topics() -> TopicViewSet:
    """What training is about."""
    return TopicViewSet("topics")


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """The pages that start an edition, publish it, and decide on citations of earlier ones."""
    return [
        path("kb/manuals/<int:pk>/new-edition/", start_edition, name="kb_new_edition"),
        path("kb/editions/<int:pk>/publish/", publish, name=PUBLISH_VIEW),
        path("kb/editions/<int:pk>/citations/", citations, name=CITATIONS_VIEW),
        path("kb/reviews/", reviews, name=REVIEWS_VIEW),
        path("kb/editions/<int:pk>/review/", review_edition, name=REVIEW_VIEW),
        path("kb/editions/<int:pk>/outline/", outline, name=OUTLINE_VIEW),
        path("kb/touched/<slug:kind>/<int:pk>/", touched, name=TOUCHED_VIEW),
        path("kb/chapters/<int:pk>/articles/", chapter_articles, name=CHAPTER_VIEW),
        path("kb/manuals/<int:pk>/import/", upload, name=UPLOAD_VIEW),
        path("kb/imports/<int:pk>/", preview, name=PREVIEW_VIEW),
        path("kb/translations/manual/<int:pk>/<slug:language>/chapters/", manual_versions, name=MANUAL_VIEW),
        path("kb/translations/<slug:kind>/<int:pk>/<slug:language>/", translate, name=TRANSLATE_VIEW),
        path("kb/guides/<int:pk>/runs/", runs, name=RUNS_VIEW),
    ]


@hooks.register("register_snippet_action_menu_item")
def publish_edition_item(model: type) -> PublishEditionItem | None:
    """The button that publishes an edition."""
    return PublishEditionItem() if model is ManualEdition else None


@hooks.register("register_snippet_listing_buttons")
def listing_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Read what is published; start the next edition of a manual; see how the runs of a guide went."""
    if isinstance(snippet, Manual) and user.has_perm("kb.add_manualedition"):
        yield Button(_("New edition"), new_edition_url(snippet), icon_name="plus", priority=15)
        yield Button(_("Import a document"), reverse(UPLOAD_VIEW, args=[snippet.pk]), icon_name="upload", priority=16)
    if isinstance(snippet, ManualEdition) and user.has_perm("kb.change_manualedition"):
        yield Button(_("Outline"), outline_url(snippet), icon_name="list-ul", priority=8)
    is_translated = isinstance(snippet, FaultArticle | DiagnosisGuide | Bulletin) and snippet.live
    if is_translated and user.has_perm(f"kb.change_{snippet._meta.model_name}"):
        yield Button(_("Version in another language"), translate_url(snippet), icon_name="globe", priority=13)
    if isinstance(snippet, Manual) and user.has_perm("kb.change_manualedition"):
        yield Button(_("Version in another language"), manual_url(snippet), icon_name="globe", priority=17)
    published = isinstance(snippet, ManualEdition) and snippet.is_published
    if isinstance(snippet, ManualEdition) and not published and user.has_perm(REVIEW):
        yield Button(_("Review"), reverse(REVIEW_VIEW, args=[snippet.pk]), icon_name="view", priority=9)
    if isinstance(snippet, DiagnosisGuide) and user.has_perm("kb.view_diagnosisrun"):
        yield Button(_("Runs"), reverse(RUNS_VIEW, args=[snippet.pk]), icon_name="history", priority=12)
    if published or (isinstance(snippet, FaultArticle | DiagnosisGuide | Bulletin) and snippet.live):
        yield Button(_("Read"), snippet.get_absolute_url(), icon_name="view", priority=5)
    if published and user.has_perm(PERMISSION):
        yield Button(_("Citations of earlier editions"), citations_url(snippet), icon_name="link", priority=10)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """Columns for the boxes of machines."""
    return format_html('<link rel="stylesheet" href="{}">', static("kb/admin.css"))

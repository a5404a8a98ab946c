"""List of translations in the Wagtail admin under reports: which are behind their source, and by how much."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from kb.models import ContentTranslation, FaultArticle
from kb.reports import ReportItem, report_urls
from kb.translations.languages import name_of
from kb.translations.passages import passages_of
from kb.translations.staleness import changes_of
from kb.translations.views import translate_url
from portal.audiences import audiences_of

LIST_VIEW = "kb_translations"
PERMISSION = "kb.change_faultarticle"
COLUMNS = {
    "source": _("source"),
    "language": _("language"),
    "live": _("published"),
    "behind": _("passages changed since"),
    "last_published_at": _("published on"),
}


def _url(version: ContentTranslation) -> str:
    return translate_url(version.source, version.language)


def _language(version: ContentTranslation) -> str:
    return name_of(version.language)


def _behind(version: ContentTranslation) -> int:
    return len(changes_of(version, passages_of(version.source)))


def _live(version: ContentTranslation) -> str:
    return str(_("yes")) if version.live else str(_("no"))


class TranslationsView(ReportView):
    """Versions in other languages of what the editor may open, the one published longest ago first."""

    model = ContentTranslation
    permission_policy = ModelPermissionPolicy(FaultArticle)
    permission_required = "change"
    page_title = _("Versions in other languages")
    header_icon = "globe"
    index_url_name = LIST_VIEW
    index_results_url_name = f"{LIST_VIEW}_results"
    default_ordering = "last_published_at"
    paginate_by = 30
    columns = [
        TitleColumn("source", label=COLUMNS["source"], get_url=_url),
        Column("language", label=COLUMNS["language"], accessor=_language),
        Column("live", label=COLUMNS["live"], accessor=_live),
        Column("behind", label=COLUMNS["behind"], accessor=_behind),
        DateColumn("last_published_at", label=COLUMNS["last_published_at"], sort_key="last_published_at"),
    ]

    def get_queryset(self) -> QuerySet[ContentTranslation]:
        """Return the versions whose source the editor may open, with what its passages are read from."""
        seen = audiences_of(self.request.user)
        open_to = Q(article__audience__in=seen) | Q(manual__audience__in=seen)
        open_to |= Q(chapter__edition__manual__audience__in=seen)
        open_to |= Q(guide__audience__in=seen) | Q(bulletin__audience__in=seen)
        versions = ContentTranslation.objects.filter(open_to).select_related(
            "article", "chapter__edition__manual", "manual", "guide", "bulletin"
        )
        return versions.prefetch_related("article__pairs", "article__safety_notes", "guide__steps").order_by(
            "last_published_at", "pk"
        )


def translations_urls() -> list[Any]:
    """Return the addresses of the list and of its rows alone."""
    return report_urls(TranslationsView, "kb/translations/")


def translations_item() -> ReportItem:
    """Return the entry Reports → versions in other languages."""
    return ReportItem(TranslationsView, PERMISSION, order=522)

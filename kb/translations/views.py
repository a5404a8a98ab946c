"""Pages of the editing area on which a record is translated, reviewed and published, and how far a manual is."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from kb.control.domain import content_of, may_try, review, writers_of
from kb.enums import ReviewDecision
from kb.models import ContentReview, ContentTranslation, Manual, ManualChapter, ManualEdition
from kb.models.reviews import REVIEW, digest_of, is_approved
from kb.translations import domain
from kb.translations.errors import FieldsRefused, SourceNotPublished
from kb.translations.forms import TranslationForm, WordForm
from kb.translations.languages import PARAMETER, name_of, tag_of, target_languages
from kb.translations.passages import KINDS, kind_of, passages_of
from kb.translations.staleness import changes_of, untranslated
from portal.audiences import can_open
from portal.errors import DomainError

TRANSLATE_VIEW = "kb_translate"
MANUAL_VIEW = "kb_translate_manual"


@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, kind: str, pk: int, language: str) -> HttpResponse:
    """Show the source and its translation side by side; save, publish or withdraw it, or record a reviewer's word."""
    source = _source(request, kind, pk, language)
    draft = domain.draft_of(domain.translation_for(source, language))
    act = request.POST.get("act", "")
    form = TranslationForm(draft, passages_of(source), request.POST if act == "save" else None)
    status = 200
    if request.method == "POST":
        try:
            messages.success(request, _carry_out(request, source, draft, form, act))
            return redirect(request.path)
        except DomainError as refused:
            messages.error(request, str(refused))
            status = refused.status
    shown = _context(request, source, draft, form)
    return render(request, "kb/translations/admin/translate.html", shown, status=status)


def translate_url(source: Any, language: str = "") -> str:
    """Return where a record is translated, into the first language there is by default."""
    return reverse(TRANSLATE_VIEW, args=[kind_of(source), source.pk, language or target_languages()[0][0]])


def manual_url(manual: Manual, language: str = "") -> str:
    """Return where one sees how far a manual is translated."""
    return reverse(MANUAL_VIEW, args=[manual.pk, language or target_languages()[0][0]])


def _source(request: HttpRequest, kind: str, pk: int, language: str) -> Any:
    if kind not in KINDS or language not in dict(target_languages()):
        raise Http404
    if not (_may(request, kind, "change") or request.user.has_perm(REVIEW)):
        raise PermissionDenied
    source = get_object_or_404(KINDS[kind].model, pk=pk)
    if not can_open(request.user, _audience(source)):
        raise Http404
    if not domain.is_readable(source):
        raise SourceNotPublished
    return source


def _may(request: HttpRequest, kind: str, act: str) -> bool:
    return bool(request.user.has_perm(f"kb.{act}_{KINDS[kind].permission}"))


def _audience(source: Any) -> str:
    return source.edition.manual.audience if isinstance(source, ManualChapter) else source.audience


def _carry_out(request: HttpRequest, source: Any, draft: ContentTranslation, form: TranslationForm, act: str) -> str:
    """Carry out the button that was pressed; return what is said about it."""
    if act in ("approve", "changes"):
        return _word(request, draft, act)
    if act not in ("save", "publish", "withdraw"):
        raise Http404
    if not _may(request, kind_of(source), "change" if act == "save" else "publish"):
        raise PermissionDenied
    if act == "save":
        if not form.is_valid():
            raise FieldsRefused
        seen = request.POST.get("seen", "")
        domain.save_translation(
            source, draft.language, form.words, by=request.user, seen=seen, confirmed=form.confirmed
        )
        return _("The draft is saved; readers do not see it yet.")
    if not draft.pk:
        raise Http404
    if act == "publish":
        domain.publish_translation(draft, by=request.user)
        return _("The version is published.")
    domain.withdraw_translation(draft, by=request.user)
    return _("The version is withdrawn; readers have the source again. The draft is kept.")


def _word(request: HttpRequest, draft: ContentTranslation, act: str) -> str:
    form = WordForm(request.POST)
    if not draft.pk or not form.is_valid():
        raise Http404
    # The words are those of the revision the page was shown with.
    decision = ReviewDecision.APPROVED if act == "approve" else ReviewDecision.CHANGES
    review(draft, request.user, decision, comment=form.cleaned_data["comment"], seen=request.POST.get("digest", ""))
    return _("Your review is recorded.")


def _context(request: HttpRequest, source: Any, draft: ContentTranslation, form: TranslationForm) -> dict[str, Any]:
    kind = kind_of(source)
    reviews = ContentReview.objects.filter(record_label=draft._meta.label_lower, record_id=draft.pk or 0)
    is_draft = bool(draft.pk) and (draft.has_unpublished_changes or not draft.live)
    return {
        "source": source,
        "draft": draft,
        "is_draft": is_draft,
        "form": form,
        "word_form": WordForm(),
        "seen": domain.state_of(draft, source),
        "digest": digest_of(content_of(draft)),
        "language_name": name_of(draft.language),
        "source_name": name_of(settings.LANGUAGE_CODE),
        "tag": tag_of(draft.language),
        "source_tag": tag_of(settings.LANGUAGE_CODE),
        "missing": untranslated(draft, form.passages),
        "manual_url": manual_url(_manual(source), draft.language) if kind in ("chapter", "manual") else "",
        "total": len(form.passages),
        "languages": [(name, translate_url(source, code), code == draft.language) for code, name in target_languages()],
        "may_change": _may(request, kind, "change"),
        "may_publish": _may(request, kind, "publish"),
        "may_review": bool(draft.pk) and is_draft and may_try(draft, request.user),
        "is_approved": bool(draft.pk) and is_approved(draft, content_of(draft), writers_of(draft)),
        "reviews": reviews.select_related("reviewer")[:20],
        "read_url": _read_url(source, draft) if draft.live else "",
    }


def _manual(source: Any) -> Manual:
    return source.edition.manual if isinstance(source, ManualChapter) else source


def _read_url(source: Any, draft: ContentTranslation) -> str:
    address, _hash, anchor = source.get_absolute_url().partition("#")
    return f"{address}?{PARAMETER}={draft.language}{f'#{anchor}' if anchor else ''}"


@require_safe
def manual_versions(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """List a manual and the chapters of its current edition with how far each is translated."""
    manual = _source(request, "manual", pk, language)
    edition = manual.editions.published().first()
    shown = {"manual": manual, "edition": edition, "language_name": name_of(language)}
    return render(request, "kb/translations/admin/manual.html", shown | {"rows": _rows(manual, edition, language)})


def _rows(manual: Manual, edition: ManualEdition, language: str) -> list[dict[str, Any]]:
    stored = ContentTranslation.objects.filter(language=language)
    title = stored.filter(manual=manual).first()
    by_chapter = {version.chapter_id: version for version in stored.filter(chapter__edition=edition)}
    chapters = edition.chapters.order_by("sort_order", "pk")
    rows = [_row(manual, title, language)]
    return rows + [_row(chapter, by_chapter.get(chapter.pk), language) for chapter in chapters]


def _row(source: Any, version: ContentTranslation | None, language: str) -> dict[str, Any]:
    passages = passages_of(source)
    row = {"source": source, "url": translate_url(source, language), "version": version, "total": len(passages)}
    if version is not None:
        row |= {"changed": len(changes_of(version, passages)), "missing": untranslated(version, passages)}
    return row

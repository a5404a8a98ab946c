"""Fault chapters of manuals, compiled from articles: each at a pinned revision, until an editor takes the newer one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Revision

from kb.enums import Severity
from kb.errors import ArticleNotForReaders, EditionIsPublished
from kb.faults.queries import published_faults
from kb.models import CausePair, FaultArticle, ManualChapter, ManualEdition
from portal.access import audit
from portal.enums import Audience

#: From the widest to the narrowest: whoever may open one may open those before it.
WIDTH = (Audience.PUBLIC, Audience.CUSTOMERS, Audience.STAFF, Audience.RESTRICTED)


@dataclass(frozen=True)
class Pinned:
    """An article of a chapter.

    Args:
        article: as it is now; None when it was deleted.
        revision: the revision the chapter says.
        is_newer: whether readers of the article have a newer one.
        is_withdrawn: whether it is published no more.
    """

    article: FaultArticle | None
    revision: int
    is_newer: bool = False
    is_withdrawn: bool = False


def pinned_in(chapters: Iterable[ManualChapter]) -> dict[int, list[Pinned]]:
    """Return the articles of chapters by the chapter's key, as the chapters hold them: one query."""
    chapters = list(chapters)
    keys = {entry["article"] for chapter in chapters for entry in chapter.compiled_from}
    articles = FaultArticle.objects.only("number", "title", "live", "live_revision").in_bulk(keys) if keys else {}
    return {chapter.pk: [_pinned(entry, articles) for entry in chapter.compiled_from] for chapter in chapters}


def _pinned(entry: dict[str, int], articles: dict[int, FaultArticle]) -> Pinned:
    article = articles.get(entry["article"])
    if article is None or not article.live:
        return Pinned(article, entry["revision"], is_withdrawn=True)
    return Pinned(article, entry["revision"], is_newer=article.live_revision_id != entry["revision"])


def articles_for(chapter: ManualChapter) -> QuerySet[FaultArticle]:
    """Return the published articles a chapter may be made of: of its equipment, open to all readers of the manual."""
    manual = chapter.edition.manual
    open_to_all = WIDTH[: WIDTH.index(Audience(manual.audience)) + 1]
    below = published_faults().filter(audience__in=open_to_all, category__path__startswith=manual.category.path)
    return below.order_by("number")


@transaction.atomic
def compile_chapter(
    chapter: ManualChapter, articles: Sequence[FaultArticle], *, newer: Collection[int] = (), by: Any = None
) -> ManualChapter:
    """Write the text of a draft chapter anew from articles; one that is in it stays at its revision.

    Args:
        newer: keys of articles whose newer revision is taken.

    Raises:
        EditionIsPublished: the edition is frozen.
        ArticleNotForReaders: an article is not open to everybody who reads the manual.
    """
    edition = ManualEdition.objects.select_for_update().get(pk=chapter.edition_id)
    if edition.is_published:
        raise EditionIsPublished(edition=edition.edition)
    chapter = ManualChapter.objects.select_related("edition__manual__category").get(pk=chapter.pk)
    held = {entry["article"]: entry["revision"] for entry in chapter.compiled_from}
    fresh = FaultArticle.objects.in_bulk([each.pk for each in articles])
    articles = [fresh[each.pk] for each in articles if each.pk in fresh]
    able = set(articles_for(chapter).filter(pk__in=[each.pk for each in articles]).values_list("pk", flat=True))
    # What is in it already was open to them when it was taken.
    if refused := [each.number for each in articles if each.pk not in able and each.pk not in held]:
        raise ArticleNotForReaders(articles="、".join(refused))
    pins = {each.pk: held.get(each.pk, each.live_revision_id) for each in articles}
    pins |= {each.pk: each.live_revision_id for each in articles if each.pk in newer and each.pk in able}
    revisions = Revision.objects.in_bulk(pins.values())
    with translation.override(settings.LANGUAGE_CODE):
        bodies = [_body(revisions[pins[each.pk]].as_object()) for each in articles if pins[each.pk] in revisions]
    before = [entry["article"] for entry in chapter.compiled_from]
    chapter.body = [block for body in bodies for block in body]
    chapter.compiled_from = [{"article": each.pk, "revision": pins[each.pk]} for each in articles]
    chapter.save()
    audit.record(
        "kb.chapter_compiled",
        edition,
        actor=by,
        chapter=str(chapter),
        articles=[each.number for each in articles],
        changes=[{"field": "compiled_from", "old": before, "new": list(pins)}],
    )
    return chapter


def _body(article: FaultArticle) -> list[tuple[str, Any]]:
    """Return an article as blocks of a chapter: what it is, what may hurt, a row a cause."""
    codes = "、".join(row.code for row in article.codes.all())
    title = f"{codes} {article.title}" if codes else article.title
    where = _("Article %(number)s") % {"number": article.number}
    text = format_html("<h3>{}</h3><p>{}</p><p>{}</p>", title, article.symptom, where)
    blocks: list[tuple[str, Any]] = [("text", str(text))]
    level = "danger" if article.severity == Severity.DANGER else "warning"
    if notes := [(note.text,) for note in article.safety_notes.all()]:
        blocks.append(("safety", {"level": level, "text": str(_listed(notes))}))
    rows = [[pair.cause, pair.check_text, _remedy(pair)] for pair in article.pairs.all()]
    if rows:
        words = article.words
        head = [str(words.cause), str(words.check), str(words.remedy)]
        table = {"data": [head, *rows], "first_row_is_table_header": True, "first_col_is_header": False}
        blocks.append(("table", table))
    return blocks


def _remedy(pair: CausePair) -> str:
    """Return the remedy; of a medicine with dose and withdrawal period, which nobody may do without."""
    return "\n".join(text for text in (pair.remedy, pair.dose, pair.withdrawal) if text)


def _listed(rows: Iterable[tuple[str]]) -> SafeString:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows))

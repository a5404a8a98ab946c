"""A fault chapter is compiled from articles, each at a pinned revision; the next edition offers the newer ones."""

import pytest

from kb.enums import CitationChoice, ManualKind, Severity
from kb.errors import ArticleNotForReaders, EditionIsPublished
from kb.faults.chapters import compile_chapter, pinned_in
from kb.faults.domain import publish_fault
from kb.manuals.domain import new_edition, publish_edition
from kb.models import FaultArticle, ManualChapter, ManualEdition
from kb.models.blocks import plain_text
from portal.admin.long_choices import LISTED
from portal.enums import Audience
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chapter():
    edition = ManualEditionFactory(published=False, manual__kind=ManualKind.REPAIR)
    return edition.chapters.first()


def article_of(chapter, **fields):
    return FaultArticleFactory(category=chapter.edition.manual.category, **fields)


def words(chapter):
    return plain_text(ManualChapter.objects.get(pk=chapter.pk).body)


def revise(article, **fields):
    fresh = FaultArticle.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    return publish_fault(fresh)


def test_a_chapter_says_what_its_articles_say(chapter):
    article = article_of(chapter, codes=["E6"], title="高压保护 <1>", severity=Severity.DANGER)
    compiled = compile_chapter(chapter, [article])
    assert [block.block_type for block in compiled.body] == ["text", "safety", "table"]
    assert "E6 高压保护 &lt;1&gt;" in str(compiled.body[0].value)
    for text in ("断电并挂牌后再打开机组罩", "冷凝器脏堵", "看翅片", "清洗冷凝器"):
        assert text in words(chapter)
    assert compiled.compiled_from == [{"article": article.pk, "revision": article.live_revision_id}]


def test_a_pinned_article_stays_until_the_newer_one_is_taken(chapter):
    article, other = article_of(chapter, symptom="旧现象"), article_of(chapter)
    compile_chapter(chapter, [article])
    revise(article, symptom="新现象")
    assert [each.is_newer for each in pinned_in([ManualChapter.objects.get(pk=chapter.pk)])[chapter.pk]] == [True]
    compile_chapter(chapter, [article, other])
    assert "旧现象" in words(chapter)
    compile_chapter(chapter, [article, other], newer=[article.pk])
    assert "新现象" in words(chapter)
    assert "旧现象" not in words(chapter)


def test_the_next_edition_offers_the_newer_ones(chapter, editor, client_of):
    article = article_of(chapter, symptom="旧现象")
    compile_chapter(chapter, [article])
    edition = publish_edition(ManualEdition.objects.get(pk=chapter.edition_id), decisions=CitationChoice.STAY)
    with pytest.raises(EditionIsPublished):
        compile_chapter(chapter, [article])
    revise(article, symptom="新现象")
    draft = new_edition(edition.manual, "A/9")
    copy = draft.chapters.get(number=chapter.number)
    assert "旧现象" in words(copy)
    client = client_of(editor)
    assert "有新修订" in client.get(f"/cms/kb/editions/{draft.pk}/outline/").content.decode()
    address = f"/cms/kb/chapters/{copy.pk}/articles/"
    assert client.get(address).context["form"]["newer"].value() == [article.pk]
    sent = {"articles": [article.pk], "newer": [article.pk]}
    assert client.post(address, sent).status_code == 302
    assert "新现象" in words(copy)
    assert "旧现象" in words(chapter), "what was published stays as it was"


def test_readers_of_the_manual_get_no_article_that_is_closed_to_them(chapter, editor, client_of):
    closed, elsewhere = article_of(chapter, audience=Audience.RESTRICTED), FaultArticleFactory()
    for article in (closed, elsewhere, article_of(chapter, published=False)):
        with pytest.raises(ArticleNotForReaders):
            compile_chapter(chapter, [article])
    page = client_of(editor).get(f"/cms/kb/chapters/{chapter.pk}/articles/").content.decode()
    assert closed.number not in page


def test_who_may_not_write_editions_compiles_nothing(chapter, engineer, client_of):
    assert client_of(engineer).get(f"/cms/kb/chapters/{chapter.pk}/articles/").status_code in (302, 403)


def test_many_articles_are_found_by_typing_not_listed(chapter, editor, client_of):
    held = article_of(chapter)
    compile_chapter(chapter, [held])
    one = FaultArticle.objects.get(pk=held.pk)
    category, fields = chapter.edition.manual.category, {"symptom": "x", "severity": one.severity, "live": True}
    many = [
        FaultArticle(number=f"MANY-{number}", title="x", category=category, audience=one.audience, **fields)
        for number in range(LISTED + 1)
    ]
    FaultArticle.objects.bulk_create(many)
    page = client_of(editor).get(f"/cms/kb/chapters/{chapter.pk}/articles/").content.decode()
    assert held.number in page
    assert "MANY-" not in page
    assert "data-records=" in page

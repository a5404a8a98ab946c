"""The PDF of an edition: made once, kept in the storage, for whoever may open the manual."""

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader

from kb.enums import CitationChoice, PaperState
from kb.manuals.domain import publish_edition
from kb.manuals.papers import making
from kb.manuals.papers.domain import queue_paper
from kb.manuals.papers.making import Progress, give_up, make
from kb.manuals.papers.printing import PictureFetcher
from kb.manuals.verdicts import EDITORIAL
from kb.models import ContentTranslation, EditionPaper
from kb.translations.domain import publish_translation, save_translation
from kb.translations.passages import passages_of
from portal.enums import Audience
from portal.exchange.pdf import Printed
from portal.models import AuditEvent, PortalImage
from tests.factories.kb import ManualChapterFactory, ManualEditionFactory, ManualFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    """A published edition with a tree of three levels."""
    edition = ManualEditionFactory(manual=ManualFactory(title="冷柜手册"), published=False, chapters=[])
    for position, (number, title) in enumerate([("1", "结构"), ("1.1", "压缩机"), ("1.1.1", "油位"), ("2", "保养")]):
        ManualChapterFactory(edition=edition, sort_order=position, number=number, title=title)
    return publish_edition(edition, decisions=CitationChoice.STAY, verdict=EDITORIAL)


@pytest.fixture
def quick(monkeypatch):
    """Papers are made at once, of little."""
    made = []

    def print_edition(edition, tell, *, language):
        made.append(edition.pk)
        return Printed(b"%PDF-1.7 short")

    monkeypatch.setattr(making, "print_edition", print_edition)
    return made


def release(response):
    """Close the file that the server closes after the last byte, and nothing else of the request."""
    for close in response._resource_closers:
        close()


def bookmarks(outline, depth=1):
    """Yield depth and title of each bookmark."""
    for entry in outline:
        if isinstance(entry, list):
            yield from bookmarks(entry, depth + 1)
        else:
            yield depth, entry.title


def test_paper_has_cover_contents_bookmarks_heads_and_tags(edition):
    paper = EditionPaper.objects.get(edition=edition)
    assert make(paper.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.percent) == (PaperState.READY, 100)
    with paper.file.open() as file:
        reader = PdfReader(io.BytesIO(file.read()))
    texts = [page.extract_text() for page in reader.pages]
    assert "冷柜手册" in texts[0]
    assert "第 1 页" not in texts[0]
    assert "目录" in texts[1]
    assert "1.1.1 油位" in texts[1]
    assert f"共 {len(texts)} 页" in texts[2]
    assert "冷柜手册" in texts[2]
    expected = [(1, "目录"), (1, "1 结构"), (2, "1.1 压缩机"), (3, "1.1.1 油位"), (1, "2 保养")]
    assert list(bookmarks(reader.outline)) == expected
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "zh-hans"


def test_paper_of_a_frozen_edition_is_made_once(edition, quick, django_capture_on_commit_callbacks):
    paper = EditionPaper.objects.get(edition=edition)
    assert make(paper.pk)
    name = EditionPaper.objects.get(pk=paper.pk).file.name
    assert not make(paper.pk)
    with django_capture_on_commit_callbacks() as callbacks:
        queue_paper(edition)
    assert callbacks == []
    assert quick == [edition.pk]
    assert EditionPaper.objects.get(pk=paper.pk).file.name == name


def test_publication_queues_the_paper(quick, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        edition = ManualEditionFactory()
    assert EditionPaper.objects.get(edition=edition).state == PaperState.READY
    assert quick == [edition.pk]


def test_failed_or_lost_paper_is_made_again(edition, quick, monkeypatch, django_capture_on_commit_callbacks):
    paper = EditionPaper.objects.get(edition=edition)
    with monkeypatch.context() as broken:
        broken.setattr(making, "print_edition", lambda edition, tell: 1 / 0)
        assert not make(paper.pk)
    paper.refresh_from_db()
    assert paper.state == PaperState.FAILED
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            queue_paper(edition)
        paper.refresh_from_db()
        assert paper.state == PaperState.READY
        default_storage.delete(paper.file.name)


def test_killed_worker_leaves_a_paper_that_is_made_from_the_beginning(edition, quick):
    paper = EditionPaper.objects.get(edition=edition)
    EditionPaper.objects.filter(pk=paper.pk).update(state=PaperState.WORKING, percent=60)
    assert make(paper.pk)
    give_up(paper.pk)
    assert EditionPaper.objects.get(pk=paper.pk).state == PaperState.READY


def test_given_up_paper_has_failed(edition):
    paper = EditionPaper.objects.get(edition=edition)
    give_up(paper.pk)
    assert EditionPaper.objects.get(pk=paper.pk).state == PaperState.FAILED


def test_progress_goes_on_and_never_back(edition, monkeypatch):
    paper = EditionPaper.objects.get(edition=edition)
    monkeypatch.setattr(making, "NOTE_EVERY", 0)
    note = Progress(paper.pk)
    for percent in (10, 40, 20):
        note(percent)
    assert EditionPaper.objects.get(pk=paper.pk).percent == 40


def test_paper_asks_what_the_manual_asks(client_of, readers, quick):
    manual = ManualFactory(audience=Audience.STAFF)
    edition = ManualEditionFactory(manual=manual)
    make(EditionPaper.objects.get(edition=edition).pk)
    address = f"{edition.get_absolute_url()}pdf/"
    seen = {}
    for name, reader in readers.items():
        response = client_of(reader).get(address)
        seen[name] = response.status_code
        release(response)
    plain = {name: client_of(reader).get(edition.get_absolute_url()).status_code for name, reader in readers.items()}
    assert seen == plain
    response = client_of(readers["engineer"]).get(address)
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    release(response)
    assert client_of(readers["customer"]).post(address).status_code == plain["customer"]


def test_page_tells_how_far_it_is_and_drafts_have_none(client_of, engineer, edition):
    address = f"{edition.get_absolute_url()}pdf/"
    EditionPaper.objects.filter(edition=edition).update(state=PaperState.WORKING, percent=42)
    assert "42 %" in client_of(engineer).get(address).content.decode()
    part = client_of(engineer).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "42 %" in part
    assert "<html" not in part
    EditionPaper.objects.filter(edition=edition).update(state=PaperState.FAILED)
    assert "<form" in client_of(engineer).get(address).content.decode()
    assert client_of(engineer).post(address).status_code == 302
    assert EditionPaper.objects.get(edition=edition).state == PaperState.QUEUED
    draft = ManualEditionFactory(manual=edition.manual, edition="B/0", published=False)
    assert client_of(engineer).get(f"{draft.get_absolute_url()}pdf/").status_code == 404


def test_picture_for_fewer_readers_is_not_in_the_paper(monkeypatch, settings):
    monkeypatch.setattr("kb.manuals.papers.printing.image_of", lambda name: PortalImage(audience=Audience.RESTRICTED))
    with pytest.raises(ValueError, match="all readers"):
        PictureFetcher(Audience.STAFF).fetch(f"{settings.PUBLIC_URL}{settings.MEDIA_URL}images/x.png")
    monkeypatch.setattr("kb.manuals.papers.printing.image_of", lambda name: None)
    with pytest.raises(ValueError, match="all readers"):
        PictureFetcher(Audience.STAFF).fetch(f"{settings.PUBLIC_URL}{settings.MEDIA_URL}documents/x.pdf")
    with pytest.raises(ValueError, match="static files"):
        PictureFetcher(Audience.STAFF).fetch("https://example.com/x.png")


@pytest.mark.parametrize(("audience", "is_restricted"), [(Audience.RESTRICTED, True), (Audience.STAFF, False)])
def test_paper_of_a_restricted_manual_carries_the_readers_name_and_is_logged(
    edition, readers, client_of, audience, is_restricted
):
    edition.manual.audience = audience
    edition.manual.save()
    assert make(EditionPaper.objects.get(edition=edition).pk)
    trainer = readers["trainer"]
    answer = client_of(trainer).get(reverse("kb:edition_paper", args=[edition.manual.number, edition.slug]))
    assert answer["Cache-Control"] == "private, no-store"
    pages = PdfReader(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)).pages
    assert all((trainer.staff_number in page.extract_text()) == is_restricted for page in pages)
    taken = AuditEvent.objects.filter(action="portal.restricted_taken")
    assert [(event.actor, event.subject, event.detail["stamped"]) for event in taken] == (
        [(trainer, f"kb.manualedition:{edition.pk}", True)] if is_restricted else []
    )


def address_of(edition):
    return reverse("kb:edition_paper", args=[edition.manual.number, edition.slug])


def english(edition):
    """Publish an English version of the first chapter; return the record of its PDF."""
    chapter = edition.chapters.order_by("sort_order").first()
    words = {passage.key: f"English {passage.key[:5]}" for passage in passages_of(chapter)}
    publish_translation(save_translation(chapter, "en", words))
    return EditionPaper.objects.get(edition=edition, language="en")


def test_each_language_has_its_paper_and_another_version_has_it_made_anew(client_of, engineer, edition, quick):
    paper = english(edition)
    assert paper.state == PaperState.QUEUED
    assert make(paper.pk)
    address = f"{address_of(edition)}?in=en"
    client = client_of(engineer)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert "-en.pdf" in answer["Content-Disposition"]
    release(answer)
    chapter = edition.chapters.order_by("sort_order").first()
    publish_translation(save_translation(chapter, "en", {"title": "Other words"}))
    paper.refresh_from_db()
    assert paper.state == PaperState.QUEUED
    assert "%PDF" not in client.get(address).content.decode()


def test_a_paper_of_earlier_words_is_not_handed_out(client_of, engineer, edition, quick):
    paper = english(edition)
    make(paper.pk)
    ContentTranslation.objects.filter(chapter__edition=edition).update(words={"title": "By hand"})
    page = client_of(engineer).get(f"{address_of(edition)}?in=en").content.decode()
    assert "%PDF" not in page
    assert client_of(engineer).post(f"{address_of(edition)}?in=en").status_code == 302
    paper.refresh_from_db()
    assert paper.state == PaperState.QUEUED


def test_english_paper_says_it_is_a_translation_and_which_chapters_are_not(edition):
    paper = english(edition)
    assert make(paper.pk)
    paper.refresh_from_db()
    with paper.file.open() as file:
        reader = PdfReader(io.BytesIO(file.read()))
    texts = [page.extract_text() for page in reader.pages]
    assert "Translated from" in " ".join(texts[0].split())
    assert "English title" in texts[1]
    assert any("This chapter is not translated yet." in text for text in texts)
    assert reader.root_object["/Lang"] == "en"
    assert (f"Page 3 of {len(texts)}") in " ".join(texts[2].split())

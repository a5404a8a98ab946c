"""Words of pictures are translated with the text; another picture or another address of a link makes them stale."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from kb.enums import CitationChoice
from kb.faults.domain import publish_fault
from kb.manuals.domain import publish_edition
from kb.models import FaultArticle, ManualChapter
from kb.translations.domain import publish_translation, save_translation
from kb.translations.passages import RICH, Passage, passages_of
from kb.translations.staleness import changed_since, changes_of
from portal.enums import Audience
from portal.models import PortalImage
from tests.factories.kb import FaultArticleFactory, ManualChapterFactory, ManualEditionFactory
from tests.kb.pictures.conftest import SVG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stored(title):
    image = PortalImage(title=title, audience=Audience.RESTRICTED)
    image.file = ContentFile(SVG, name="pump.svg")
    image._set_image_file_metadata()
    image.save()
    return image


@pytest.fixture
def drawing():
    return stored("排水泵")


@pytest.fixture
def photo():
    return stored("另一张")


def figure_of(image, alt="排水泵"):
    value = {"image": image, "caption": "泵的位置", "part": "", "callouts": [{"x": 1, "y": 2, "label": "叶轮"}]}
    image.contextual_alt_text, image.decorative = alt, False
    return "figure", value


WORDS = {"排水泵": "Drain pump", "泵的位置": "Where the pump sits", "叶轮": "Impeller", "不排水": "Does not drain"}


def published(source):
    words = {passage.key: WORDS[passage.text] for passage in passages_of(source) if passage.text in WORDS}
    return publish_translation(save_translation(source, "en", words))


def main_of(client_of, reader, address):
    client = client_of(reader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    html = client.get(address).content.decode()
    return html[html.index('<main class="page__main"') :]


def test_pictures_of_an_article_are_named_in_english(client_of, engineer, drawing):
    article = FaultArticleFactory(title="不排水", pictures=[figure_of(drawing)])
    published(article)
    main = main_of(client_of, engineer, article.get_absolute_url())
    for words in ('alt="Drain pump"', "Where the pump sits", "Impeller"):
        assert words in main
    assert "叶轮" not in main


def test_pictures_of_a_chapter_are_shown_and_named_in_english(client_of, engineer, drawing):
    edition = ManualEditionFactory(published=False, chapters=[])
    chapter = ManualChapterFactory(edition=edition, number="1", title="不排水", body=[figure_of(drawing)])
    publish_edition(edition, decisions=CitationChoice.STAY)
    published(ManualChapter.objects.get(pk=chapter.pk))
    main = main_of(client_of, engineer, edition.manual.get_absolute_url())
    assert 'alt="Drain pump"' in main
    assert "Impeller" in main


def test_another_picture_makes_its_words_stale(drawing, photo):
    article = FaultArticleFactory(title="不排水", pictures=[figure_of(drawing)])
    version = published(article)
    fresh = FaultArticle.objects.get(pk=article.pk)
    raw = [dict(block) for block in fresh.pictures.raw_data]
    raw[0]["value"]["image"]["image"] = photo.pk
    fresh.pictures = fresh.pictures.stream_block.to_python(raw)
    fresh = publish_fault(fresh)
    changed = {change.key.rsplit(".", 1)[-1] for change in changes_of(version, passages_of(fresh))}
    assert changed == {"alt", "caption", "1"}


@pytest.mark.parametrize(
    ("before", "now", "is_stale"),
    [
        ('<a href="https://a.cn">表</a>', '<a href="https://b.cn">表</a>', True),
        ('<a linktype="document" id="3">表</a>', '<a linktype="document" id="4">表</a>', True),
        ('<a href="https://a.cn">表</a>', '<a href="https://a.cn"><b>表</b></a>', False),
        ("<p>表</p>", "<p><b>表</b></p>", False),
    ],
)
def test_where_a_link_leads_belongs_to_what_a_passage_says(before, now, is_stale):
    passage = Passage("body.1", "", now, RICH)
    assert bool(changed_since({"body.1": before}, [passage])) == is_stale

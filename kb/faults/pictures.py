"""Pictures of fault articles and their causes, served to who may read the article."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from kb.models import FaultArticle
from kb.pictures.places import PictureSource
from kb.pictures.queries import Opened, Picture, Place, Shown, pictures_of, reader_mark
from portal.audiences import can_open, readable
from portal.enums import Audience

KIND = "fault"
#: The article as a whole, beside the positions of its pairs.
WHOLE = -1


def pictures_of_article(
    article: FaultArticle, pairs: Iterable[Any], *, is_draft: bool = False, reader: Any = None
) -> dict[int, list[Shown]]:
    """Return the pictures of an article under :data:`WHOLE` and of each pair by position; two queries at most."""
    streams = {WHOLE: article.pictures} | {position: pair.pictures for position, pair in enumerate(pairs)}
    mark = reader_mark(article.audience, reader)
    return pictures_of(streams, Place("draft", KIND) if is_draft else Place(KIND, article.number, mark=mark))


def name_pictures(facts: dict[str, Any], reader: Any) -> None:
    """Have the pictures among the facts of an article (`kb.faults.queries.fault_facts`) carry the reader's name."""
    facts["pictures"] = _named(facts["pictures"], reader)
    for pair in (*facts["first_checks"], *facts["pairs"]):
        pair.shown_pictures = _named(pair.shown_pictures, reader)


def _named(pictures: list[Shown], reader: Any) -> list[Shown]:
    return [replace(one, named_for=reader) if isinstance(one, Picture) else one for one in pictures]


def opened(request: HttpRequest, name: str) -> Opened | None:
    """Return the pictures of a published article the reader may open."""
    article = FaultArticle.objects.filter(number=name, live=True).prefetch_related("pairs").first()
    if article is None or not can_open(request.user, article.audience):
        return None
    shown = pictures_of_article(article, article.pairs.all())
    return Opened(
        title=article.title,
        url=article.get_absolute_url(),
        restricted=article if article.audience == Audience.RESTRICTED else None,
        is_public=article.audience == Audience.PUBLIC,
        pictures=[picture for pictures in shown.values() for picture in pictures],
    )


def readers(reader: Any, keys: Iterable[Any]) -> bool:
    """Whether the reader may open one of these articles."""
    return readable(FaultArticle.objects.filter(pk__in=keys, live=True), reader).exists()


def audiences(keys: Iterable[Any]) -> Iterable[tuple[str, bool]]:
    """Return the audience of each of these articles, and whether it is published."""
    return FaultArticle.objects.filter(pk__in=list(keys)).values_list("audience", "live")


source = PictureSource(kind=KIND, model=FaultArticle, opened=opened, readers=readers, audiences=audiences)

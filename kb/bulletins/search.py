"""Search source of bulletins; unpublished ones yield no document."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kb.bulletins.queries import published_bulletins
from kb.manuals.search import MACHINES, machine_names
from kb.models import Bulletin, ContentTranslation
from kb.models.blocks import plain_text
from kb.translations.queries import VERSIONS, searched
from portal.registry.search import SearchDocument, SearchSource, register
from portal.search.indexing.equipment import naming_equipment


def bulletins() -> QuerySet[Bulletin]:
    """Return the bulletins that may be found, with everything their documents read."""
    return published_bulletins().select_related("category").prefetch_related(MACHINES, VERSIONS).order_by("pk")


def bulletin_documents(bulletin: Bulletin) -> Iterator[SearchDocument]:
    """Yield the document of a published bulletin."""
    if not bulletin.live:
        return
    machines = list(bulletin.equipment.all())
    category = bulletin.category
    yield SearchDocument(
        ref=bulletin.number,
        kind="bulletin",
        title=bulletin.title,
        url=bulletin.get_absolute_url(),
        equipment=tuple(machine.code for machine in machines),
        equipment_names=machine_names(machines, *([category.name] if category else [])),
        categories=(category.code,) if category else (),
        audience=bulletin.audience,
        aliases=tuple(bulletin.alias_list),
        text="\n".join((bulletin.summary, plain_text(bulletin.body), bulletin.number)),
        translations=searched(bulletin, bulletin.translations.all()),
    )


def register_source() -> None:
    """Register the search source of bulletins."""
    register(
        SearchSource(
            kind="bulletin",
            label=_("Bulletin"),
            model=Bulletin,
            queryset=bulletins,
            documents=bulletin_documents,
            related={ContentTranslation: lambda version: [version.bulletin] if version.bulletin else []}
            | naming_equipment(Bulletin),
            words=("通报", "通知", "规定", "公告"),
            lookup=lambda text: bulletins().filter(Q(number=text) | Q(title__icontains=text)).distinct(),
            icon="bell",
        )
    )

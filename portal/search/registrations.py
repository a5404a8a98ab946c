"""Registrations of search: API, sources, permissions, and signals that invalidate the lexicon."""

from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from portal.enums import Role
from portal.models import EquipmentAlias, EquipmentCategory, EquipmentModel, PortalDocument, SynonymGroup
from portal.registry.dashboard import register_dashboard
from portal.registry.gaps import register_gaps
from portal.registry.roles import grant, grant_editing
from portal.registry.routers import register_router
from portal.registry.tasks import register_retry
from portal.search.analytics import gaps
from portal.search.analytics.dashboard import searched_in_vain
from portal.search.indexing import files, own_sources
from portal.search.indexing.writer import write_changes_task
from portal.search.query.lexicon_loading import forget_once_committed
from portal.search.results.api import router


def register() -> None:
    """Mount the API, let editors maintain synonyms, read the lexicon again when its records change."""
    register_router("", router)
    own_sources.register_sources()
    post_save.connect(files.read_when_saved, sender=PortalDocument, dispatch_uid="portal.search.read_document")
    hooks.register("after_bulk_action", files.note_bulk_action)
    register_retry(files.read_document_task)
    register_retry(write_changes_task)
    grant_editing(Role.EDITOR, "portal", "synonymgroup")
    grant_editing(Role.ADMINISTRATOR, "portal", "synonymgroup")
    register_dashboard(40, searched_in_vain)
    register_gaps(10, "searched-in-vain", _("Searched in vain"), gaps.searched_in_vain)
    grant(Role.EDITOR, "portal.view_searchrecord")
    grant(Role.ADMINISTRATOR, "portal.view_searchrecord")
    for model in (EquipmentAlias, EquipmentCategory, EquipmentModel, SynonymGroup):
        for signal in (post_save, post_delete):
            signal.connect(forget_once_committed, sender=model, dispatch_uid=f"portal.search.lexicon.{model.__name__}")

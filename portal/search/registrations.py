"""What search puts into the registries of the ground floor, and what makes it look again."""

from django.db.models.signals import post_delete, post_save

from portal.api import register_router
from portal.enums import Role
from portal.models import EquipmentAlias, EquipmentCategory, EquipmentModel, SynonymGroup
from portal.roles import grant, grant_editing

from .api import router
from .understanding.loading import forget_lexicon


def register() -> None:
    """Mount the API, let editors maintain synonyms, read the lexicon again when its records change."""
    register_router("", router)
    grant_editing(Role.EDITOR, "portal", "synonymgroup")
    grant_editing(Role.ADMINISTRATOR, "portal", "synonymgroup")
    grant(Role.EDITOR, "portal.view_searchrecord")
    grant(Role.ADMINISTRATOR, "portal.view_searchrecord")
    for model in (EquipmentAlias, EquipmentCategory, EquipmentModel, SynonymGroup):
        for signal in (post_save, post_delete):
            signal.connect(forget_lexicon, sender=model, dispatch_uid=f"portal.search.lexicon.{model.__name__}")

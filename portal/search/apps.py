"""Wagtail's search app with its signal handlers replaced: changes go into the outbox, not into a task each."""

from django.db.models.signals import post_delete, post_save
from modelsearch.index import get_indexed_models
from wagtail.search.apps import WagtailSearchAppConfig


class SearchConfig(WagtailSearchAppConfig):
    """Replaces `wagtail.search` in `INSTALLED_APPS`; same name, same label, same tables."""

    default = False

    def ready(self) -> None:
        """Connect the outbox in place of the signal handlers Wagtail comes with."""
        super().ready()
        from modelsearch.signal_handlers import post_delete_signal_handler, post_save_signal_handler

        from portal.search.indexing import checks, outbox  # noqa: F401  (checks register themselves)

        for model in get_indexed_models():
            post_save.disconnect(post_save_signal_handler, sender=model)
            post_delete.disconnect(post_delete_signal_handler, sender=model)
        outbox.connect()

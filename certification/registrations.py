"""What this app puts into the registries of the ground floor."""

from django.db.models.signals import post_migrate


def register() -> None:
    """The duty gate, the API, menu entries, home panel, role permissions, demo loaders."""
    _answer_the_duty_question()
    _protect_the_ledger()


def _answer_the_duty_question() -> None:
    from certification.api import router
    from certification.duty import gate
    from portal.api import register_router
    from portal.duty import register_gate

    register_gate(gate)
    register_router("/duty", router)


def _protect_the_ledger() -> None:
    from certification.append_only import protect_after_migrate

    post_migrate.connect(protect_after_migrate, dispatch_uid="certification.protect", sender=_config())


def _config():  # type: ignore[no-untyped-def]
    from django.apps import apps

    return apps.get_app_config("certification")

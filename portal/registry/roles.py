"""Registry of permissions granted to roles."""

from collections import defaultdict

granted: dict[str, set[str]] = defaultdict(set)


def grant(role: str, *permissions: str) -> None:
    """Register that ``role`` holds permissions such as ``"kb.change_faultarticle"``; call it from AppConfig.ready."""
    granted[role].update(permissions)


def grant_editing(role: str, app_label: str, *model_names: str) -> None:
    """Register add, change, delete, view and publish of these models for ``role``."""
    for model_name in model_names:
        grant(
            role,
            *(f"{app_label}.{act}_{model_name}" for act in ("add", "change", "delete", "view", "publish")),
        )

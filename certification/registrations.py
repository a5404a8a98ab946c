"""What this app puts into the registries of the ground floor."""


def register() -> None:
    """Menu entries, home panels, role permissions, search sources, demo loaders."""

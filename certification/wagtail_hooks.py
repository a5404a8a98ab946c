"""Registers certification in Wagtail's admin; the logic is in viewsets."""

from typing import Any

from wagtail import hooks

from certification.admin import CertificationGroup


@hooks.register("register_admin_viewset")
def viewsets() -> Any:
    """The menu of certification."""
    return CertificationGroup()

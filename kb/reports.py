"""Lists in the Wagtail admin under reports: their address, that of their rows alone, and the entry that leads there."""

from typing import Any

from django.urls import path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView


class ReportItem(MenuItem):
    """An entry of the menu shown to who holds a permission."""

    def __init__(self, view: type[ReportView], permission: str, *, order: int) -> None:
        super().__init__(view.page_title, reverse(view.index_url_name), icon_name=view.header_icon, order=order)
        self.permission = permission

    def is_shown(self, request: Any) -> bool:
        """Whether the reader holds the permission."""
        return bool(request.user.has_perm(self.permission))


def report_urls(view: type[ReportView], address: str) -> list[Any]:
    """Return the addresses of a list and of its rows alone, which are called as the list says.

    Args:
        address: below the admin, with its slash at the end.
    """
    return [
        path(address, view.as_view(), name=view.index_url_name),
        path(f"{address}results/", view.as_view(results_only=True), name=view.index_results_url_name),
    ]

"""Viewset of records that are never deleted: what is out of use is taken out of use."""

from wagtail.admin.viewsets.model import ModelViewSet

from portal.admin.viewsets import CreateView, EditView


class KeptViewSet(ModelViewSet):
    """What all of them share: each write is in the audit log."""

    add_view_class = CreateView
    edit_view_class = EditView
    copy_view_enabled = False
    list_per_page = 30
    search_backend_name = None

"""Viewset of records that are never deleted, only set inactive."""

from portal.admin.viewsets import GroundFloorViewSet


class KeptViewSet(GroundFloorViewSet):
    """What all of them share: rows in sight only, each write in the audit log."""

    add_to_reference_index = True
    list_per_page = 30
    search_backend_name = None

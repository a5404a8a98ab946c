"""The list of topics in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn

from kb.columns import choice_column
from kb.models import Topic
from portal.admin.viewsets import GroundFloorViewSet


class TopicViewSet(GroundFloorViewSet):
    """What training is about, whatever the machine; one that is no longer wanted is not offered any more."""

    model = Topic
    icon = "list-ul"
    menu_label = _("Topics")
    menu_order = 125
    add_to_admin_menu = True
    form_fields = ["code", "name", "name_en", "kind", "order", "is_active"]
    list_display = [
        "code",
        "name",
        "name_en",
        choice_column("kind", _("kind of topic"), sort_key="kind"),
        "order",
        BooleanColumn("is_active", label=_("offered")),
    ]
    list_filter = ["kind", "is_active"]
    inspect_view_enabled = False
    list_export = ["code", "name", "name_en", "kind", "order", "is_active"]
    export_filename = "topics"
    search_fields = ["code", "name", "name_en"]
    ordering = ["order", "code"]

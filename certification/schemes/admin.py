"""Schemes in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn

from certification.models import (
    Scheme,
)
from certification.schemes.panels import scheme_panels
from certification.versions.admin import VersionedViewSet


class SchemeViewSet(VersionedViewSet):
    """Schemes with their requirements."""

    model = Scheme
    edit_handler = scheme_panels
    icon = "tick-inverse"
    menu_label = _("Schemes")
    list_display = ["name", "code", "category", "valid_months", BooleanColumn("is_active", label=_("in force"))]

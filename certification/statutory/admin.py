"""Kinds of statutory certificate in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _

from certification.kept import KeptViewSet
from certification.models import (
    StatutoryKind,
)


class StatutoryKindViewSet(KeptViewSet):
    """Kinds of card issued outside."""

    model = StatutoryKind
    form_fields = ["code", "name", "issuer", "valid_years", "review_years", "rule"]
    icon = "doc-full"
    menu_label = _("Kinds of statutory certificate")
    list_display = ["name", "code", "issuer", "valid_years", "review_years"]

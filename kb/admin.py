"""The knowledge base in the Wagtail admin menu."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from kb.bulletins.admin import BulletinViewSet
from kb.diagnosis.admin import DiagnosisGuideViewSet
from kb.faults.admin import FaultArticleViewSet
from kb.manuals.admin import ManualEditionViewSet, ManualViewSet


class KnowledgeBaseGroup(SnippetViewSetGroup):
    """One menu for all of it."""

    items = (FaultArticleViewSet, DiagnosisGuideViewSet, BulletinViewSet, ManualViewSet, ManualEditionViewSet)
    menu_icon = "help"
    menu_label = _("Knowledge base")
    menu_name = "kb"
    menu_order = 110

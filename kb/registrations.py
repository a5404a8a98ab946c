"""What this app puts into the registries of the ground floor."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.signals import published, unpublished

from portal.demo import register_demo
from portal.enums import Role
from portal.home import register_unit_panel
from portal.navigation import NavItem, register_nav
from portal.operations.immutability import keep
from portal.roles import grant, grant_editing

EDITORS = (Role.EDITOR, Role.TRAINER, Role.ADMINISTRATOR)
FROZEN = "a published edition does not change"


def register() -> None:
    """Menu entries, role permissions, search sources, demo loaders, frozen editions, the audit of publications."""
    from kb import demo, home, search
    from kb.domain import faults
    from kb.models import FaultArticle, ManualChapter, ManualEdition

    register_nav(NavItem(_("Knowledge base"), "kb:index", "book", 20))
    for role in EDITORS:
        grant_editing(role, "kb", "faultarticle", "manual", "manualedition")
        grant(role, "kb.lock_faultarticle", "kb.unlock_faultarticle")
    register_unit_panel(10, home.guides_panel)
    register_unit_panel(20, home.manuals_panel)
    search.register_sources()
    register_demo(20, "manuals", demo.load_manuals)
    register_demo(21, "faults", demo.load_faults)
    is_published = Q(published_on__isnull=False)
    keep(ManualEdition, when=is_published, refusal=FROZEN)
    keep(ManualChapter, of="edition", when=is_published, refusal=FROZEN)
    published.connect(faults.record_publication, sender=FaultArticle, dispatch_uid="kb.fault_published")
    unpublished.connect(faults.record_withdrawal, sender=FaultArticle, dispatch_uid="kb.fault_withdrawn")

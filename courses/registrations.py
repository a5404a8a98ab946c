"""What this app puts into the registries of the ground floor."""

from django.utils.translation import gettext_lazy as _
from wagtail.signals import published, unpublished

from portal.demo import register_demo
from portal.enums import Role
from portal.home import register_me_panel, register_panel
from portal.navigation import NavItem, register_nav
from portal.operations.immutability import keep
from portal.roles import grant, grant_editing

EDITORS = (Role.TRAINER, Role.EDITOR, Role.MANAGER, Role.ADMINISTRATOR)


def register() -> None:
    """Menu entries, panels, role permissions, search sources, demo loaders, evidence, what a publication entails."""
    from courses import demo, home, search
    from courses.domain import modules
    from courses.models import Attendance, HourCredit, TrainingModule
    from kb.signals import edition_published

    register_nav(NavItem(_("Training"), "courses:catalogue", "calendar", 30))
    register_panel(20, home.next_session_panel)
    register_me_panel(20, home.hours_panel)
    for role in EDITORS:
        grant_editing(role, "courses", "trainingmodule")
        grant(role, "courses.lock_trainingmodule", "courses.unlock_trainingmodule")
    search.register_source()
    register_demo(30, "modules", demo.load_modules)
    register_demo(31, "training", demo.load_past_sessions)
    register_demo(32, "sessions", demo.load_coming_sessions)
    keep(HourCredit)
    keep(Attendance, may_fill=("checked_out_at", "checked_out_by"))
    published.connect(modules.record_publication, sender=TrainingModule, dispatch_uid="courses.module_published")
    unpublished.connect(modules.record_withdrawal, sender=TrainingModule, dispatch_uid="courses.module_withdrawn")
    edition_published.connect(modules.follow_edition, dispatch_uid="courses.follow_edition")

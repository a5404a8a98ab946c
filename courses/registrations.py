"""What this app puts into the registries of the ground floor."""

from django.utils.translation import gettext_lazy as _
from wagtail.signals import published, unpublished

from courses import demo
from courses.models import TrainingModule
from courses.modules.domain import follow_edition, record_publication, record_withdrawal
from courses.modules.search import register_source
from courses.sessions.tiles import hours_tile, next_session_tile
from kb.signals import edition_published
from portal.enums import Role
from portal.registry.demo import register_demo
from portal.registry.navigation import NavItem, register_nav
from portal.registry.roles import grant, grant_editing
from portal.registry.tiles import register_home_tile, register_me_tile

EDITORS = (Role.TRAINER, Role.EDITOR, Role.ADMINISTRATOR)


def register() -> None:
    """Menu entries, home tiles, role permissions, search sources, demo loaders, and what follows a publication."""
    register_nav(NavItem(_("Training"), "courses:catalogue", "calendar", 30))
    register_home_tile(20, next_session_tile)
    register_me_tile(20, hours_tile)
    for role in EDITORS:
        grant_editing(role, "courses", "trainingmodule")
        grant(role, "courses.lock_trainingmodule", "courses.unlock_trainingmodule")
    # Managers schedule sessions of approved modules; they do not change what is taught.
    grant(Role.MANAGER, "courses.view_trainingmodule")
    register_source()
    register_demo(30, "modules", demo.load_modules, reads="modules")
    register_demo(31, "training", demo.load_past_sessions, reads="sessions")
    register_demo(32, "sessions", demo.load_coming_sessions, reads="sessions")
    published.connect(record_publication, sender=TrainingModule, dispatch_uid="courses.module_published")
    unpublished.connect(record_withdrawal, sender=TrainingModule, dispatch_uid="courses.module_withdrawn")
    edition_published.connect(follow_edition, dispatch_uid="courses.follow_edition")

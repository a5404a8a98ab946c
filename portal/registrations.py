"""Registrations of ``portal`` in its own registries."""

import datetime as dt
from functools import partial
from typing import Any

from django.core.management import call_command
from django.utils.translation import gettext_lazy as _

from portal.access import narrowing
from portal.access.verbs import VERBS
from portal.admin.dashboard import broken_jobs
from portal.bar.tiles import waiting_tile
from portal.content.home import front_context
from portal.content.leftovers import clear_leftover_files
from portal.demo import loaders as demo_loaders
from portal.enums import Role, Task, TokenPurpose
from portal.equipment.contradictions import equipment_contradictions
from portal.equipment.imports import models_kind as models_import
from portal.equipment.imports import units_kind as units_import
from portal.exchange.imports.tasks import given_up, read_import, write_import
from portal.models import (
    Assignment,
    AssignmentRecord,
    AuditEvent,
    BarChange,
    BarDecision,
    EquipmentCategory,
    EquipmentModel,
    HomePage,
    Position,
    RetentionRun,
    RetentionTerm,
    StatutoryRule,
)
from portal.models.bar import PARENT, watch
from portal.notices.robots import send_messages
from portal.operations.backup.making import regular_backup
from portal.operations.immutability import keep
from portal.operations.jobs import release_job, run_job
from portal.organisations.imports import kind as organisations_import
from portal.organisations.queries import may_see_network
from portal.people.imports import kind as people_import
from portal.registry.audit import register_fact_values, register_rows, register_verbs
from portal.registry.contexts import register_context
from portal.registry.dashboard import register_dashboard
from portal.registry.demo import register_demo
from portal.registry.imports import register_import
from portal.registry.jobs import register_job
from portal.registry.navigation import NavItem, register_nav
from portal.registry.roles import grant, grant_editing
from portal.registry.statutory import register_contradictions
from portal.registry.tasks import register_retry
from portal.registry.tiles import register_home_tile
from portal.retention.clearing import clear_what_is_over
from portal.retention.kinds import register_kinds
from portal.search import registrations as search
from portal.search.indexing.files import queue_unread
from portal.search.indexing.outbox import runs_at_once
from portal.search.indexing.repair import repair_search

ADMIN_ROLES = (
    Role.TRAINER,
    Role.EDITOR,
    Role.MANAGER,
    Role.REGIONAL_ADMINISTRATOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)


def _is_signed_in(reader: Any) -> bool:
    return bool(getattr(reader, "is_authenticated", False))


def _may_edit(reader: Any) -> bool:
    return _is_signed_in(reader) and reader.has_role(*ADMIN_ROLES)


def register() -> None:
    """Menu entries, role permissions, demo loaders and regular jobs of the ground floor."""
    narrowing.register()
    register_verbs(VERBS)
    register_fact_values("task", dict(Task.choices))
    register_fact_values("purpose", dict(TokenPurpose.choices))
    register_rows("auth.group", "page_permissions", "collection_permissions")
    register_context(HomePage, front_context)
    register_dashboard(0, broken_jobs)
    register_contradictions(10, equipment_contradictions)
    _menu()
    _rights()
    _statutory_rights()
    _demo()
    search.register()
    _watch_the_bar()
    keep(AuditEvent)
    keep(AssignmentRecord)
    keep(RetentionRun)
    keep(RetentionTerm, may_fill=("decided_by", "decided_at", "is_approved"))
    register_kinds()
    _imports()
    _register_jobs()


def _watch_the_bar() -> None:
    """What the duty gate reads on the ground floor and one person may change; others confirm each change."""
    watch(EquipmentModel, "category", "is_regulated")
    watch(EquipmentCategory, PARENT)
    watch(StatutoryRule, "kind", "category", "model", "tasks", "is_active", is_rule=True)
    watch(Position, "is_duty_gated", named_by=("organisation",))
    # Conditions are for who is in a post: whoever leaves one by their own hand stays under them.
    watch(Assignment, "person", "position", "organisation", "start", "end", is_rule=True, of_self="person")
    keep(BarChange)
    keep(BarDecision)
    register_home_tile(8, waiting_tile)


def _imports() -> None:
    for kind in (organisations_import, people_import, models_import, units_import):
        register_import(kind)
    register_retry(read_import, at_most=2, given_up=given_up)
    register_retry(write_import, at_most=2, given_up=given_up)


def _menu() -> None:
    register_nav(NavItem(_("Home"), "home", "home", 0))
    register_nav(NavItem(_("Search"), "search", "search", 10))
    register_nav(NavItem(_("Mine"), "me", "user", 55, shown_to=_is_signed_in))
    register_nav(NavItem(_("Machines"), "unit_list", "qr", 70, shown_to=_is_signed_in))
    register_nav(NavItem(_("Outlets"), "network", "building", 72, shown_to=may_see_network))
    register_nav(NavItem(_("Editing"), "wagtailadmin_home", "edit", 95, shown_to=_may_edit))


def _rights() -> None:
    for role in ADMIN_ROLES:
        grant(role, "wagtailadmin.access_admin")
    grant_editing(
        Role.ADMINISTRATOR,
        "portal",
        "organisation",
        "position",
        "assignment",
        "equipmentcategory",
        "equipmentmodel",
        "equipmentunit",
        "portalsettings",
    )
    # People leave, their record stays: nobody may delete one.
    grant(Role.ADMINISTRATOR, "portal.add_person", "portal.change_person", "portal.view_person")
    # Those of their branch; the policies narrow the rows.
    for model in ("person", "position", "assignment", "equipmentunit"):
        grant(Role.REGIONAL_ADMINISTRATOR, *(f"portal.{act}_{model}" for act in ("add", "change", "view")))
    grant(Role.ADMINISTRATOR, "portal.view_accesstoken", "portal.delete_accesstoken")
    grant(Role.ADMINISTRATOR, "portal.view_auditevent")
    grant(Role.ADMINISTRATOR, *(f"wagtailcore.{act}_apitoken" for act in ("add", "change", "delete", "view")))
    grant(Role.AUDITOR, "portal.view_auditevent")
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        grant(role, *(f"wagtailsearchpromotions.{act}_searchpromotion" for act in ("add", "change", "delete", "view")))


def _demo() -> None:
    register_demo(10, "settings", demo_loaders.load_settings, reads="organisation")
    register_demo(11, "organisations", demo_loaders.load_organisations, reads="organisation")
    register_demo(12, "positions", demo_loaders.load_positions, reads="organisation")
    register_demo(13, "people", demo_loaders.load_people, reads="people")
    register_demo(14, "equipment", demo_loaders.load_equipment, reads="equipment")
    register_demo(14, "statutory", demo_loaders.load_statutory_rules, reads="statutory")
    register_demo(15, "units", demo_loaders.load_units, reads="units")
    register_demo(16, "pages", demo_loaders.load_pages, reads="pages")


def _statutory_rights() -> None:
    """Administrators keep kinds and rules, everybody else of the editing area reads them and what contradicts them.

    Kinds are never deleted: cards, guides and schemes name them.
    """
    grant_editing(Role.ADMINISTRATOR, "portal", "statutoryrule")
    grant(Role.ADMINISTRATOR, "portal.add_statutorykind", "portal.change_statutorykind")
    for role in ADMIN_ROLES:
        grant(role, "portal.view_statutorykind", "portal.view_statutoryrule")


def _register_jobs() -> None:
    minute = dt.timedelta(minutes=1)
    register_job("publish_scheduled", partial(call_command, "publish_scheduled"), every=minute)
    register_job("repair_search", repair_search, every=minute)
    register_job("read_unread_files", queue_unread, every=dt.timedelta(hours=1))
    register_job("clear_what_is_over", clear_what_is_over, daily_at=dt.time(3, 0))
    register_retry(run_job, at_most=1, given_up=release_job)
    register_job("send_robot_messages", send_messages, every=minute)
    register_job("clear_leftover_files", clear_leftover_files, daily_at=dt.time(3, 30))
    register_job("clear_sessions", partial(call_command, "clearsessions"), daily_at=dt.time(3, 10))
    register_job("backup", regular_backup, daily_at=dt.time(2, 0))
    if not runs_at_once():
        # The regular jobs themselves leave some thousands a day.
        ages = {"min_age_days": 1, "failed_min_age_days": 14}
        clear = partial(call_command, "prune_db_task_results", queue_name="*", verbosity=0, **ages)
        register_job("clear_finished_tasks", clear, daily_at=dt.time(3, 20))

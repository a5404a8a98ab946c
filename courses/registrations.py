"""Registrations of training in the registries of ``portal`` and ``kb``."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.signals import published, unpublished

from courses import demo
from courses.assignments.demo import load_dues
from courses.assignments.reminders import remind_of_dues
from courses.assignments.tasks import send_due_letter
from courses.assignments.tiles import owed_tile
from courses.checkins.demo import load_arrivals
from courses.days import starter
from courses.days.imports import kind as day_import
from courses.evaluations.demo import load_evaluations, load_notices
from courses.evaluations.domain import ask_for_reviews
from courses.evaluations.reminders import remind_of_effects, remind_of_evaluations, remind_of_sessions
from courses.models import (
    Attendance,
    AttendanceCorrection,
    HourCredit,
    NomineeCredit,
    NomineeMatch,
    NomineeTimes,
    PlannedSession,
    PlanPeriod,
    PlanRow,
    Project,
    Session,
    TrainingDue,
    TrainingModule,
    TrainingNeed,
    TrainingReport,
    TrainingRequest,
    YearlyPlan,
    YearlyPlanRow,
)
from courses.modules import citations, pictures
from courses.modules.coverage import modules_without_faults
from courses.modules.demo import load_modules
from courses.modules.domain import record_publication, record_withdrawal
from courses.modules.lessons import module_lessons
from courses.modules.queries import topics_with_reading
from courses.modules.search import register_source as register_search
from courses.nominations.demo import load_requests
from courses.nominations.imports import kind as nominee_import
from courses.nominations.notices import session_moved
from courses.nominations.permissions import may_use_requests
from courses.nominations.reminders import remind_contacts
from courses.nominations.tasks import send_request_letter
from courses.places.demo import load_places
from courses.plans import demo as plans_demo
from courses.plans.importing import kind as plan_import
from courses.records.reports import make_reports
from courses.retention import register_kinds
from courses.sessions.imports import kind as attendance_import
from courses.sessions.seats.freeing import assignment_changed, free_seats, person_saved
from courses.sessions.seats.offers import lapse_offers
from courses.sessions.seats.reservations import give_lapsed_seats
from courses.sessions.tasks import send_approval_request, send_interest_notice, send_notice, send_trainer_notice
from courses.sessions.tiles import hours_tile, next_session_tile, unit_trainings_tile, without_trainer_tile
from courses.signals import session_changed
from courses.verbs import VERBS
from courses.yearly.demo import load_yearly
from courses.yearly.reports import keep_approved_plans
from kb.manuals.citations import register_citations
from kb.pictures.places import register_pictures
from portal.access.narrowing import of_places
from portal.admin.drafts import drafts_list
from portal.admin.long_choices import Source, register_source
from portal.enums import Role
from portal.models import Assignment, Person, PortalDocument
from portal.operations.immutability import keep
from portal.registry.audit import register_verbs
from portal.registry.contexts import register_context
from portal.registry.dashboard import DashboardList, register_dashboard
from portal.registry.demo import register_demo
from portal.registry.gaps import register_gaps
from portal.registry.imports import register_import
from portal.registry.jobs import register_job
from portal.registry.learning import register_lessons
from portal.registry.navigation import NavItem, register_nav
from portal.registry.notices import register_notice_kind
from portal.registry.roles import grant, grant_editing
from portal.registry.sight import register_linked, register_sight
from portal.registry.starter import register_starter
from portal.registry.tasks import register_retry
from portal.registry.tiles import register_home_tile, register_me_tile, register_unit_tile

EDITORS = (Role.TRAINER, Role.EDITOR, Role.ADMINISTRATOR)


def _material_label(document: PortalDocument) -> str:
    return document.title


def register() -> None:
    """Menu entries, tiles, role permissions, search, citations, demo loaders, and the audit of publications."""
    register_verbs(VERBS)
    _sight()
    _rights()
    _demo()
    _kept()
    register_source("modules", Source(TrainingModule.objects.order_by("code").all, ("code", "title")))
    materials = PortalDocument.objects.filter(is_personal=False).order_by("title")
    register_source("materials", Source(materials.all, ("title",), _material_label))
    register_import(plan_import)
    register_import(day_import)
    register_starter(starter.LIST, starter.load_holidays)
    register_import(nominee_import)
    register_import(attendance_import)
    register_context(TrainingModule, preview_of_module)
    register_nav(NavItem(_("Training"), "courses:catalogue", "calendar", 30))
    register_dashboard(20, module_drafts)
    register_gaps(30, "modules-without-faults", _("Modules without a topic about faults"), modules_without_faults)
    _notices()
    register_home_tile(20, next_session_tile)
    register_home_tile(19, owed_tile)
    register_home_tile(21, without_trainer_tile)
    register_me_tile(20, hours_tile)
    register_unit_tile(40, unit_trainings_tile)
    register_search()
    register_citations(20, citations.source)
    register_lessons(20, module_lessons)
    register_pictures(pictures.source)
    register_retry(send_notice, at_most=2)
    register_retry(send_trainer_notice, at_most=2)
    register_retry(send_request_letter, at_most=2)
    register_retry(send_due_letter, at_most=2)
    register_retry(send_approval_request, at_most=2)
    register_retry(send_interest_notice, at_most=2)
    register_job("lapse_offers", lapse_offers, every=dt.timedelta(minutes=10))
    register_job("give_lapsed_seats", give_lapsed_seats, every=dt.timedelta(hours=1))
    register_job("remind_of_dues", remind_of_dues, daily_at=dt.time(7, 10))
    register_job("remind_contacts", remind_contacts, every=dt.timedelta(hours=6))
    register_job("make_training_reports", make_reports, daily_at=dt.time(4, 30))
    register_job("keep_approved_plans", keep_approved_plans, daily_at=dt.time(4, 40))
    register_job("ask_for_reviews", ask_for_reviews, daily_at=dt.time(6, 0))
    register_job("free_seats_of_leavers", free_seats, every=dt.timedelta(hours=1))
    register_kinds()
    _listen()


def _sight() -> None:
    for model in (Session, TrainingRequest, Project, TrainingDue, TrainingNeed, YearlyPlan):
        register_sight(model, of_places("organisation"))
    register_linked("request", TrainingRequest)
    for model in (PlanRow, PlanPeriod):
        register_sight(model, of_places("project__organisation"))
    register_sight(YearlyPlanRow, of_places("plan__organisation"))
    register_sight(PlannedSession, of_places("row__project__organisation"))


def _rights() -> None:
    for role in EDITORS:
        grant_editing(role, "courses", "trainingmodule", "course")
        grant(role, "courses.lock_trainingmodule", "courses.unlock_trainingmodule")
    # Managers schedule sessions of approved modules; they do not change what is taught.
    grant(Role.MANAGER, "courses.view_trainingmodule")
    for role in (Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR):
        grant_editing(role, "courses", "planslip")
    grant_editing(Role.ADMINISTRATOR, "courses", "specialday")
    grant(Role.ADMINISTRATOR, "courses.change_clashpolicy")


def _demo() -> None:
    register_demo(30, "modules", load_modules, reads="modules")
    register_demo(30, "places", load_places, reads="places")
    register_demo(31, "training", demo.load_past_sessions, reads="sessions")
    register_demo(32, "sessions", demo.load_coming_sessions, reads="sessions")
    register_demo(33, "training requests", load_requests, reads="requests")
    register_demo(35, "yearly plans", load_yearly, reads="yearly")
    register_demo(35, "assigned training", load_dues, reads="assigned")
    register_demo(33, "arrivals", load_arrivals, reads="sessions")
    register_demo(34, "evaluations", load_evaluations, reads="evaluations")
    register_demo(35, "notices", load_notices, reads="sessions")
    register_demo(34, "plans", plans_demo.load_projects, reads="projects")


def _kept() -> None:
    for model in (HourCredit, AttendanceCorrection, NomineeTimes, NomineeCredit, NomineeMatch, TrainingReport):
        keep(model)
    keep(Attendance, may_fill=("checked_out_at", "checked_out_by", "checked_out_from"))


def _notices() -> None:
    seats, near = _("There is news about your seat in a training session."), _("A training session of yours is near.")
    register_notice_kind("sessions", _("Seats and changes of sessions"), group_text=seats)
    register_notice_kind("reminders", _("Reminders before a session"), group_text=near)
    forms = _("An evaluation of a training waits for you.")
    register_notice_kind("evaluations", _("Evaluations to be filled in"), group_text=forms)
    seat_waits = _("A seat awaits an approval.")
    register_notice_kind("approvals", _("Seats that await my approval"), group_text=seat_waits)
    register_notice_kind("interests", _("Sessions of modules I want"))
    register_notice_kind("dues", _("Assigned training"))
    register_notice_kind("effects", _("Reviews of the effect"), lambda person: person.has_role(Role.MANAGER))
    register_notice_kind("requests", _("Training requests of customers"), may_use_requests)
    register_job("remind_of_sessions", remind_of_sessions, every=dt.timedelta(hours=1))
    register_job("remind_of_evaluations", remind_of_evaluations, every=dt.timedelta(hours=6))
    register_job("remind_of_effects", remind_of_effects, every=dt.timedelta(hours=6))


def _listen() -> None:
    post_save.connect(person_saved, sender=Person, dispatch_uid="courses.person_saved")
    post_save.connect(assignment_changed, sender=Assignment, dispatch_uid="courses.assignment_saved")
    post_delete.connect(assignment_changed, sender=Assignment, dispatch_uid="courses.assignment_deleted")
    session_changed.connect(session_moved, sender=Session, dispatch_uid="courses.session_moved")
    published.connect(record_publication, sender=TrainingModule, dispatch_uid="courses.module_published")
    unpublished.connect(record_withdrawal, sender=TrainingModule, dispatch_uid="courses.module_withdrawn")


def module_drafts(request: HttpRequest) -> DashboardList | None:
    """Return the modules with changes nobody has published, for the first page of the editing area."""
    found = drafts_list(request.user, [TrainingModule])
    return replace(found, title=_("Modules in preparation")) if found else None


def preview_of_module(request: HttpRequest, module: TrainingModule) -> dict[str, Any]:
    """Return what the page of a module shows, without the sessions, which an unsaved draft cannot have."""
    return {
        "module": module,
        "topics": topics_with_reading(module, request.user),
        "trainers": module.trainers.all(),
        "is_preview": True,
    }

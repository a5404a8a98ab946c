"""What this app puts into the registries of the ground floor and hears from the apps below."""

import datetime as dt
from functools import partial

from django.core.management import call_command
from django.utils.translation import gettext_lazy as _

from portal.enums import Role
from portal.jobs import register_job
from portal.navigation import NavItem, register_nav
from portal.roles import grant

QUESTION_MODELS = ("question", "questionbank", "quiz", "checklist")
SCHEME_MODELS = ("scheme", "statutorykind", "assessorappointment")


def register() -> None:
    """The duty gate and its API, menu entries, panels, role permissions, demo loaders, receivers, regular jobs."""
    _answer_the_duty_question()
    _menu()
    _panels()
    _rights()
    _demo()
    _listen()
    _register_jobs()


def _answer_the_duty_question() -> None:
    from certification.api import router
    from certification.duty import gate
    from portal.api import register_router
    from portal.duty import register_gate

    register_gate(gate)
    register_router("/duty", router)


def _menu() -> None:
    from certification.permissions import is_assessor, may_survey
    from portal.permissions import is_staff_member

    register_nav(NavItem(_("Certification"), "certification:mine", "certificate", 40, is_staff_member))
    register_nav(NavItem(_("Duty check"), "certification:duty", "shield", 60, may_survey))
    register_nav(NavItem(_("Skills matrix"), "certification:matrix", "people", 62, may_survey))
    register_nav(NavItem(_("Practicals"), "certification:practicals", "clipboard", 64, is_assessor))


def _panels() -> None:
    from certification import home
    from portal.home import register_me_panel, register_panel, register_unit_panel

    register_panel(10, home.duty_panel)
    register_me_panel(10, home.certificates_panel)
    register_unit_panel(30, home.unit_panel)


def _rights() -> None:
    """Trainers keep the questions, administrators everything. Nobody deletes: attempts and the ledger point to it."""
    for role in (Role.TRAINER, Role.ADMINISTRATOR):
        for model in QUESTION_MODELS:
            grant(role, *(f"certification.{act}_{model}" for act in ("add", "change", "view")))
    for model in SCHEME_MODELS:
        grant(Role.ADMINISTRATOR, *(f"certification.{act}_{model}" for act in ("add", "change", "view")))
        grant(Role.TRAINER, f"certification.view_{model}")


def _demo() -> None:
    from certification import demo, demo_stages
    from portal.demo import register_demo

    register_demo(40, "questions", demo.load_questions, reads="questions")
    register_demo(41, "practicals", demo.load_practicals, reads="practicals")
    register_demo(42, "schemes", demo.load_schemes, reads="schemes")
    register_demo(43, "cards", demo.load_cards, reads="people")
    register_demo(44, "qualifications", demo_stages.load_stages, reads="people")


def _listen() -> None:
    from django.apps import apps
    from django.db.models.signals import post_migrate

    from certification import append_only, receivers
    from courses.signals import hours_credited
    from kb.signals import edition_published

    config = apps.get_app_config("certification")
    post_migrate.connect(append_only.protect_after_migrate, sender=config, dispatch_uid="certification.protect")
    hours_credited.connect(receivers.award_after_hours, dispatch_uid="certification.award_after_hours")
    edition_published.connect(receivers.follow_to_new_edition, dispatch_uid="certification.follow_edition")


def _register_jobs() -> None:
    expire = partial(call_command, "expire_qualifications", verbosity=0)
    register_job("expire_qualifications", expire, daily_at=dt.time(0, 10))

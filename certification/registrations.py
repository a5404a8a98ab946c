"""What this app puts into the registries of the ground floor and hears from the apps below."""

import datetime as dt
from functools import partial

from django.core.management import call_command
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.enums import Role
from portal.jobs import register_job
from portal.navigation import NavItem, register_nav
from portal.operations.immutability import keep
from portal.roles import grant

QUESTION_MODELS = ("question", "questionbank", "quiz", "checklist")
SCHEME_MODELS = ("scheme", "statutorykind", "assessorappointment")


def register() -> None:
    """The duty gate and its API, menu entries, panels, role permissions, demo loaders, evidence, receivers, jobs."""
    _answer_the_duty_question()
    _menu()
    _panels()
    _rights()
    _demo()
    _keep_the_ledger()
    _keep_attempts()
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

    register_demo(40, "questions", demo.load_questions)
    register_demo(41, "practicals", demo.load_practicals)
    register_demo(42, "schemes", demo.load_schemes)
    register_demo(43, "cards", demo.load_cards)
    register_demo(44, "qualifications", demo_stages.load_stages)


def _keep_the_ledger() -> None:
    """Facts about qualifications, and what they are shown by."""
    from certification.models import Certificate, LedgerEntry, PracticalAssessment, StatutoryCertificate

    keep(LedgerEntry)
    keep(Certificate)
    keep(PracticalAssessment)
    # A document may be taken out of the library; the card on record stays as it was printed.
    keep(StatutoryCertificate, may_fill=("withdrawn_on", "withdrawn_recorded_at"), may_change=("scan",))


def _keep_attempts() -> None:
    """A paper from the moment it is drawn, its answers and result from the moment it is closed, and what was asked."""
    from certification.enums import AttemptState
    from certification.models import Answer, Attempt, AttemptQuestion, AttemptRelease, Choice, QuestionVersion

    is_closed, was_shown = ~Q(state=AttemptState.OPEN), Q(shown__isnull=False)
    keep(AttemptRelease)
    keep(Attempt, may_change=("state", "closed_at", "score", "is_passed"))
    keep(Attempt, when=is_closed)
    keep(AttemptQuestion)
    keep(AttemptQuestion, of="attempt", when=is_closed)
    keep(Answer, of="shown", when=~Q(attempt__state=AttemptState.OPEN))
    # Which version is drawn next and what to read again are not what was asked.
    keep(QuestionVersion, when=was_shown, may_change=("is_current", "chapter", "article"))
    keep(Choice, of="version", when=was_shown)


def _listen() -> None:
    from certification import receivers
    from courses.signals import hours_credited
    from kb.signals import edition_published

    hours_credited.connect(receivers.award_after_hours, dispatch_uid="certification.award_after_hours")
    edition_published.connect(receivers.follow_to_new_edition, dispatch_uid="certification.follow_edition")


def _register_jobs() -> None:
    expire = partial(call_command, "expire_qualifications", verbosity=0)
    register_job("expire_qualifications", expire, daily_at=dt.time(0, 10))

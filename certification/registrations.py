"""Registrations of certification in the registries of ``portal`` and ``kb``, and its signal receivers."""

import datetime as dt
from functools import partial

from django.core.management import call_command
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.signals import published

from certification import demo, demo_earlier, demo_inquiries, demo_papers, demo_stages, receivers, requirements
from certification.certificates.training import training_papers
from certification.certificates.verification import holders_by_number
from certification.duty.api import router
from certification.duty.gate import gate
from certification.duty.nearby import nearby
from certification.duty.tiles import model_tile, own_posts_tile, question_tile, unit_tile
from certification.enums import AttemptState, Ground
from certification.evidence.packs.domain import give_up
from certification.evidence.packs.tasks import make_sample_file
from certification.guidance.domain import award_after_guidance
from certification.kept import keep_attempts, keep_the_ledger
from certification.kinds import question_kinds, requirement_kinds
from certification.models import (
    ApprovedVersion,
    AssessorAppointment,
    Attempt,
    AttemptRelease,
    Certificate,
    CounterSignature,
    DutyInquiry,
    DutyOverride,
    Excuse,
    ExcuseDecision,
    Guidance,
    GuidanceEnd,
    LedgerEntry,
    ManualReading,
    OverrideWithdrawal,
    PracticalAssessment,
    PracticalDraft,
    PracticeAnswer,
    ReadingConfirmation,
    ReadingDue,
    StatutoryCertificate,
    StudyConfirmation,
    TakenOver,
    WorkLimit,
)
from certification.overview.role_tiles import assessor_tile, auditor_tile, manager_tile
from certification.overview.tiles import unqualified_tile, waiting_alone_list, waiting_alone_tile
from certification.permissions import is_assessor, may_survey
from certification.practicals import citations as items
from certification.practicals.dashboard import asked_about
from certification.practicals.photos import clear_orphans
from certification.questions import citations as questions
from certification.questions import kinds as kinds_of_question
from certification.questions.dashboard import suspended
from certification.questions.reading import watch_rights
from certification.quizzes.lessons import quiz_lessons
from certification.retention import register_kinds
from certification.revisions.queries import count_touched, find_questions
from certification.revisions.tiles import readings_tile
from certification.schemes.contradictions import scheme_contradictions
from certification.schemes.held import held_by_training
from certification.statutory.imports import kind as cards_import
from certification.statutory.reminders import remind_of_statutory
from certification.takeover.imports import kinds as takeover_imports
from certification.training_file.excuse_views import excuses_tile
from certification.training_file.reminders import remind_of_expiries
from certification.training_file.tiles import certificates_tile, duty_tile
from certification.verbs import VERBS
from courses.signals import hours_credited, hours_falling
from kb.manuals.citations import register_citations
from kb.models import FaultArticle, ManualEdition
from kb.signals import verdict_given
from portal.access.narrowing import of_people
from portal.audiences import is_staff_member
from portal.enums import Role
from portal.models.bar import changes_settled
from portal.registry.audit import register_fact_values, register_page, register_reader, register_verbs
from portal.registry.dashboard import register_dashboard
from portal.registry.demo import register_demo
from portal.registry.duty import register_finder, register_gate
from portal.registry.held import register_held
from portal.registry.holders import register_holder_finder
from portal.registry.imports import register_import
from portal.registry.jobs import register_job
from portal.registry.learning import register_lessons
from portal.registry.navigation import NavItem, register_nav
from portal.registry.notices import register_notice_kind
from portal.registry.revisions import register_asking, register_touched
from portal.registry.roles import grant
from portal.registry.routers import register_router
from portal.registry.sight import register_sight
from portal.registry.statutory import register_contradictions
from portal.registry.tasks import register_retry
from portal.registry.tiles import (
    register_home_lead,
    register_home_tile,
    register_me_tile,
    register_model_tile,
    register_unit_tile,
)
from portal.registry.training_papers import register_training_papers

OF_PEOPLE = (
    AssessorAppointment,
    Attempt,
    AttemptRelease,
    Certificate,
    CounterSignature,
    DutyInquiry,
    DutyOverride,
    Excuse,
    LedgerEntry,
    ManualReading,
    PracticalAssessment,
    PracticalDraft,
    PracticeAnswer,
    ReadingConfirmation,
    ReadingDue,
    StatutoryCertificate,
    TakenOver,
    WorkLimit,
)
QUESTION_MODELS = ("question", "questionbank", "quiz", "checklist")
SCHEME_MODELS = ("scheme", "assessorappointment")


def register() -> None:
    """Kinds, the gate and its API, citations, menu, tiles, role permissions, demo loaders, receivers, regular jobs."""
    for kind in (cards_import, *takeover_imports):
        register_import(kind)
    register_verbs(VERBS)
    register_fact_values("state", dict(AttemptState.choices))
    register_fact_values("grounds", dict(Ground.choices))
    _pages_of_records()
    _sight()
    question_kinds.discover(kinds_of_question)
    requirement_kinds.discover(requirements)
    _answer_the_duty_question()
    register_citations(30, questions.source)
    register_citations(31, items.source)
    register_lessons(30, quiz_lessons)
    register_dashboard(5, waiting_alone_list)
    register_dashboard(30, suspended)
    register_dashboard(31, asked_about)
    _menu()
    _tiles()
    _rights()
    _demo()
    keep_the_ledger()
    keep_attempts()
    _listen()
    watch_rights()
    _register_jobs()


def _answer_the_duty_question() -> None:
    register_gate(gate)
    register_finder(nearby)
    register_router("/duty", router)
    register_holder_finder(holders_by_number)
    register_contradictions(40, scheme_contradictions)
    register_held(held_by_training)
    register_touched(count_touched)
    register_asking(find_questions)
    register_training_papers(training_papers)


def _pages_of_records() -> None:
    """Where the audit log leads to from records that nobody edits."""
    register_page("certification.attempt", lambda record: reverse("certification:evidence_paper", args=[record.pk]))
    register_page(
        "certification.practicalassessment",
        lambda record: reverse("certification:evidence_practical", args=[record.pk]),
    )
    register_page("certification.certificate", lambda record: reverse("verify:certificate", args=[record.number]))
    register_page("certification.guidance", lambda record: reverse("certification:guidance"))
    register_page("certification.dutyoverride", lambda record: reverse("certification:overrides"))
    for label in (
        "ledgerentry",
        "takenover",
        "manualreading",
        "statutorycertificate",
        "countersignature",
        "attemptrelease",
    ):
        register_page(
            f"certification.{label}",
            lambda record: reverse("certification:person", args=[record.person.staff_number]),
        )


def _sight() -> None:
    """What is about somebody is seen with them; answers are read by who keeps the questions."""
    for model in OF_PEOPLE:
        register_sight(model, of_people("person"))
    register_sight(Guidance, of_people("learner"))
    register_sight(GuidanceEnd, of_people("guidance__learner"))
    register_sight(OverrideWithdrawal, of_people("override__person"))
    register_sight(ExcuseDecision, of_people("excuse__person"))
    register_sight(StudyConfirmation, of_people("attempt__person"))
    register_reader("certification.question", lambda reader: reader.has_perm("certification.view_question"))


def _menu() -> None:
    register_nav(NavItem(_("Certification"), "certification:mine", "certificate", 40, is_staff_member))
    register_nav(NavItem(_("Duty check"), "certification:duty", "shield", 60, may_survey))
    register_nav(NavItem(_("Skills matrix"), "certification:matrix", "people", 62, may_survey))
    register_nav(NavItem(_("Practicals"), "certification:practicals", "clipboard", 64, is_assessor))
    register_nav(NavItem(_("Counter-signatures"), "certification:countersignatures", "check", 65, is_assessor))


def _tiles() -> None:
    register_home_lead(question_tile)
    register_home_tile(10, own_posts_tile)
    register_home_tile(11, duty_tile)
    register_home_tile(12, unqualified_tile)
    register_home_tile(8, waiting_alone_tile)
    register_home_tile(8, assessor_tile)
    register_home_tile(13, manager_tile)
    register_home_tile(13, auditor_tile)
    register_home_tile(9, readings_tile)
    register_home_tile(13, excuses_tile)
    register_me_tile(10, certificates_tile)
    register_unit_tile(30, unit_tile)
    register_model_tile(30, model_tile)


def _rights() -> None:
    """Trainers keep the questions, administrators everything. Nobody deletes: attempts and the ledger point to it.

    Changes of schemes, quizzes and checklists are drafts until another approves them: trainers those of trainers,
    managers and administrators any but their own.
    """
    for role in (Role.TRAINER, Role.ADMINISTRATOR):
        for model in QUESTION_MODELS:
            grant(role, *(f"certification.{act}_{model}" for act in ("add", "change", "view")))
    for kind in ("quiz", "checklist"):
        grant(Role.TRAINER, f"certification.approve_{kind}")
    for role in (Role.MANAGER, Role.ADMINISTRATOR):
        grant(role, *(f"certification.approve_{kind}" for kind in ("scheme", "quiz", "checklist")))
    for model in SCHEME_MODELS:
        grant(Role.ADMINISTRATOR, *(f"certification.{act}_{model}" for act in ("add", "change", "view")))
        grant(Role.TRAINER, f"certification.view_{model}")


def _demo() -> None:
    register_demo(40, "questions", demo.load_questions, reads="questions")
    register_demo(41, "practicals", demo.load_practicals, reads="practicals")
    register_demo(42, "schemes", demo.load_schemes, reads="schemes")
    register_demo(43, "cards", demo.load_cards, reads="people")
    register_demo(44, "qualifications", demo_stages.load_stages, reads="people")
    register_demo(45, "earlier records", demo_earlier.load_earlier, reads="earlier")
    register_demo(45, "photos", demo_papers.load_photos, reads="papers")
    register_demo(46, "company documents", demo_papers.load_company_documents, reads="papers")
    register_demo(47, "samples", demo_papers.load_sample, reads="papers")
    register_demo(46, "guidance", demo_earlier.load_guidance, reads="guidance")
    register_demo(46, "inquiries", demo_inquiries.load_inquiries, reads="people")


def _listen() -> None:
    hours_credited.connect(receivers.award_after_hours, dispatch_uid="certification.award_after_hours")
    changes_settled.connect(receivers.award_held_back, dispatch_uid="certification.award_held_back")
    verdict_given.connect(receivers.ask_holders_to_act, dispatch_uid="certification.ask_holders_to_act")
    hours_falling.connect(receivers.name_certificates, dispatch_uid="certification.name_certificates")
    post_save.connect(
        receivers.review_after_edition, sender=ManualEdition, dispatch_uid="certification.review_after_edition"
    )
    post_save.connect(
        receivers.compare_approved_items, sender=ApprovedVersion, dispatch_uid="certification.compare_approved_items"
    )
    published.connect(
        receivers.review_after_article, sender=FaultArticle, dispatch_uid="certification.review_after_article"
    )


def _register_jobs() -> None:
    expire = partial(call_command, "expire_qualifications", verbosity=0)
    register_retry(make_sample_file, at_most=2, given_up=give_up)
    register_job("remind_of_statutory", remind_of_statutory, daily_at=dt.time(7, 30))
    register_kinds()
    register_job("clear_orphan_photos", clear_orphans, daily_at=dt.time(3, 50))
    register_notice_kind("expiries", _("Qualifications and cards that expire"))
    register_notice_kind("readings", _("Manuals to be read again"), group_text=_("A manual is to be read again."))
    register_job("remind_of_expiries", remind_of_expiries, daily_at=dt.time(7, 30))
    register_job("award_after_guidance", award_after_guidance, daily_at=dt.time(0, 20))
    register_job("expire_qualifications", expire, daily_at=dt.time(0, 10))

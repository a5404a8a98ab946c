"""Registrations of the knowledge base in the registries of ``portal``."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.signals import published, unpublished

from kb import dashboard, demo
from kb.cases import demo as case_demo
from kb.cases.articles import announce_publication
from kb.cases.domain import pass_up_overdue
from kb.cases.permissions import cases_for, may_report
from kb.cases.tiles import cases_tile
from kb.diagnosis import demo as diagnosis_demo
from kb.diagnosis import pictures as guide_pictures
from kb.diagnosis import search as guides
from kb.diagnosis.domain import record_publication as record_guide_publication
from kb.diagnosis.domain import record_withdrawal as record_guide_withdrawal
from kb.diagnosis.tiles import diagnosis_tile
from kb.diagnosis.tree_page import tree_facts
from kb.faults import citations as fault_citations
from kb.faults import pictures as fault_pictures
from kb.faults import search as faults
from kb.faults.contradictions import guide_contradictions
from kb.faults.domain import record_publication, record_withdrawal
from kb.faults.queries import fault_facts
from kb.faults.tiles import guides_tile
from kb.manuals import pictures as manual_pictures
from kb.manuals import search as manuals
from kb.manuals.citations import register_citations
from kb.manuals.imports.domain import forget_old_imports
from kb.manuals.imports.tasks import read_manual
from kb.manuals.papers.making import give_up
from kb.manuals.papers.tasks import make_paper
from kb.manuals.tiles import manuals_tile
from kb.manuals.views import edition_facts
from kb.models import (
    CaseEntry,
    DiagnosisGuide,
    DiagnosisRun,
    EditionVerdict,
    FaultArticle,
    FieldCase,
    ManualChapter,
    ManualEdition,
)
from kb.pictures.places import register_pictures
from kb.verbs import VERBS
from portal.access.narrowing import of_people
from portal.admin.long_choices import Source, register_source
from portal.audiences import is_staff_member
from portal.enums import Role
from portal.operations.immutability import keep
from portal.registry.audit import register_verbs
from portal.registry.contexts import register_context
from portal.registry.dashboard import register_dashboard
from portal.registry.demo import register_demo
from portal.registry.field_cases import register_report_case
from portal.registry.jobs import register_job
from portal.registry.navigation import NavItem, register_nav
from portal.registry.notices import register_notice_kind
from portal.registry.roles import grant, grant_editing
from portal.registry.sight import register_sight
from portal.registry.statutory import register_contradictions
from portal.registry.tasks import register_retry
from portal.registry.tiles import register_home_tile, register_unit_tile

EDITORS = (Role.EDITOR, Role.TRAINER, Role.ADMINISTRATOR)
FROZEN = "a published edition does not change"


def _article_label(article: FaultArticle) -> str:
    return f"{article.number} · {article.title}"


def register() -> None:
    """Menu entries, role permissions, citations, search, demo loaders, and the audit of what the admin publishes."""
    articles = FaultArticle.objects.filter(live=True).order_by("number")
    register_source("kb.faultarticle", Source(articles.all, ("number", "title", "codes__code"), _article_label))
    register_verbs(VERBS)
    register_context(FaultArticle, preview_of_fault)
    register_context(ManualEdition, preview_of_edition)
    register_context(DiagnosisGuide, tree_facts)
    register_sight(DiagnosisRun, of_people("person"))
    register_sight(FieldCase, lambda reader: Q(pk__in=cases_for(reader).values("pk")))
    register_notice_kind("cases", _("Field cases"), is_staff_member)
    register_nav(NavItem(_("Knowledge base"), "kb:index", "book", 20))
    register_nav(NavItem(_("Field cases"), "kb:cases", "help", 66, is_staff_member))
    for role in EDITORS:
        grant_editing(role, "kb", "faultarticle", "diagnosisguide", "manual", "manualedition")
        grant(role, "kb.lock_faultarticle", "kb.unlock_faultarticle")
        grant(role, "kb.lock_diagnosisguide", "kb.unlock_diagnosisguide", "kb.view_diagnosisrun")
    register_dashboard(10, dashboard.reviews)
    register_dashboard(11, dashboard.drafts)
    register_dashboard(12, dashboard.draft_editions)
    register_home_tile(32, cases_tile)
    register_unit_tile(8, diagnosis_tile)
    register_unit_tile(10, guides_tile)
    register_unit_tile(20, manuals_tile)
    register_citations(10, fault_citations.source)
    register_contradictions(20, guide_contradictions)
    for source in (fault_pictures.source, guide_pictures.source, manual_pictures.source):
        register_pictures(source)
    faults.register_source()
    guides.register_source()
    manuals.register_source()
    register_report_case(lambda reader: reverse("kb:case_report") if may_report(reader) else "")
    register_job("kb.pass_up_overdue", pass_up_overdue, every=dt.timedelta(minutes=15))
    register_job("forget_old_imports", forget_old_imports, daily_at=dt.time(3, 20))
    register_retry(read_manual, at_most=2)
    register_retry(make_paper, at_most=2, given_up=give_up)
    _demo()
    _kept()
    _listen()


def _demo() -> None:
    register_demo(20, "manuals", demo.load_manuals, reads="manuals")
    register_demo(21, "faults", demo.load_faults, reads="faults")
    register_demo(22, "guides", diagnosis_demo.load_guides, reads="guides")
    register_demo(23, "cases", case_demo.load_cases, reads="cases")


def _kept() -> None:
    keep(CaseEntry)
    keep(EditionVerdict)
    is_published = Q(published_on__isnull=False)
    keep(ManualEdition, when=is_published, refusal=FROZEN)
    keep(ManualChapter, of="edition", when=is_published, refusal=FROZEN)


def _listen() -> None:
    published.connect(record_publication, sender=FaultArticle, dispatch_uid="kb.fault_published")
    published.connect(announce_publication, sender=FaultArticle, dispatch_uid="kb.case_announced")
    unpublished.connect(record_withdrawal, sender=FaultArticle, dispatch_uid="kb.fault_withdrawn")
    published.connect(record_guide_publication, sender=DiagnosisGuide, dispatch_uid="kb.guide_published")
    unpublished.connect(record_guide_withdrawal, sender=DiagnosisGuide, dispatch_uid="kb.guide_withdrawn")


def preview_of_fault(request: HttpRequest, article: FaultArticle) -> dict[str, Any]:
    """Return what the page of an article shows, with the codes of the draft."""
    return fault_facts(article, request.user, codes=list(article.codes.all()), is_draft=True)


def preview_of_edition(request: HttpRequest, edition: ManualEdition) -> dict[str, Any]:
    """Return what the page of an edition shows, as if it were the current one."""
    return edition_facts(edition.manual, edition, edition, request.user)

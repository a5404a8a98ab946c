"""Registrations of the knowledge base in the registries of ``portal``."""

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.signals import published, unpublished

from kb import dashboard, demo
from kb.bulletins import demo as bulletin_demo
from kb.bulletins import search as bulletins
from kb.bulletins.domain import issue_edition, remind_readers
from kb.bulletins.domain import record_withdrawal as record_bulletin_withdrawal
from kb.bulletins.tasks import send_bulletin_letter
from kb.bulletins.tiles import model_tile as bulletin_model_tile
from kb.bulletins.tiles import unit_tile as bulletin_unit_tile
from kb.bulletins.tiles import waiting_tile
from kb.bulletins.views import bulletin_facts
from kb.cases import demo as case_demo
from kb.cases.articles import announce_publication
from kb.cases.domain import pass_up_overdue
from kb.cases.permissions import cases_for, may_report, not_closed_to
from kb.cases.tiles import cases_tile
from kb.control.domain import may_try, review
from kb.control.review_dates import remind_owners
from kb.control.tasks import send_review_letter
from kb.diagnosis import demo as diagnosis_demo
from kb.diagnosis import pictures as guide_pictures
from kb.diagnosis import search as guides
from kb.diagnosis.domain import record_publication as record_guide_publication
from kb.diagnosis.domain import record_withdrawal as record_guide_withdrawal
from kb.diagnosis.tiles import diagnosis_tile
from kb.diagnosis.tree_page import tree_facts
from kb.enums import CaseState, ReviewDecision
from kb.faults import citations as fault_citations
from kb.faults import demo as fault_demo
from kb.faults import pictures as fault_pictures
from kb.faults import search as faults
from kb.faults.contradictions import guide_contradictions
from kb.faults.domain import record_publication, record_withdrawal
from kb.faults.imports import kind as fault_import
from kb.faults.queries import fault_facts
from kb.faults.tiles import guides_tile
from kb.feedback import gaps
from kb.handling import demo as handling_demo
from kb.handling.tiles import records_tile
from kb.manuals import pictures as manual_pictures
from kb.manuals import search as manuals
from kb.manuals.citations import register_citations
from kb.manuals.imports.tasks import read_manual
from kb.manuals.papers.domain import remake_papers
from kb.manuals.papers.making import give_up
from kb.manuals.papers.tasks import make_paper
from kb.manuals.queries import current_chapters
from kb.manuals.tiles import manuals_tile
from kb.manuals.verdicts import judge_revision
from kb.manuals.views import edition_facts
from kb.models import (
    Bulletin,
    BulletinConfirmation,
    BulletinIssue,
    BulletinReminder,
    CaseEntry,
    ContentReview,
    ContentTranslation,
    DiagnosisGuide,
    DiagnosisRun,
    EditionVerdict,
    FaultArticle,
    FieldCase,
    HandlingRecord,
    ManualChapter,
    ManualEdition,
    ReviewReminder,
)
from kb.models.reviews import REVIEW, REVIEWERS, ReviewActs, register_review_acts
from kb.pictures.drafts import register_reviewed
from kb.pictures.places import register_pictures
from kb.pictures.queries import drawings
from kb.retention import register_kinds
from kb.reviewing.queries import shows_to_review
from kb.reviewing.tiles import review_tile
from kb.topics.demo import load_topics
from kb.translations import demo as translation_demo
from kb.translations.domain import withdraw_unapproved
from kb.verbs import VERBS
from portal.access.narrowing import of_people
from portal.admin.long_choices import Source, register_source
from portal.audiences import is_staff_member
from portal.enums import Role
from portal.models import EquipmentUnit, PortalImage
from portal.operations.immutability import keep
from portal.registry.audit import register_fact_values, register_verbs
from portal.registry.contexts import register_context
from portal.registry.dashboard import register_dashboard
from portal.registry.demo import register_demo
from portal.registry.field_cases import register_report_case
from portal.registry.gaps import register_gaps
from portal.registry.imports import register_import
from portal.registry.jobs import register_job
from portal.registry.navigation import NavItem, register_nav
from portal.registry.notices import register_notice_kind
from portal.registry.roles import grant, grant_editing
from portal.registry.sight import register_closed, register_sight
from portal.registry.statutory import register_contradictions
from portal.registry.tasks import register_retry
from portal.registry.tiles import ModelTileMaker, Tile, register_home_tile, register_model_tile, register_unit_tile

EDITORS = (Role.EDITOR, Role.TRAINER, Role.ADMINISTRATOR)
FROZEN = "a published edition does not change"


def _article_label(article: FaultArticle) -> str:
    return f"{article.number} · {article.title}"


def _chapter_label(chapter: ManualChapter) -> str:
    return f"{chapter.edition.manual.number} {chapter.edition.edition} · {chapter}"


def _drawing_label(image: PortalImage) -> str:
    return image.title


def register() -> None:
    """Menu entries, role permissions, citations, search, demo loaders, and the audit of what the admin publishes."""
    articles = FaultArticle.objects.filter(live=True).order_by("number")
    register_source("kb.faultarticle", Source(articles.all, ("number", "title", "codes__code"), _article_label))
    chapter_words = ("title", "number", "edition__manual__title", "edition__manual__number")
    register_source("kb.manualchapter", Source(current_chapters, chapter_words, _chapter_label))
    register_source("drawings", Source(drawings, ("title", "description"), _drawing_label))
    register_verbs(VERBS)
    register_fact_values("decision", dict(ReviewDecision.choices))
    register_fact_values("state", dict(CaseState.choices))
    register_context(FaultArticle, preview_of_fault)
    register_context(ManualEdition, preview_of_edition)
    register_context(DiagnosisGuide, tree_facts)
    register_context(Bulletin, lambda request, bulletin: bulletin_facts(bulletin, request.user))
    register_sight(DiagnosisRun, of_people("person"))
    register_sight(FieldCase, lambda reader: Q(pk__in=cases_for(reader).values("pk")))
    register_closed(FieldCase, not_closed_to)
    register_notice_kind(
        "cases", _("Field cases"), is_staff_member, group_text=_("There is news about a field case in the portal.")
    )
    register_notice_kind(
        "bulletins",
        _("Bulletins to be confirmed"),
        is_staff_member,
        group_text=_("A bulletin is to be read and confirmed."),
    )
    register_notice_kind("reviews", _("Reviews of content that are due"), _writes_content)
    register_nav(NavItem(_("Knowledge base"), "kb:index", "book", 20))
    register_nav(NavItem(_("Field cases"), "kb:cases", "help", 66, is_staff_member))
    register_import(fault_import)
    register_gaps(20, "faults-without-guide", _("Faults without guide"), gaps.faults_without_guide)
    register_gaps(21, "guides-unopened", _("Guides nobody opens"), gaps.guides_unopened)
    register_gaps(22, "unsolved", _("Articles that did not help"), gaps.unsolved_articles)
    _rights()
    register_dashboard(10, dashboard.reviews)
    register_dashboard(11, dashboard.drafts)
    register_dashboard(12, dashboard.draft_editions)
    register_home_tile(32, cases_tile)
    register_unit_tile(25, records_tile)
    register_home_tile(8, waiting_tile)
    register_home_tile(9, review_tile)
    register_reviewed(shows_to_review)
    register_unit_tile(2, bulletin_unit_tile)
    register_model_tile(2, bulletin_model_tile)
    for order, maker in ((8, diagnosis_tile), (10, guides_tile), (20, manuals_tile)):
        register_model_tile(order, maker)
        register_unit_tile(order, partial(_of_unit, maker))
    register_citations(10, fault_citations.source)
    register_contradictions(20, guide_contradictions)
    for source in (fault_pictures.source, guide_pictures.source, manual_pictures.source):
        register_pictures(source)
    faults.register_source()
    guides.register_source()
    bulletins.register_source()
    manuals.register_source()
    register_report_case(lambda reader: reverse("kb:case_report") if may_report(reader) else "")
    _jobs()
    register_review_acts(ReviewActs(may_try, review))
    _demo()
    _kept()
    _listen()


def _writes_content(reader: Any) -> bool:
    return bool(reader.has_role(*EDITORS))


def _rights() -> None:
    for role in EDITORS:
        grant_editing(role, "kb", "faultarticle", "diagnosisguide", "bulletin", "manual", "manualedition")
        # A topic that is no longer wanted is not offered any more; what names it keeps it.
        grant(role, "kb.add_topic", "kb.change_topic", "kb.view_topic")
        grant(role, "kb.lock_faultarticle", "kb.unlock_faultarticle")
        grant(role, "kb.lock_bulletin", "kb.unlock_bulletin")
        grant(role, "kb.lock_diagnosisguide", "kb.unlock_diagnosisguide", "kb.view_diagnosisrun")
    for role in REVIEWERS:
        grant(role, REVIEW)


def _jobs() -> None:
    register_job("kb.pass_up_overdue", pass_up_overdue, every=dt.timedelta(minutes=15))
    register_job("remind_of_reviews", remind_owners, daily_at=dt.time(7, 30))
    register_job("remind_of_bulletins", remind_readers, every=dt.timedelta(hours=6))
    register_kinds()
    register_retry(read_manual, at_most=2)
    register_retry(send_review_letter, at_most=2)
    register_retry(send_bulletin_letter, at_most=2)
    register_retry(make_paper, at_most=2, given_up=give_up)


def _of_unit(maker: ModelTileMaker, request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Show on the page of a machine what is about its model."""
    return maker(request, unit.model)


def _demo() -> None:
    register_demo(19, "topics", load_topics, reads="topics")
    register_demo(20, "manuals", demo.load_manuals, reads="manuals")
    register_demo(21, "faults", demo.load_faults, reads="faults")
    register_demo(24, "compiled chapters", fault_demo.load_compiled, reads="compiled")
    register_demo(26, "translations", translation_demo.load_translations, reads="translations")
    register_demo(22, "guides", diagnosis_demo.load_guides, reads="guides")
    # After certification: the gate is asked about each record.
    register_demo(46, "handling records", handling_demo.load_records, reads="records")
    register_demo(25, "bulletins", bulletin_demo.load_bulletins, reads="bulletins")
    register_demo(23, "cases", case_demo.load_cases, reads="cases")


def _kept() -> None:
    for model in (CaseEntry, ContentReview, ReviewReminder, BulletinIssue, BulletinConfirmation, BulletinReminder):
        keep(model)
    keep(HandlingRecord)
    keep(EditionVerdict)
    is_published = Q(published_on__isnull=False)
    keep(ManualEdition, when=is_published, refusal=FROZEN)
    keep(ManualChapter, of="edition", when=is_published, refusal=FROZEN)


def _listen() -> None:
    published.connect(record_publication, sender=FaultArticle, dispatch_uid="kb.fault_published")
    for judged in (FaultArticle, DiagnosisGuide):
        published.connect(judge_revision, sender=judged, dispatch_uid=f"kb.judged_{judged._meta.model_name}")
    published.connect(announce_publication, sender=FaultArticle, dispatch_uid="kb.case_announced")
    for translated in (FaultArticle, DiagnosisGuide, Bulletin):
        uid = f"kb.translations_withdrawn_{translated._meta.model_name}"
        published.connect(withdraw_unapproved, sender=translated, dispatch_uid=uid)
    for changed in (published, unpublished):
        changed.connect(remake_papers, sender=ContentTranslation, dispatch_uid="kb.papers_remade")
    unpublished.connect(record_withdrawal, sender=FaultArticle, dispatch_uid="kb.fault_withdrawn")
    published.connect(issue_edition, sender=Bulletin, dispatch_uid="kb.bulletin_published")
    unpublished.connect(record_bulletin_withdrawal, sender=Bulletin, dispatch_uid="kb.bulletin_withdrawn")
    published.connect(record_guide_publication, sender=DiagnosisGuide, dispatch_uid="kb.guide_published")
    unpublished.connect(record_guide_withdrawal, sender=DiagnosisGuide, dispatch_uid="kb.guide_withdrawn")


def preview_of_fault(request: HttpRequest, article: FaultArticle) -> dict[str, Any]:
    """Return what the page of an article shows, with the codes of the draft."""
    return fault_facts(article, request.user, codes=list(article.codes.all()), is_draft=True)


def preview_of_edition(request: HttpRequest, edition: ManualEdition) -> dict[str, Any]:
    """Return what the page of an edition shows, as if it were the current one."""
    return edition_facts(edition.manual, edition, edition, request.user)

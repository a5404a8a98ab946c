"""Kinds of record of the knowledge base: how long each is kept."""

from django.utils.translation import gettext_lazy as _

from kb.manuals.imports import domain as manual_imports
from kb.models import ArticleAnswer, BulletinConfirmation, DiagnosisRun, HandlingRecord, ManualImport
from portal.registry.retention import KindOfRecord, register_kind_of_record


def register_kinds() -> None:
    """What is read again for a while, and what is evidence."""
    for kind in (
        KindOfRecord(
            # Drafts made of them stay; their files go with other leftovers.
            "manual_imports",
            _("Documents imported as manuals"),
            ManualImport,
            "started_at",
            lambda: manual_imports.KEPT_FOR,
        ),
        KindOfRecord(
            "diagnosis_runs",
            _("Runs of guided diagnosis"),
            DiagnosisRun,
            "started_at",
            is_fixed=True,
            why=_("field cases and recent practice rest on them"),
        ),
        KindOfRecord("article_answers", _("Answers whether an article helped"), ArticleAnswer, "answered_at"),
        KindOfRecord(
            "handling",
            _("What was done on machines"),
            HandlingRecord,
            "recorded_at",
            is_fixed=True,
            why=_("records of who installed, repaired or maintained are kept without expiry"),
        ),
        KindOfRecord(
            "bulletin_confirmations",
            _("Confirmed bulletins and regulations"),
            BulletinConfirmation,
            "confirmed_at",
            is_fixed=True,
            why=_("who had read what on a day is answered for"),
        ),
    ):
        register_kind_of_record(kind)

"""Kinds of record of certification: how long each is kept, and what of it nothing rests on."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from certification.enums import PracticalResult
from certification.evidence.packs.domain import KEPT_DAYS, forget_samples
from certification.models import (
    Attempt,
    Certificate,
    DutyInquiry,
    EvidenceSample,
    LedgerEntry,
    PracticalAssessment,
    PracticalDraft,
    PracticalPhoto,
    PracticeAnswer,
    StatutoryCertificate,
)
from certification.practicals import drafts
from portal.models import PortalDocument
from portal.registry.retention import KindOfRecord, register_kind_of_record
from portal.retention.clearing import delete_rows

WITHOUT_EXPIRY = _("records of who was certified, and by what, are kept without expiry")


def _of_failed_practicals(over: QuerySet[Any]) -> QuerySet[Any]:
    """Leave the photos of practicals that were not passed: grants rest on the others."""
    return over.exclude(practical__result=PracticalResult.PASSED)


def _remove_photos(keys: Collection[int]) -> None:
    """Delete photos with their files; the signed rows keep the hashes."""
    documents = list(PracticalPhoto.objects.filter(pk__in=keys).values_list("document", flat=True))
    delete_rows(PracticalPhoto, pk__in=keys)
    for document in PortalDocument.objects.filter(pk__in=documents):
        document.delete()


def register_kinds() -> None:
    """What is read again for a while, and what is evidence."""
    for kind in (*_read_again(), *_evidence()):
        register_kind_of_record(kind)


def _read_again() -> tuple[KindOfRecord, ...]:
    return (
        KindOfRecord(
            "duty_questions",
            _("Questions to the duty check"),
            DutyInquiry,
            "recorded_at",
            person="person",
            kept=(DutyInquiry,),
        ),
        KindOfRecord("practice", _("Answers given in practice"), PracticeAnswer, "shown_at", person="person"),
        KindOfRecord(
            "practical_photos",
            _("Photos of practicals that were not passed"),
            PracticalPhoto,
            "practical__signed_at",
            person="practical__person",
            spare=_of_failed_practicals,
            remove=_remove_photos,
            kept=(PracticalPhoto,),
        ),
        KindOfRecord(
            "practical_drafts",
            _("Checklists that were begun and left"),
            PracticalDraft,
            "saved_at",
            lambda: drafts.KEPT_FOR,
            remove=drafts.forget_drafts,
        ),
        KindOfRecord(
            "evidence_samples",
            _("Files of evidence samples"),
            EvidenceSample,
            "asked_at",
            lambda: dt.timedelta(days=KEPT_DAYS),
            remove=forget_samples,
        ),
    )


def _evidence() -> tuple[KindOfRecord, ...]:
    return (
        KindOfRecord(
            "ledger", _("Qualification ledger"), LedgerEntry, "recorded_at", is_fixed=True, why=WITHOUT_EXPIRY
        ),
        KindOfRecord("certificates", _("Certificates"), Certificate, "issued_on", is_fixed=True, why=WITHOUT_EXPIRY),
        KindOfRecord(
            "practicals",
            _("Signed practicals, and photos of those passed"),
            PracticalAssessment,
            "signed_at",
            is_fixed=True,
            why=WITHOUT_EXPIRY,
        ),
        # Failed ones too: they are the tries somebody had, packs of past days and the analysis of questions count them,
        # and a regrading may turn one into a pass.
        KindOfRecord(
            "papers",
            _("Papers of quizzes, passed or not"),
            Attempt,
            "closed_at",
            is_fixed=True,
            why=_("tries that count, evidence of past days and the analysis of questions rest on them"),
        ),
        KindOfRecord(
            "cards",
            _("Cards issued outside"),
            StatutoryCertificate,
            "recorded_at",
            is_fixed=True,
            why=_("whether somebody was allowed on a day rests on them"),
        ),
    )

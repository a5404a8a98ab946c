"""Record, list, withdraw and export the licences and insurances of places."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.enums import CompanyDocumentKind
from certification.models import CompanyDocument
from certification.permissions import may_keep_files, may_survey
from certification.statutory.errors import DocumentTwice, NotYourPlace
from certification.statutory.scans import scan_ending
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.access.sight import organisations_in_sight
from portal.content.personal import keep_personal_file
from portal.enums import Tier
from portal.exchange.exports import Table
from portal.models import Organisation, Person


def places_kept_by(person: Any) -> QuerySet[Organisation]:
    """Return the places whose documents ``person`` keeps: managers and administrators those in their sight."""
    places = organisations_in_sight(person).exclude(tier=Tier.CUSTOMER)
    return places.order_by("path") if may_keep_files(person) else places.none()


def documents_in_sight(person: Any) -> QuerySet[CompanyDocument]:
    """Return the documents that count of the places ``person`` may survey, what ends first at the top."""
    if not may_survey(person):
        return CompanyDocument.objects.none()
    places = organisations_in_sight(person).exclude(tier=Tier.CUSTOMER).order_by().values("pk")
    found = CompanyDocument.objects.filter(organisation__in=places, withdrawn_on__isnull=True)
    return found.select_related("organisation", "scan").order_by("valid_to", "pk")


@transaction.atomic
def record_document(
    organisation: Organisation,
    kind: CompanyDocumentKind | str,
    name: str,
    number: str,
    *,
    valid_from: dt.date,
    valid_to: dt.date,
    by: Person | None,
    issuer: str = "",
    lead_days: int = 60,
    scan: UploadedFile | None = None,
) -> CompanyDocument:
    """Record a licence or insurance.

    Raises:
        NotYourPlace: ``by`` does not keep the documents of the place.
        DocumentTwice: it is on record already.
        UnusableScan: the scan is no image and no PDF, or too large.
    """
    if by is not None and not places_kept_by(by).filter(pk=organisation.pk).exists():
        raise NotYourPlace
    plain = number.strip()
    if CompanyDocument.objects.filter(kind=kind, number=plain, valid_from=valid_from).exists():
        raise DocumentTwice
    kept = None
    if scan is not None:
        ending = scan_ending(scan)
        kept = keep_personal_file(name, scan.read(), stem="company", ending=ending, by=by)
    document = CompanyDocument.objects.create(
        organisation=organisation,
        kind=kind,
        name=name.strip(),
        number=plain,
        issuer=issuer.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        lead_days=lead_days,
        scan=kept,
        recorded_by=by,
    )
    audit.record("certification.company_document_recorded", document, actor=by, changes=added(document))
    return document


@transaction.atomic
def withdraw_document(document: CompanyDocument, *, by: Person, on: dt.date | None = None) -> CompanyDocument:
    """Record that a document does not count from a day (today) on; a second call changes nothing.

    Raises:
        NotYourPlace: ``by`` does not keep the documents of the place.
    """
    locked = CompanyDocument.objects.select_for_update().get(pk=document.pk)
    if not places_kept_by(by).filter(pk=locked.organisation_id).exists():
        raise NotYourPlace
    if locked.withdrawn_on is None:
        before = snapshot(locked)
        locked.withdrawn_on = on or timezone.localdate()
        locked.save(update_fields=["withdrawn_on"])
        changed = since(before, locked)
        audit.record("certification.company_document_withdrawn", locked, actor=by, changes=changed)
    return locked


def documents_table(documents: Iterable[CompanyDocument], on: dt.date) -> Table:
    """Return the documents as a table, their states those of ``on``."""
    columns = [
        _("Organisation"),
        _("Kind"),
        _("Name of the document"),
        _("Number"),
        _("Issued by"),
        _("Valid from"),
        _("Valid until"),
        _("State"),
    ]
    rows = (
        [
            each.organisation.name,
            CompanyDocumentKind(each.kind),
            each.name,
            each.number,
            each.issuer,
            each.valid_from,
            each.valid_to,
            each.state_on(on),
        ]
        for each in documents
    )
    return Table(_("Licences and insurance"), columns, rows)

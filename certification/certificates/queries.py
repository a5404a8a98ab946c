"""Queries on certificates."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from certification.models import Certificate, Scheme
from certification.permissions import may_list_certificates
from portal.access.sight import people_in_sight
from portal.models import Organisation


def certificates_of_entries(entry_ids: Iterable[int]) -> dict[int, Certificate]:
    """Return the certificates by the ledger entry they print."""
    found = Certificate.objects.filter(entry__in=list(entry_ids))
    return {certificate.entry_id: certificate for certificate in found}


def certificates_in_sight(asker: Any) -> QuerySet[Certificate]:
    """Return the certificates ``asker`` may download of the people in sight, newest first; none without the role."""
    if not may_list_certificates(asker):
        return Certificate.objects.none()
    found = Certificate.objects.filter(person__in=people_in_sight(asker).values("pk"))
    return found.select_related("person__organisation", "scheme", "entry").order_by("-issued_on", "-pk")


def narrow_certificates(
    certificates: QuerySet[Certificate],
    *,
    branch: Organisation | None = None,
    scheme: Scheme | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
) -> QuerySet[Certificate]:
    """Narrow to the people of a branch, a scheme, and the days of issue from ``start`` to ``end``, both included."""
    if branch is not None:
        certificates = certificates.filter(person__organisation__path__startswith=branch.path)
    if scheme is not None:
        certificates = certificates.filter(scheme=scheme)
    if start is not None:
        certificates = certificates.filter(issued_on__gte=start)
    if end is not None:
        certificates = certificates.filter(issued_on__lte=end)
    return certificates

"""Queries on certificates."""

from collections.abc import Iterable

from certification.models import Certificate


def certificates_of_entries(entry_ids: Iterable[int]) -> dict[int, Certificate]:
    """Return the certificates by the ledger entry they print."""
    found = Certificate.objects.filter(entry__in=list(entry_ids))
    return {certificate.entry_id: certificate for certificate in found}

"""Counter-sign evidence as a second assessor; the grant follows automatically."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from certification.certificates.awards import award_if_complete
from certification.countersignatures.errors import (
    MovedTheBar,
    NotAppointedForScheme,
    NothingToCountersign,
    OwnCountersignature,
    RemarkNeeded,
    SameAssessor,
)
from certification.countersignatures.queries import (
    Pending,
    has_moved_the_bar,
    is_appointed_for,
    pending_of,
    signed_practical_of,
)
from certification.errors import ActKeyTaken
from certification.models import CounterSignature, Scheme
from certification.permissions import is_assessor
from certification.versions.errors import ChangedSince
from portal.access import audit
from portal.models import Person


@transaction.atomic
def countersign(
    signer: Person,
    person: Person,
    scheme: Scheme,
    *,
    remark: str,
    mark: str,
    form_key: uuid.UUID,
    at: dt.datetime | None = None,
) -> CounterSignature:
    """Sign that the evidence looked at may count; the certificate follows.

    Args:
        remark: how the signer made sure.
        mark: ``Pending.mark`` of what was looked at.
        form_key: made by the form; a second post of it returns the first one's record.

    Raises:
        RemarkNeeded: none given.
        OwnCountersignature, NotAppointedForScheme, SameAssessor, MovedTheBar: the signer may not.
        NothingToCountersign: nothing waits.
        ChangedSince: the evidence is not what was looked at.
        ActKeyTaken: the key belongs to another signature.
    """
    at = at or timezone.now()
    if not remark.strip():
        raise RemarkNeeded
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    signed = CounterSignature.objects.filter(form_key=form_key).first()
    if signed is not None:
        if (signed.signer_id, signed.person_id, signed.scheme_id) != (signer.pk, person.pk, scheme.pk):
            raise ActKeyTaken
        return signed
    scheme = Scheme.objects.select_for_update(of=("self",)).get(pk=scheme.pk)
    pending = pending_of(person, scheme, at)
    check_signer(signer, person, scheme, pending, timezone.localdate(at))
    if pending is None:
        raise NothingToCountersign(scheme=scheme.name, person=person.name)
    if pending.mark != mark:
        raise ChangedSince
    signature = _sign(signer, pending, remark.strip(), form_key, at)
    award_if_complete(person, scheme, at=at)
    return signature


def check_signer(signer: Person, person: Person, scheme: Scheme, pending: Pending | None, day: dt.date) -> None:
    """See that the signer may counter-sign.

    Raises:
        OwnCountersignature, NotAppointedForScheme, SameAssessor, MovedTheBar: may not, and why.
    """
    if signer.pk == person.pk:
        raise OwnCountersignature
    if not is_assessor(signer) or not is_appointed_for(signer, scheme, day):
        raise NotAppointedForScheme(scheme=scheme.name)
    if pending is not None and signed_practical_of(signer, pending):
        raise SameAssessor
    if pending is not None and has_moved_the_bar(signer, pending):
        raise MovedTheBar


def _sign(signer: Person, pending: Pending, remark: str, form_key: uuid.UUID, at: dt.datetime) -> CounterSignature:
    attempts, practicals = pending.basis.keys
    signature = CounterSignature.objects.create(
        person=pending.person,
        scheme=pending.scheme,
        scheme_version=pending.version,
        signer=signer,
        signed_at=at,
        remark=remark,
        attempts=attempts,
        practicals=practicals,
        grounds=[ground.value for ground in pending.grounds],
        form_key=form_key,
    )
    audit.record(
        "certification.countersigned",
        signature,
        actor=signer,
        person=pending.person.pk,
        scheme=pending.scheme.code,
        version=pending.version.number,
        grounds=signature.grounds,
        remark=remark,
        attempts=attempts,
        practicals=practicals,
    )
    return signature

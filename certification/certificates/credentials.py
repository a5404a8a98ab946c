"""A certificate as a signed credential: Open Badges 3.0, secured as a JSON Web Token (VC-JWT, RS256).

The payload is the credential itself, with the registered claims ``iss``, ``jti``, ``nbf`` and ``exp`` beside it.
Whether it was revoked since is asked at ``credentialStatus``; everything else is checked without asking us.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.certificates.editions import editions_held
from certification.certificates.verification import Verified
from certification.enums import Standing
from portal.exchange.signing import signing_key
from portal.models import PortalSettings

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
MEDIA_TYPE = "application/vc+jwt"
STATUS = "1EdTechRevocationList"


def credential_of(verified: Verified, *, tasks: str, scope: str) -> dict[str, Any]:
    """Return the credential of a certificate, not signed yet.

    Args:
        verified: the certificate with the days it holds.
        tasks: what it opens, in words.
        scope: on which equipment, in words.
    """
    certificate, scheme = verified.certificate, verified.certificate.scheme
    return {
        "@context": CONTEXT,
        "id": address_of(certificate.number),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": scheme.name,
        "issuer": issuer_profile(),
        "validFrom": _moment(verified.valid_from),
        "validUntil": _moment(verified.valid_to + dt.timedelta(days=1)),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": certificate.person.name,
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": f"{settings.PUBLIC_URL}{reverse('verify:issuer')}#{scheme.code}",
                "type": ["Achievement"],
                "achievementType": "Certification",
                "name": scheme.name,
                "description": _description(verified, tasks, scope),
                "criteria": {"narrative": _criteria(verified)},
                "humanCode": scheme.code,
            },
        },
        "credentialStatus": {
            "id": settings.PUBLIC_URL + reverse("verify:revocations", args=[certificate.number]),
            "type": STATUS,
        },
    }


def signed_credential(verified: Verified, *, tasks: str, scope: str) -> str:
    """Return the credential as JSON Web Token, signed with the key of today."""
    credential = credential_of(verified, tasks=tasks, scope=scope)
    claims = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(dt.datetime.fromisoformat(credential["validFrom"]).timestamp()),
        "exp": int(dt.datetime.fromisoformat(credential["validUntil"]).timestamp()),
    }
    return signing_key().jws(credential | claims, "vc+jwt")


def issuer_profile() -> dict[str, Any]:
    """Return who issues."""
    return {
        "id": settings.PUBLIC_URL + reverse("verify:issuer"),
        "type": ["Profile"],
        "name": PortalSettings.load().issuer,
        "url": settings.PUBLIC_URL,
    }


def revocations_of(verified: Verified) -> dict[str, Any]:
    """Return the list of revocations of one credential: empty, or the credential with the words for the public.

    One list a credential, for one list of all would tell the numbers of certificates to whoever asks. A suspended one
    stands on it too, for as long as it is suspended.
    """
    revoked = []
    if verified.standing in (Standing.REVOKED, Standing.SUSPENDED):
        reason = " ".join(part for part in (verified.label, verified.said) if part)
        revoked = [{"id": address_of(verified.certificate.number), "revoked": True, "revocationReason": reason}]
    return {
        "id": settings.PUBLIC_URL + reverse("verify:revocations", args=[verified.certificate.number]),
        "issuer": issuer_profile()["id"],
        "revokedCredential": revoked,
    }


def address_of(number: str) -> str:
    """Return the address of a certificate's public page, which names its credential."""
    return settings.PUBLIC_URL + reverse("verify:certificate", args=[number])


def _description(verified: Verified, tasks: str, scope: str) -> str:
    words = [_("%(tasks)s: %(scope)s") % {"tasks": tasks, "scope": scope}]
    words += [_("Limits in words: %(limit)s") % {"limit": verified.limit}] if verified.limit else []
    return _("; ").join(words)


def _criteria(verified: Verified) -> str:
    entry = verified.certificate.entry
    words = [_("By version %(number)s of the scheme") % {"number": entry.scheme_version.number}]
    words += [f"{held.manual} {held.issued}" for held in editions_held(entry)]
    return _("; ").join(words)


def _moment(day: dt.date) -> str:
    """Return the beginning of a day in the organisation's zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time())).isoformat()

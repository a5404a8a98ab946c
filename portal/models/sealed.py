"""A field whose text stands encrypted in the database: for credentials the portal has to say again, to others."""

import base64
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


def _key_of(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal.models.sealed").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _keys() -> MultiFernet:
    return MultiFernet([_key_of(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(text: str) -> str:
    """Return ``text`` as it stands in the database; nothing stays nothing."""
    return _keys().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Return what was sealed; nothing when it was sealed under another secret key, so that it has to be set again."""
    try:
        return _keys().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


class SealedField(models.TextField):
    """Text that is encrypted with a key made of the portal's secret key; it cannot be searched.

    A backup of the database alone, or a dump of it, does not say it.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Return the sealed text."""
        return value if value is None else seal(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the text."""
        return value if value is None else unseal(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Offer no comparison: equal texts are sealed differently."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

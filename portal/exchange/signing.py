"""Sign what strangers check without asking us: RSA keys beside the secret key, JSON Web Signatures, the keys in public.

Each key is a file of ``SIGNING_KEYS_DIR``, readable by its owner only, named by the day it was made and its thumbprint
(RFC 7638). The newest signs; older ones stay, since what they signed has to be checked for years.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

BITS = 3072
ALGORITHM = "RS256"


@dataclass(frozen=True)
class SigningKey:
    """A key pair.

    Args:
        name: of its file: when it was made, to the microsecond, and its thumbprint.
    """

    name: str
    private: rsa.RSAPrivateKey

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the public key's required members (RFC 7638)."""
        return _thumbprint(self.private.public_key())

    @property
    def made_on(self) -> str:
        """The day it was made."""
        return f"{self.name[:4]}-{self.name[4:6]}-{self.name[6:8]}"

    @property
    def address(self) -> str:
        """Where its public half is, as JWK."""
        return settings.PUBLIC_URL + reverse("signing_key", args=[self.thumbprint, "json"])

    @property
    def jwk(self) -> dict[str, str]:
        """The public half as JSON Web Key."""
        return _members(self.private.public_key()) | {"kid": self.address, "alg": ALGORITHM, "use": "sig"}

    @property
    def public_pem(self) -> bytes:
        """The public half as openssl reads it."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, content: bytes) -> bytes:
        """Return the signature of ``content``: RSASSA-PKCS1-v1_5 with SHA-256."""
        return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())

    def jws(self, payload: dict[str, Any], typ: str) -> str:
        """Return ``payload`` as compact JSON Web Signature that says where the key is and shows its public half."""
        header = {"alg": ALGORITHM, "typ": typ, "kid": self.address, "jwk": _members(self.private.public_key())}
        signed = f"{_written(header)}.{_written(payload)}"
        return f"{signed}.{base64url(self.sign(signed.encode()))}"


def signing_keys() -> list[SigningKey]:
    """Return all keys, the newest first; the first one is made when there is none."""
    folder = Path(settings.SIGNING_KEYS_DIR)
    paths = sorted(folder.glob("*.pem"), reverse=True)
    return [_read(path) for path in paths] or [add_signing_key()]


def signing_key() -> SigningKey:
    """Return the key that signs now."""
    return signing_keys()[0]


def add_signing_key() -> SigningKey:
    """Make a key that signs from now on; the others stay for what they signed."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    folder = Path(settings.SIGNING_KEYS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{timezone.now():%Y%m%d%H%M%S%f}-{_thumbprint(private.public_key())}.pem"
    partial = path.with_suffix(".partial")
    with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as new:
        new.write(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        new.flush()
        os.fsync(new.fileno())
    os.replace(partial, path)
    return SigningKey(path.stem, private)


@cache
def _read(path: Path) -> SigningKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path}: no RSA key")
    return SigningKey(path.stem, key)


def base64url(content: bytes) -> str:
    """Return bytes in the alphabet of JSON Web Signatures, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _written(value: dict[str, Any]) -> str:
    return base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _members(public: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    return {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}


def _thumbprint(public: rsa.RSAPublicKey) -> str:
    plain = json.dumps(_members(public), separators=(",", ":"), sort_keys=True)
    return base64url(hashlib.sha256(plain.encode()).digest())


def _number(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))

"""Secret links: long, revocable, hashed at rest."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.enums import TokenPurpose
from portal.typed import secret_typed


class AccessTokenManager(models.Manager):
    """Mints and finds tokens; nobody else derives or hashes them."""

    def mint(self, purpose: str, subject: str, *, person: models.Model | None = None) -> "AccessToken":
        """Make a new token for ``subject`` (e.g. ``unit:7``); older ones stay valid until revoked."""
        token = self.model(purpose=purpose, subject=subject, person=person, nonce=secrets.token_urlsafe(18))
        token.digest = self.model.digest_of(token.secret)
        token.save(force_insert=True)
        return token

    def current(self, purpose: str, subject: str, *, person: models.Model | None = None) -> "AccessToken":
        """Return the newest unrevoked token of ``person`` (or of nobody) for ``subject``, minting one if none is."""
        live = self.filter(purpose=purpose, subject=subject, person=person, revoked_at__isnull=True)
        return live.order_by("-pk").first() or self.mint(purpose, subject, person=person)

    def find(self, purpose: str, secret: str) -> "AccessToken | None":
        """Return the live token this secret belongs to, or None for a wrong or revoked one."""
        return (
            self.filter(purpose=purpose, digest=self.model.digest_of(secret_typed(secret)), revoked_at__isnull=True)
            .select_related("person")
            .first()
        )


class AccessToken(models.Model):
    """The right to open one thing without signing in.

    The secret is HMAC(signing key, purpose + subject + nonce): 128 bits that can be printed again on a label, while the
    database holds only their SHA-256, of no use to who reads a backup.
    """

    purpose = models.CharField(_("purpose"), max_length=12, choices=TokenPurpose.choices)
    subject = models.CharField(_("subject"), max_length=80)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="access_tokens",
    )
    nonce = models.CharField(max_length=32, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = AccessTokenManager()

    class Meta:
        verbose_name = _("secret link")
        verbose_name_plural = _("secret links")
        indexes = [models.Index(fields=["purpose", "subject"])]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.subject}"

    @staticmethod
    def digest_of(secret: str) -> str:
        """Return what is stored for ``secret``."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def secret(self) -> str:
        """The secret itself, derived anew each time; 32 characters, 128 bits."""
        mac = salted_hmac("portal.AccessToken", f"{self.purpose}|{self.subject}|{self.nonce}", algorithm="sha256")
        return mac.hexdigest()[:32]

    def revoke(self) -> None:
        """End the token now; a link printed from it answers 404 from here on."""
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])

"""Make a new key for credentials and evidence packs."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.exchange.signing import add_signing_key


class Command(BaseCommand):
    """``manage.py rotate_signing_key``; the older keys stay for what they signed."""

    help = "Make a new key for credentials and evidence packs. What older keys signed can still be checked."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key and name it."""
        self.stdout.write(add_signing_key().address)

"""Serve the portal on one machine; ``manage.py`` runs the supervisor without loading Django first."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.operations.serving import supervisor


class Command(BaseCommand):
    """Lists ``serve`` among the commands, and runs it where Django is loaded already (``python -m django``)."""

    help = "Serve the portal and work off background tasks until stopped."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand the command line to the supervisor."""
        sys.exit(supervisor.main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve with the default address and port."""
        sys.exit(supervisor.main([]))

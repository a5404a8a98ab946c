"""The process of ``manage.py serve`` that holds Django: forks web server and task worker, and keeps them running."""

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.content.home import role_labels
from portal.demo.loaders import DEMO_PASSWORD, demo_sign_ins
from portal.models import Person
from portal.operations.serving.forks import Forks, load_everything, serve_web, work_off_tasks
from portal.operations.serving.linux import set_process_name


class Command(BaseCommand):
    """Loads the code once; its forks share the memory and start in a tenth of a second."""

    help = "Started by `serve`: web server and task worker, forked from one process that has loaded the code."

    def add_arguments(self, parser: Any) -> None:
        """The arguments of ``serve``, and what the supervisor adds."""
        parser.add_argument("--address", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=4)
        parser.add_argument("--no-worker", action="store_true")
        parser.add_argument("--ready", type=int, help="descriptor to write to when requests are answered")
        parser.add_argument("--welcome", action="store_true", help="print the address and who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, fork, watch."""
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if not settings.DEBUG and not manifest.exists():
            raise CommandError("Static files are not collected yet: run `make setup` (or `manage.py collectstatic`).")
        set_process_name("portal-loader")
        if options["welcome"]:
            self._welcome(options)
        load_everything()
        web = partial(serve_web, options["address"], options["port"], options["threads"], options["ready"])
        Forks({"web": web} if options["no_worker"] else {"web": web, "tasks": work_off_tasks}).run()

    def _welcome(self, options: dict[str, Any]) -> None:
        """Print the portal's address and who can sign in: the demo people, or how to create the first administrator."""
        self.stdout.write(self.style.SUCCESS(f"上岗通  http://{options['address']}:{options['port']}/  (Ctrl-C stops)"))
        try:
            people = list(demo_sign_ins())
            is_empty = not Person.objects.exists()
        except DatabaseError:
            return
        if is_empty:
            self.stdout.write(
                "Nobody is entered yet. Make the first administrator: .venv/bin/python manage.py createsuperuser"
            )
        if people:
            self.stdout.write(f"Demo people, password {DEMO_PASSWORD}:")
        for person in people:
            facts = (person.staff_number, person.name, "、".join(role_labels(person)), person.place_names)
            self.stdout.write("  " + "  ".join(facts))
        self.stdout.flush()

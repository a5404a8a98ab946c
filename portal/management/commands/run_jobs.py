"""Run the regular jobs that are due, and list all of them."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.models import JobState
from portal.operations.jobs import enter_jobs, run_due
from portal.registry.jobs import jobs


class Command(BaseCommand):
    """For installations where cron keeps time; safe beside workers that keep it too."""

    help = "Run the regular jobs that are due, then list all with their last result."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--list", action="store_true", help="only list them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and list; a job that failed makes the exit code 1."""
        enter_jobs()
        ran = {} if options["list"] else run_due()
        if options["verbosity"]:
            for state in JobState.objects.filter(name__in=jobs()):
                self.stdout.write(_line(state))
        failed = [name for name, succeeded in ran.items() if not succeeded]
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}")


def _line(state: JobState) -> str:
    last = "never run"
    if state.finished_at:
        last = f"last {_moment(state.finished_at)} {state.error or 'ok'}"
    return f"{state.name:<24} next {_moment(state.due_at)}  {last}"


def _moment(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"

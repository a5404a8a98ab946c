"""Import a training plan from a file: shows what it would do, and with ``--accept`` does it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.models import Project
from courses.plans.importing import kind
from portal.errors import DomainError
from portal.exchange.imports import domain
from portal.exchange.imports.judging import prepare
from portal.exchange.imports.writing import write_rows
from portal.models import ImportRun, Person
from portal.registry.imports import Outcome


class Command(BaseCommand):
    """``manage.py import_plan FILE --project CODE --by STAFF_NUMBER [--accept]``."""

    help = "Import a training plan (Excel, Word, CSV, text) into a customer's project."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the project, the person, and whether to write."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", required=True, help="code of the project")
        parser.add_argument("--by", required=True, help="staff number of who imports it")
        parser.add_argument("--accept", action="store_true", help="take every proposal and write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, show, and write where asked to.

        Raises:
            CommandError: file, project or person is unknown, or the import is refused.
        """
        try:
            run = self._read(options)
            for line in run.lines.order_by("number"):
                self._show(line)
            if run.error or not run.chosen.get("places"):
                raise CommandError(run.error or "The columns were not recognised.")
            if options["accept"]:
                self._accept(run)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _read(self, options: dict[str, Any]) -> ImportRun:
        try:
            by = Person.objects.get_by_natural_key(options["by"])
            project = Project.objects.get(code=options["project"])
            content = options["file"].read_bytes()
        except (Person.DoesNotExist, Project.DoesNotExist, OSError) as error:
            raise CommandError(str(error)) from error
        run = domain.start_import(kind, content, by=by, file_name=options["file"].name, options={"project": project.pk})
        return prepare(run)

    def _show(self, line: Any) -> None:
        said = [message for _column, message in line.problems] + line.notes
        said += [line.question["message"]] if line.question else []
        self.stdout.write(f"{line.number}\t{line.get_outcome_display()}\t{'; '.join(said)}")

    def _accept(self, run: ImportRun) -> None:
        asked = {line.number: line.question["choices"][0][0] for line in run.lines.filter(outcome=Outcome.ASK)}
        domain.answer_rows(run, asked, by=run.created_by)
        prepare(run)
        if run.lines.filter(outcome=Outcome.REFUSE).exists():
            raise CommandError("Rows have problems; nothing was written.")
        written = write_rows(run)
        self.stdout.write(self.style.SUCCESS(f"{len(written.made)} rows written."))

"""Import questions from a file into a bank."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certification.models import QuestionBank
from certification.questions.importing.domain import FileRefused, import_questions, plan
from portal.errors import DomainError


class Command(BaseCommand):
    """All questions of a file, or none."""

    help = "Import questions (GIFT, Aiken, Excel or CSV) into a bank: all of them, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File and bank."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--bank", required=True, help="code of the bank")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and print the counts.

        Raises:
            CommandError: the file has problems, printed with their places; nothing was written.
        """
        path: Path = options["file"]
        bank = QuestionBank.objects.filter(code=options["bank"]).first()
        if bank is None:
            raise CommandError(f"There is no bank {options['bank']}.")
        try:
            content = path.read_bytes()
            done = import_questions(bank, path.name, content, by=None)
        except FileRefused as error:
            for problem in plan(bank, path.name, content).problems:
                self.stderr.write(f"{problem.place}: {problem.text}")
            raise CommandError(str(error)) from error
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        for note in done.notes:
            self.stdout.write(f"{note.place}: {note.text}")
        self.stdout.write(f"{len(done.added)} added, {len(done.changed)} changed, {done.same} as they were")

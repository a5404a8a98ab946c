"""Compare a file with a bank, and write all its questions or none."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.kinds import question_kinds
from certification.models import Question, QuestionBank, QuestionVersion
from certification.questions.domain import POINTERS, WORDS, save_question
from certification.questions.errors import BadQuestion
from certification.questions.importing import aiken, gift, moodle, tables
from certification.questions.importing.records import Finding, Parsed, Written
from certification.questions.kinds.base import Draft, Option
from portal.access import audit
from portal.errors import DomainError, NotAllowed
from portal.exchange.imports.grid import Refused
from portal.exchange.imports.reading import UnreadableImport
from portal.exchange.imports.texts import decoded
from portal.models import Person

ADD, CHANGE = "certification.add_question", "certification.change_question"
FORMATS = {"gift": gift.parse, "aiken": aiken.parse, "moodle": moodle.parse}
MAX_BYTES = 4 * 1024 * 1024
_REF = re.compile(r"[A-Za-z0-9_-]{1,30}")
SHOULD_FIT = 300


class FileRefused(DomainError):
    """The file has problems; nothing was imported."""

    code = "questions_refused"
    status = 422
    message = gettext_lazy("The file has %(count)d problems. Nothing was imported.")


@dataclass
class Plan:
    """What a file would do to a bank.

    Args:
        added: questions the bank does not have.
        changed: those it has in other words, with the record.
        same: how many it has as they are.
    """

    bank: QuestionBank
    added: list[tuple[Question, Written]] = field(default_factory=list)
    changed: list[tuple[Question, Written]] = field(default_factory=list)
    same: int = 0
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


def may_import(person: Person) -> bool:
    """Whether somebody keeps questions: what a file holds are answer keys."""
    return person.is_active and person.has_perm(ADD) and person.has_perm(CHANGE)


def format_of(name: str, text: str) -> str:
    """Return the format of a text by its name or by what stands in it."""
    if name.lower().endswith(".gift"):
        return "gift"
    if name.lower().endswith(".xml") or text.lstrip("\ufeff \r\n\t").startswith(("<?xml", "<quiz")):
        return "moodle"
    return "aiken" if re.search(r"(?im)^\s*(ANSWER|答案)\s*[:：]", text) else "gift"


def read(name: str, content: bytes) -> Parsed:
    """Read a file of any format.

    Raises:
        UnreadableImport: it is of none.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableImport("too_large", f"{len(content) // 1024 // 1024} MB")
    if name.lower().endswith((".xlsx", ".xlsm", ".csv", ".xls", ".docx")) or content.startswith(b"PK"):
        return tables.parse(content, name)
    try:
        text = decoded(content)
    except Refused as error:
        raise UnreadableImport(error.code, error.what) from error
    return FORMATS[format_of(name, text)](text)


def plan(bank: QuestionBank, name: str, content: bytes) -> Plan:
    """Return what a file would do; writes nothing.

    Raises:
        UnreadableImport: it cannot be read at all.
    """
    parsed = read(name, content)
    made = Plan(bank, problems=list(parsed.problems), notes=list(parsed.notes))
    if not parsed.questions and not parsed.problems:
        made.problems.append(Finding(name, _("there is no question in it")))
    for written in parsed.questions:
        written.ref = written.ref or _ref(bank, written)
    refs = [written.ref for written in parsed.questions]
    known = {each.ref: each for each in Question.objects.filter(ref__in=refs)}
    current = QuestionVersion.objects.filter(question__in=known.values(), is_current=True).prefetch_related("choices")
    versions = {version.question_id: version for version in current}
    seen: dict[str, str] = {}
    for written in parsed.questions:
        question = known.get(written.ref) or Question(bank=bank, ref=written.ref)
        problem = _problem(written, question, bank, seen) or _adopt(written, versions.get(question.pk))
        seen[written.ref] = written.place
        if problem:
            made.problems.append(Finding(written.place, problem))
        elif question.pk is None:
            made.added.append((question, written))
        elif _differs(written, versions.get(question.pk)):
            made.changed.append((question, written))
        else:
            made.same += 1
    return made


def _ref(bank: QuestionBank, written: Written) -> str:
    """Return a reference that is the same whenever the same text comes again."""
    return f"{bank.code[:19]}-{hashlib.sha256(written.stem.encode()).hexdigest()[:10]}"


def _problem(written: Written, question: Question, bank: QuestionBank, seen: dict[str, str]) -> str:
    if not _REF.fullmatch(written.ref):
        return _("“%(ref)s” is no reference: letters, digits and - only, at most 30") % {"ref": written.ref[:40]}
    if written.ref in seen:
        return _("“%(ref)s” stands in the file already, at %(place)s") % {
            "ref": written.ref,
            "place": seen[written.ref],
        }
    if question.pk is not None and question.bank_id != bank.pk:
        return _("“%(ref)s” is a question of another bank") % {"ref": written.ref}
    if any(len(option.text) > SHOULD_FIT for option in written.options):
        return _("an answer is longer than %(most)d characters") % {"most": SHOULD_FIT}
    return ""


def _adopt(written: Written, version: QuestionVersion | None) -> str:
    """Keep what a file cannot say of a question the bank has; return the rule of its kind that is broken."""
    if version is not None:
        kept = {name: getattr(version, name) for name in (*WORDS, *POINTERS) if name not in {"kind", "parameters"}}
        written.fields = {**kept, **written.fields, "stem": written.stem}
        if version.kind == written.kind:
            written.parameters = {**version.parameters, **written.parameters}
            places = {choice.text: choice.keeps_place for choice in version.choices.all()}
            written.options = [each._replace(keeps_place=places.get(each.text)) for each in written.options]
    else:
        written.fields["stem"] = written.stem
    has_picture = written.fields.get("picture") is not None
    try:
        question_kinds.get(written.kind).check(Draft(written.options, written.parameters, has_picture=has_picture))
    except BadQuestion as error:
        return str(error)
    return ""


def _differs(written: Written, version: QuestionVersion | None) -> bool:
    if version is None or version.kind != written.kind or version.parameters != written.parameters:
        return True
    kept = [Option(choice.text, choice.is_correct) for choice in version.choices.all()]
    if kept != [each._replace(keeps_place=None) for each in written.options]:
        return True
    return any(getattr(version, name) != value for name, value in written.fields.items())


@transaction.atomic
def import_questions(bank: QuestionBank, name: str, content: bytes, *, by: Person | None) -> Plan:
    """Write all questions of a file; the same file again changes nothing. Return what was done.

    Args:
        by: who imports; None for the console.

    Raises:
        NotAllowed: not a keeper of questions.
        FileRefused: the file has problems.
        UnreadableImport: it cannot be read.
    """
    if by is not None and not may_import(by):
        raise NotAllowed
    locked = QuestionBank.objects.select_for_update().get(pk=bank.pk)
    made = plan(locked, name, content)
    if made.problems:
        raise FileRefused(count=len(made.problems))
    for question, written in made.added + made.changed:
        facts: dict[str, Any] = written.fields
        save_question(
            question, kind=written.kind, choices=written.options, parameters=written.parameters, by=by, **facts
        )
    if made.added or made.changed:
        digest = hashlib.sha256(content).hexdigest()
        counts = {"added": len(made.added), "changed": len(made.changed), "same": made.same}
        audit.record("certification.questions_imported", locked, actor=by, file=name[:120], digest=digest, **counts)
    return made

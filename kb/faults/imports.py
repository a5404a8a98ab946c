"""Fault articles from a table: drafts are made, which editors complete, have reviewed and publish as any others."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.enums import Severity
from kb.faults.domain import draft_fault
from kb.faults.import_rows import COLUMNS, PAIR, Facts, Group, filled
from kb.models import CausePair, FaultArticle, FaultCode, SafetyNote
from kb.models.reviews import digest_of
from portal.access.lookup import find_equipments
from portal.exchange.imports.errors import RestsOnIt
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import named, one_of, text_in
from portal.models import EquipmentCategory, EquipmentModel
from portal.registry.imports import ImportKind, Made, Outcome, Problem, TableRow, Verdict
from portal.typed import name_key, split_list

LONGEST = {"title": 160, "symptom": 300, "safety": 300, "cause": 300, "part": 80, "brand": 60, "family": 80}
LONGEST |= {"check": 4000, "remedy": 4000}
#: Codes longer than this are sentences in the wrong column.
LONGEST_CODE = 40


class FaultDesk:
    """The faults of one table."""

    def __init__(self, by: Any, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.values = filled(rows)
        texts = {text for values in self.values.values() for text in split_list(values["machines"])}
        self.machines = find_equipments(texts, by)
        self.categories = list(EquipmentCategory.objects.all())
        codes = {code for values in self.values.values() for code in split_list(values["code"])}
        taken = FaultCode.objects.filter(code__in=codes).select_related("article")
        self.known = {(row.scope, row.code): row.article for row in taken}
        titles = {values["title"] for values in self.values.values()} - {""}
        for article in FaultArticle.objects.filter(title__in=titles).order_by("pk"):
            self.known.setdefault((article.code_scope, f"={name_key(article.title)}"), article)
        self.groups: dict[tuple[str, str], Group] = {}

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return which cause of which article the row would add."""
        verdict = Verdict(Outcome.SAME)
        facts = self._facts(row, verdict)
        if facts is None:
            return verdict
        known = next((self.known[key] for key in self._keys(facts) if key in self.known), None)
        group = self.groups.setdefault(facts.key, Group(known, row.number, facts.title))
        if known is not None:
            return self._beside(known, facts, verdict)
        if name_key(group.title) != name_key(facts.title):
            text = _("Row %(row)d calls this code “%(title)s”: name brand or family where they are different faults.")
            verdict.problems.append(Problem("code", text % {"row": group.row, "title": group.title}))
            return verdict
        self._take(row, facts, group, verdict)
        return verdict

    def _take(self, row: TableRow, facts: Facts, group: Group, verdict: Verdict) -> None:
        """Note what a row adds to its article: a cause, machines, a warning."""
        article, field_of = FaultArticle._meta, CausePair._meta.get_field
        new_machines = [machine for machine in facts.machines if machine.pk not in group.machines]
        warned = {each.safety for each in group.rows}
        if not group.rows:
            words = " ".join([*facts.codes, facts.title])
            verdict.changes.append((str(article.verbose_name), "", words))
            verdict.notes.append(_("Becomes a draft; nobody reads it before it is published."))
        if new_machines:
            names = "、".join(machine.name for machine in new_machines)
            verdict.changes.append((str(article.get_field("equipment").verbose_name), "", names))
        if facts.safety and facts.safety not in warned:
            verdict.changes.append((str(SafetyNote._meta.verbose_name), "", facts.safety))
        if facts.cause_key in group.said:
            verdict.notes.append(_("Row %(row)d names this cause already.") % {"row": group.said[facts.cause_key]})
        else:
            verdict.changes += [
                (str(field_of(name).verbose_name), "", text) for name, text in facts.pair.items() if text
            ]
        if verdict.changes:
            verdict.outcome = Outcome.ADD
            group.rows.append(facts)
            group.said.setdefault(facts.cause_key, row.number)

    @staticmethod
    def _keys(facts: Facts) -> list[tuple[str, str]]:
        return [(facts.scope, code) for code in facts.codes] or [facts.key]

    @staticmethod
    def _beside(known: FaultArticle, facts: Facts, verdict: Verdict) -> Verdict:
        """Compare with an article that is there: nothing to do where it says the cause, else an editor's to add."""
        drafted = known.get_latest_revision_as_object() if known.latest_revision_id else known
        causes = {name_key(pair.cause or pair.check_text or pair.remedy) for pair in drafted.pairs.all()}
        if facts.cause_key not in causes:
            text = _("Article %(number)s explains this fault already, without this cause. Add it there.")
            verdict.problems.append(Problem("cause", text % {"number": known.number}))
        return verdict

    def _facts(self, row: TableRow, verdict: Verdict) -> Facts | None:
        """Read a row; None with the problems in the verdict."""
        values = self.values[row.sheet, row.number]
        whole = TableRow(row.sheet, row.number, values, row.present)
        text = {name: text_in(whole, name, verdict, longest=longest) for name, longest in LONGEST.items()}
        codes = split_list(values["code"])
        title = text["title"] or text["symptom"][: LONGEST["title"]]
        if not title:
            verdict.problems.append(Problem("title", _("This is needed.")))
        if any(len(code) > LONGEST_CODE for code in codes):
            words = _("At most %(number)d characters.") % {"number": LONGEST_CODE}
            verdict.problems.append(Problem("code", words))
        if not any(text[name] for name in PAIR):
            verdict.problems.append(Problem("cause", _("Write a cause, a check or a remedy.")))
        severity = self._severity(values["severity"], verdict)
        machines = self._machines(values["machines"], verdict)
        category = self._category(values["category"], machines, verdict)
        if verdict.problems or category is None:
            return None
        brand = text["brand"] or _shared(machines, "brand")
        family = text["family"] or _shared(machines, "family")
        head = {"symptom": text["symptom"] or title, "severity": severity, "brand": brand, "family": family}
        pair = {"cause": text["cause"], "check_text": text["check"], "remedy": text["remedy"], "part": text["part"]}
        scope = FaultArticle(category=category, brand=brand, family=family).code_scope
        return Facts(category, machines, codes, scope, title, head, pair, text["safety"])

    def _machines(self, text: str, verdict: Verdict) -> list[EquipmentModel]:
        found = []
        for name in split_list(text):
            machine = self.machines.get(name)
            if isinstance(machine, EquipmentModel):
                found.append(machine)
            else:
                verdict.problems.append(Problem("machines", str(machine)))
        return found

    def _category(self, text: str, machines: Sequence[EquipmentModel], verdict: Verdict) -> EquipmentCategory | None:
        if text:
            return one_of(self.categories, text, "category", verdict)
        categories = {machine.category for machine in machines}
        if len(categories) == 1:
            return categories.pop()
        if not verdict.problems:
            verdict.problems.append(Problem("category", _("Name the category, or machines of one category.")))
        return None

    @staticmethod
    def _severity(text: str, verdict: Verdict) -> str:
        known = [_Choice(value, str(label)) for value, label in Severity.choices]
        found = named(known, text, ("code", "name")) if text else [_Choice(Severity.STOP, "")]
        if not found:
            words = _("Write one of: %(choices)s.") % {"choices": "、".join(each.name for each in known)}
            verdict.problems.append(Problem("severity", words))
        return found[0].code if found else ""

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Draft the article with all its rows at the first of them; the others are in it."""
        facts = self._facts(row, Verdict(Outcome.SAME))
        group = self.groups[facts.key] if facts else None
        if group is None or group.is_written:
            return []
        group.is_written = True
        return [made(draft_fault(_article(group), actor=self.by))]


class _Choice:
    """A choice as the lookup of records by name reads it."""

    def __init__(self, code: str, name: str) -> None:
        self.code, self.name = code, name


def _shared(machines: Sequence[EquipmentModel], name: str) -> str:
    """Return what all machines have in common, nothing where they differ."""
    values = {getattr(machine, name) for machine in machines}
    return values.pop() if len(values) == 1 else ""


def _article(group: Group) -> FaultArticle:
    first = group.rows[0]
    article = FaultArticle(number=_number(first), title=first.title, category=first.category, live=False, **first.head)
    machines = {machine.pk: machine for facts in group.rows for machine in facts.machines}
    article.equipment = list(machines.values())
    codes = dict.fromkeys(code for facts in group.rows for code in facts.codes)
    article.codes = [FaultCode(code=code, sort_order=at) for at, code in enumerate(codes)]
    warnings = dict.fromkeys(facts.safety for facts in group.rows if facts.safety)
    article.safety_notes = [SafetyNote(text=text, sort_order=at) for at, text in enumerate(warnings)]
    pairs = {facts.cause_key: facts.pair for facts in reversed(group.rows)}
    ordered = dict.fromkeys(facts.cause_key for facts in group.rows)
    article.pairs = [CausePair(sort_order=at, **pairs[key]) for at, key in enumerate(ordered)]
    return article


def _number(facts: Facts) -> str:
    """Return a free article number made of machine or category and code."""
    whose = facts.machines[0].code if len(facts.machines) == 1 else facts.category.code
    parts = [re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") for text in (whose, facts.codes[0] if facts.codes else "F")]
    base = "-".join(part for part in parts if part)[:24].strip("-") or "F"
    taken = set(FaultArticle.objects.filter(number__startswith=base).values_list("number", flat=True))
    numbers = (base if at == 1 else f"{base}-{at}" for at in range(1, len(taken) + 2))
    return next(number for number in numbers if number not in taken)


def _take_back(article: FaultArticle, by: Any) -> None:
    """Delete a draft that is as the import made it.

    Raises:
        RestsOnIt: it was published, written on or sent to review.
    """
    drafted = article.get_latest_revision_as_object()
    same = digest_of(drafted.serializable_data()) == digest_of(article.serializable_data())
    if article.first_published_at or article.live or not same or article.workflow_in_progress:
        raise RestsOnIt(record=str(article), reason=_("it was changed since"))
    article.delete()


kind = ImportKind(
    key="faults",
    label=gettext_lazy("Fault articles"),
    help=gettext_lazy(
        "One row a cause, with code, title, machines, check and remedy; what a group of rows shares may stand once. "
        "Drafts are made, nothing is published."
    ),
    columns=COLUMNS,
    may_use=lambda person: person.is_authenticated and person.has_perm("kb.add_faultarticle"),
    desk=FaultDesk,
    undo={"kb.faultarticle": _take_back},
    order=40,
)

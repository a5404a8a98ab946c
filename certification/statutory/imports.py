"""Import statutory cards from a list; a second person verifies each as one recorded by hand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.models import StatutoryCertificate
from certification.permissions import files_kept_by, may_keep_files
from certification.statutory.domain import project_of, record_statutory, withdraw_statutory
from portal.access.lookup import find_people
from portal.errors import DomainError
from portal.exchange.imports.errors import RestsOnIt
from portal.exchange.imports.persons import LEAVE, person_in
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import day_in, one_of, shown, text_in
from portal.models import Person, StatutoryKind
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, TableRow, Verdict
from portal.typed import number_form, plain

COLUMNS = (
    Column("person", gettext_lazy("Person"), ("工号", "姓名", "人员", "持证人", "员工", "person"), True),
    Column(
        "kind", gettext_lazy("Kind of card"), ("证件种类", "证书名称", "证件名称", "证书类型", "证件", "kind"), True
    ),
    Column("number", gettext_lazy("Number"), ("证号", "证书编号", "证件编号", "编号", "number"), True),
    Column("project_code", gettext_lazy("Project code"), ("项目代号", "作业项目", "项目", "project")),
    Column("issuer", gettext_lazy("Issued by"), ("发证机关", "发证单位", "颁发机构", "issuer")),
    Column("first_issued_on", gettext_lazy("First issued on"), ("初领日期", "首次发证日期", "first issued")),
    Column("valid_from", gettext_lazy("Valid from"), ("有效期自", "发证日期", "有效起始", "valid from"), True),
    Column("valid_to", gettext_lazy("Valid until"), ("有效期至", "到期日期", "有效期", "valid to"), True),
    Column("review_due", gettext_lazy("Re-examination due"), ("复审日期", "复审到期", "应复审日期", "review due")),
)


class CardDesk:
    """Cards of one table, of people whose file the importer keeps."""

    def __init__(self, by: Person, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.people = find_people(by, {row["person"] for row in rows if row["person"]}, files_kept_by(by))
        self.kinds = list(StatutoryKind.objects.all())
        numbers = {plain(row["number"]) for row in rows}
        known = StatutoryCertificate.objects.filter(number__in=numbers)
        self.known = {(card.kind_id, card.number, card.valid_from): card for card in known}
        self.said: set[tuple[int, str, dt.date]] = set()

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return whether the card is new; several people of the name are asked about."""
        verdict = Verdict(Outcome.SAME)
        facts = self._facts(row, verdict)
        person = self._person(row, answer, verdict)
        if verdict.problems or verdict.question is not None or answer == LEAVE:
            return verdict
        key = (facts["kind"].pk, number_form(facts["number"]), facts["valid_from"])
        known = self.known.get((facts["kind"].pk, facts["number"], facts["valid_from"]))
        if known is not None:
            if person is not None and known.person_id != person.pk:
                verdict.problems.append(Problem("number", _("This card is on record for somebody else.")))
            elif known.withdrawn_on is not None:
                verdict.notes.append(_("This card is on record as withdrawn."))
            return verdict
        if key in self.said:
            verdict.notes.append(_("Stands in the table twice; written once."))
            return verdict
        self.said.add(key)
        verdict.outcome = Outcome.ADD
        card = f"{facts['kind']} {facts['number']} · {shown(facts['valid_from'])} – {shown(facts['valid_to'])}"
        verdict.changes.append((str(person), "", card))
        return verdict

    def _facts(self, row: TableRow, verdict: Verdict) -> dict[str, Any]:
        facts: dict[str, Any] = {"kind": one_of(self.kinds, row["kind"], "kind", verdict)}
        if not row["kind"]:
            verdict.problems.append(Problem("kind", _("This is needed.")))
        facts["number"] = text_in(row, "number", verdict, longest=60, is_needed=True)
        facts["issuer"] = text_in(row, "issuer", verdict, longest=120)
        facts["project_code"] = text_in(row, "project_code", verdict, longest=20)
        for name in ("first_issued_on", "valid_from", "valid_to", "review_due"):
            facts[name] = day_in(row, name, verdict)
        for name in ("valid_from", "valid_to"):
            if not row[name]:
                verdict.problems.append(Problem(name, _("This is needed.")))
        if facts["valid_from"] and facts["valid_to"] and facts["valid_to"] < facts["valid_from"]:
            verdict.problems.append(Problem("valid_to", _("The last day lies before the first one.")))
        if facts["kind"] is not None:
            try:
                project_of(facts["kind"], facts["project_code"])
            except DomainError as refusal:
                verdict.problems.append(Problem("project_code", str(refusal)))
        return facts

    def _person(self, row: TableRow, answer: str, verdict: Verdict) -> Person | None:
        within = files_kept_by(self.by)
        return person_in(row, "person", self.people, verdict, by=self.by, within=within, answer=answer)

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Record the card."""
        verdict = Verdict(Outcome.SAME)
        facts, person = self._facts(row, verdict), self._person(row, answer, verdict)
        kind_of_card = facts.pop("kind")
        number = facts.pop("number")
        return [made(record_statutory(person, kind_of_card, number, by=self.by, **facts))]


def _take_back(card: StatutoryCertificate, by: Any) -> None:
    """Withdraw a card nobody has verified yet, from its first day on; the record itself stays as evidence."""
    if card.is_verified or card.withdrawn_on is not None:
        raise RestsOnIt(record=str(card), reason=_("it was verified or withdrawn"))
    withdraw_statutory(card, withdrawn_on=card.valid_from, by=by)


kind = ImportKind(
    key="statutory-cards",
    label=gettext_lazy("Statutory cards"),
    help=gettext_lazy("One row a card with holder, kind, number and days; a second person verifies each."),
    columns=COLUMNS,
    may_use=may_keep_files,
    desk=CardDesk,
    undo={"certification.statutorycertificate": _take_back},
    order=40,
)

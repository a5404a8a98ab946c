"""Import what was shown before the portal: certificates, papers, practicals and hours, a kind each."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.enums import TakenOverKind
from certification.models import Checklist, Quiz, Scheme, TakenOver
from certification.permissions import may_take_over, taken_over_by, vouchers_for
from certification.takeover.contradictions import Facts, contradictions, known_about
from certification.takeover.domain import may_record, take_over, withdraw
from courses.models import TrainingModule
from courses.wording import minutes_of
from portal.access.lookup import find_people
from portal.errors import Ambiguous, DomainError
from portal.exchange.imports.errors import RestsOnIt
from portal.exchange.imports.persons import person_in
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import day_in, one_of, shown, text_in
from portal.models import Person
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, TableRow, Verdict
from portal.typed import plain

PERSON = Column("person", gettext_lazy("Person"), ("工号", "姓名", "人员", "持证人", "员工", "person"), True)
VOUCHED_BY = Column("vouched_by", gettext_lazy("Vouched for by"), ("证明人", "担保人", "经办人", "vouched by"), True)
EXAMINER = Column("examiner", gettext_lazy("Examined or taught by"), ("考核人", "考官", "讲师", "培训师", "examiner"))
REMARK = Column("remark", gettext_lazy("Remark"), ("备注", "说明", "remark"))
NUMBER = Column("number", gettext_lazy("File number"), ("档案号", "编号", "试卷号", "number"))

COLUMNS: dict[TakenOverKind, tuple[Column, ...]] = {
    TakenOverKind.CERTIFICATE: (
        PERSON,
        Column("subject", gettext_lazy("Scheme"), ("资格", "方案", "证书名称", "上岗资格", "scheme"), True),
        Column("number", gettext_lazy("Certificate number"), ("证书编号", "证号", "编号", "number"), True),
        Column("on", gettext_lazy("Valid from"), ("发证日期", "生效日期", "有效期自", "valid from"), True),
        Column("until", gettext_lazy("Valid until"), ("有效期至", "到期日期", "valid until", "valid to"), True),
        VOUCHED_BY,
        EXAMINER,
        REMARK,
    ),
    TakenOverKind.QUIZ: (
        PERSON,
        Column("subject", gettext_lazy("Quiz"), ("试卷", "理论考试", "考试", "quiz"), True),
        Column("on", gettext_lazy("Day"), ("考试日期", "日期", "day"), True),
        Column("score", gettext_lazy("Score"), ("成绩", "分数", "得分", "score"), True),
        VOUCHED_BY,
        EXAMINER,
        NUMBER,
        REMARK,
    ),
    TakenOverKind.PRACTICAL: (
        PERSON,
        Column("subject", gettext_lazy("Checklist"), ("实操考核", "实操项目", "考核表", "checklist"), True),
        Column("on", gettext_lazy("Day"), ("考核日期", "日期", "day"), True),
        VOUCHED_BY,
        EXAMINER,
        NUMBER,
        REMARK,
    ),
    TakenOverKind.HOURS: (
        PERSON,
        Column("subject", gettext_lazy("Training module"), ("培训模块", "课程", "模块", "module"), True),
        Column("on", gettext_lazy("Day"), ("培训日期", "日期", "day"), True),
        Column("minutes", gettext_lazy("Hours"), ("学时", "课时", "时长", "小时", "hours"), True),
        VOUCHED_BY,
        EXAMINER,
        NUMBER,
        REMARK,
    ),
}
# What a record of each kind may be about, and the fields it is found by.
SUBJECTS: dict[TakenOverKind, tuple[Callable[[], QuerySet[Any]], tuple[str, str]]] = {
    TakenOverKind.CERTIFICATE: (Scheme.objects.in_force, ("code", "name")),
    TakenOverKind.QUIZ: (Quiz.objects.select_related("bank__category").all, ("code", "title")),
    TakenOverKind.PRACTICAL: (Checklist.objects.select_related("category").all, ("code", "title")),
    TakenOverKind.HOURS: (TrainingModule.objects.all, ("code", "title")),
}
# What the contradictions are about has another column name nowhere.
_LONGEST = {"number": 60, "examiner": 120, "remark": 300}


class TakeoverDesk:
    """Records of one kind in one table, of people for whom the importer may take over."""

    def __init__(self, kind: TakenOverKind, by: Person, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.kind, self.by, self.today = kind, by, timezone.localdate()
        self.people = find_people(by, _texts(rows, "person"), taken_over_by(by, kind))
        self.vouchers = find_people(by, _texts(rows, "vouched_by"), vouchers_for(by, kind))
        every, self.named_by = SUBJECTS[kind]
        self.subjects = list(every())
        chosen = [person.pk for person in self.people.values() if isinstance(person, Person)]
        chosen += [self._pk_of(candidate.value) for candidate in self._candidates()]
        self.known = known_about(chosen, {plain(row["number"]) for row in rows})
        self.may_record: dict[int, bool] = {}

    def _candidates(self) -> list[Any]:
        return [each for found in self.people.values() if isinstance(found, Ambiguous) for each in found.candidates]

    def _pk_of(self, value: str) -> int:
        found = find_people(self.by, [value], taken_over_by(self.by, self.kind))[value]
        return found.pk if isinstance(found, Person) else 0

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return whether the record is new, or what it contradicts; several people of the name are asked about."""
        verdict = Verdict(Outcome.SAME)
        facts = self._facts(row, answer, verdict)
        if facts is None or verdict.problems or verdict.question is not None:
            return verdict
        verdict.problems += [Problem(name, said) for name, said in contradictions(facts, self.known, self.today)]
        if not self._may(facts):
            verdict.problems.append(Problem("subject", _("You are not appointed for this equipment.")))
        if verdict.problems:
            return verdict
        self.known.add(facts)
        verdict.outcome = Outcome.ADD
        verdict.changes.append((str(facts.person), "", _written(facts)))
        return verdict

    def _may(self, facts: Facts) -> bool:
        # The people are those the importer may take over for; the appointment is a matter of the subject.
        if facts.subject.pk not in self.may_record:
            self.may_record[facts.subject.pk] = may_record(self.by, facts)
        return self.may_record[facts.subject.pk]

    def _facts(self, row: TableRow, answer: str, verdict: Verdict) -> Facts | None:
        within = taken_over_by(self.by, self.kind)
        if self._is_own(row):
            verdict.problems.append(Problem("person", _("Nobody takes over records of their own; somebody else does.")))
            return None
        person = person_in(row, "person", self.people, verdict, by=self.by, within=within, answer=answer)
        subject = one_of(self.subjects, row["subject"], "subject", verdict, keys=self.named_by)
        on, until = day_in(row, "on", verdict), day_in(row, "until", verdict)
        texts = {name: text_in(row, name, verdict, longest=longest) for name, longest in _LONGEST.items()}
        for name in ("subject", "on"):
            if not row[name]:
                verdict.problems.append(Problem(name, _("This is needed.")))
        voucher = self._voucher(row, verdict)
        score, minutes = _score(row, verdict), _minutes(row, verdict)
        if person is None or subject is None or on is None or voucher is None:
            return None
        return Facts(self.kind, person, subject, on, voucher, until, score=score, minutes=minutes, **texts)

    def _is_own(self, row: TableRow) -> bool:
        """Whether a row names the importer, who is not among the people: “out of sight” would be no answer."""
        own = {self.by.staff_number.casefold(), self.by.name.casefold()}
        found = self.people.get(row["person"])
        return row["person"].casefold() in own and not isinstance(found, Person | Ambiguous)

    def _voucher(self, row: TableRow, verdict: Verdict) -> Person | None:
        found = self.vouchers.get(row["vouched_by"])
        if isinstance(found, Person):
            return found
        verdict.problems.append(Problem("vouched_by", str(found) if found else _("This is needed.")))
        return None

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Take it over."""
        facts = self._facts(row, answer, Verdict(Outcome.SAME))
        if facts is None:
            return []
        return [made(take_over(self.by, facts, form_key=uuid.uuid4()))]


def _texts(rows: Sequence[TableRow], key: str) -> set[str]:
    return {row[key] for row in rows if row[key]}


def _score(row: TableRow, verdict: Verdict) -> int | None:
    text = row["score"].strip().removesuffix("分")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        verdict.problems.append(Problem("score", _("“%(text)s” is no whole number of points.") % {"text": text[:30]}))
        return None
    return int(text)


def _minutes(row: TableRow, verdict: Verdict) -> int | None:
    if not row["minutes"]:
        return None
    minutes = minutes_of(row["minutes"])
    if minutes is None:
        text = _("“%(text)s” is no number of hours; write 8, 1.5 or 45 min.") % {"text": row["minutes"][:30]}
        verdict.problems.append(Problem("minutes", text))
    return minutes


def _written(facts: Facts) -> str:
    days = shown(facts.on) + (f" – {shown(facts.until)}" if facts.until else "")
    amount = f"{facts.score}" if facts.score is not None else f"{facts.minutes} min" if facts.minutes else ""
    parts = (str(facts.subject), facts.number, days, amount, _("vouched for by %(name)s") % {"name": facts.vouched_by})
    return " · ".join(part for part in parts if part)


def _take_back(record: TakenOver, by: Any) -> None:
    """Withdraw a record; what the ledger says is corrected, not deleted."""
    try:
        withdraw(by, record, reason=str(_("The import was taken back.")))
    except DomainError as refusal:
        raise RestsOnIt(record=str(record), reason=str(refusal)) from refusal


_HELP = gettext_lazy(
    "One row a record, with its own days and who vouches for it; it counts from its day and is known from today."
)
_LABELS = {
    TakenOverKind.CERTIFICATE: gettext_lazy("Earlier certificates"),
    TakenOverKind.QUIZ: gettext_lazy("Earlier quizzes on paper"),
    TakenOverKind.PRACTICAL: gettext_lazy("Earlier practicals"),
    TakenOverKind.HOURS: gettext_lazy("Earlier training hours"),
}

kinds = [
    ImportKind(
        key=f"earlier-{kind.value}",
        label=_LABELS[kind],
        help=_HELP,
        columns=columns,
        may_use=partial(lambda kind, person: may_take_over(person, kind), kind),
        desk=partial(TakeoverDesk, kind),
        undo={"certification.takenover": _take_back},
        order=60 + place,
    )
    for place, (kind, columns) in enumerate(COLUMNS.items())
]

"""Import whom a customer names for a session, from the customer's own table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Nominee, TrainingRequest
from courses.nominations.domain import Named, name_people
from courses.nominations.permissions import can_arrange, is_of_the_firm, may_use_requests, requests_for
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import text_in
from portal.models import Person
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, Question, TableRow, Verdict
from portal.typed import name_key

SAME, OTHER, LEAVE = "same", "other", "leave"

COLUMNS = (
    Column("name", gettext_lazy("Name"), ("姓名", "受训人员", "参训人员", "人员姓名", "name"), True),
    Column("post", gettext_lazy("Post"), ("岗位", "职务", "工种", "post", "position")),
    Column("mobile", gettext_lazy("Mobile"), ("手机", "手机号", "手机号码", "联系电话", "电话", "mobile", "phone")),
)


class NomineeDesk:
    """The people of one table, beside those who are named already."""

    def __init__(self, by: Person, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.request = TrainingRequest.objects.get(pk=options["request"])
        self.named = [Named(one.number, one.name, one.post, one.mobile) for one in _listed(self.request)]
        self.there = {one.key: one for one in self.named}
        self.seen: dict[tuple[str, str], int] = {}
        self.count = len(self.named)

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return whether the row names somebody new; who has the name of somebody on the list is asked about."""
        verdict = Verdict(Outcome.SAME)
        name = text_in(row, "name", verdict, longest=80, is_needed=True)
        post = text_in(row, "post", verdict, longest=80)
        mobile = "".join(text_in(row, "mobile", verdict, longest=20).split())
        if not self.request.is_open_for_names():
            verdict.problems.append(Problem("", _("The list is closed. Give the link again to open it.")))
        if (name, mobile) in self.seen:
            text = _("The same person stands in row %(row)d already.") % {"row": self.seen[name, mobile]}
            verdict.problems.append(Problem("name", text))
        if verdict.problems:
            return verdict
        self.seen[name, mobile] = row.number
        known = self.there.get((name, mobile))
        if known is not None:
            if post and post != known.post:
                verdict.outcome = Outcome.CHANGE
                verdict.changes.append((_("Post"), known.post, post))
            return verdict
        namesakes = [one for one in self.there.values() if name_key(one.name) == name_key(name)]
        if namesakes and answer not in (SAME, OTHER, LEAVE):
            verdict.question = self._ask(name, namesakes)
        elif not namesakes or answer == OTHER:
            self._add(verdict, name, post, mobile)
        return verdict

    def _ask(self, name: str, namesakes: Sequence[Named]) -> Question:
        known = "、".join(f"{one.name} {one.mobile or '—'}" for one in namesakes)
        return Question(
            _("%(name)s stands on the list already (%(known)s). Is it somebody else?") % {"name": name, "known": known},
            [
                (OTHER, _("Somebody else, add them")),
                (SAME, _("The same, leave the list as it is")),
                (LEAVE, _("Leave this row out")),
            ],
        )

    def _add(self, verdict: Verdict, name: str, post: str, mobile: str) -> None:
        self.count += 1
        if self.count > self.request.seats:
            text = _("There are %(seats)s seats, this is person %(number)s.")
            verdict.problems.append(Problem("", text % {"seats": self.request.seats, "number": self.count}))
            return
        verdict.outcome = Outcome.ADD
        verdict.changes.append((_("Named person"), "", " · ".join(part for part in (name, post, mobile) if part)))

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Put the person on the list, or correct the post."""
        verdict = Verdict(Outcome.SAME)
        name, post = text_in(row, "name", verdict, longest=80), text_in(row, "post", verdict, longest=80)
        mobile = "".join(text_in(row, "mobile", verdict, longest=20).split())
        before = Nominee.objects.named().filter(request=self.request, name=name, mobile=mobile).first()
        wanted = [one for one in self.named if one.key != (name, mobile)]
        wanted.append(Named(row.number, name, post or (before.post if before else ""), mobile))
        self.request = name_people(self.request, wanted, version=self._version(), by=self.by)
        self.named = wanted
        found = Nominee.objects.named().get(request=self.request, name=name, mobile=mobile)
        return [made(found, {"post": before.post} if before else None)]

    def _version(self) -> int:
        return TrainingRequest.objects.values_list("version", flat=True).get(pk=self.request.pk)


def _listed(request: TrainingRequest) -> Sequence[Nominee]:
    return list(request.nominees.named().order_by("number", "pk"))


def _take_off(nominee: Nominee, by: Person) -> None:
    """Take somebody off the list again; who has times stays."""
    request = nominee.request
    rows = [Named(one.number, one.name, one.post, one.mobile) for one in _listed(request) if one.pk != nominee.pk]
    name_people(request, rows, version=request.version, by=by)


def _options(person: Any, address: Mapping[str, str]) -> dict[str, Any]:
    """Return the request the address names.

    Raises:
        Http404: it is none whose list ``person`` may change.
    """
    number = address.get("request", "")
    request = requests_for(person).filter(pk=number).first() if number.isdecimal() else None
    if request is None or not (can_arrange(person, request) or is_of_the_firm(person, request)):
        raise Http404
    return {"request": request.pk}


kind = ImportKind(
    key="nominees",
    label=gettext_lazy("Named people"),
    help=gettext_lazy("The customer's table: name, post, mobile."),
    columns=COLUMNS,
    may_use=may_use_requests,
    desk=NomineeDesk,
    options=_options,
    undo={"courses.nominee": _take_off},
    is_listed=False,
    order=61,
)

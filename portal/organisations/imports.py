"""Import the organisation tree with its posts: one row a place, or a place and a post."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.sight import organisations_in_sight
from portal.enums import Tier
from portal.errors import DomainError
from portal.exchange.imports.errors import RestsOnIt
from portal.exchange.imports.undoing import made
from portal.exchange.imports.values import changes, differing, one_of, text_in
from portal.models import Organisation, Position
from portal.organisations.domain import (
    add_organisation,
    add_position,
    change_organisation,
    change_position,
    check_place,
)
from portal.organisations.tiers import tier_name
from portal.registry.imports import Column, ImportKind, Made, Outcome, Problem, TableRow, Verdict
from portal.typed import name_key, plain, split_list

#: What tiers are called beside the names of the settings.
TIER_WORDS = {
    Tier.HQ: ("总部", "总公司", "公司总部"),
    Tier.REGION: ("大区", "区域", "分中心", "分公司"),
    Tier.OUTLET: ("网点", "服务网点", "服务点", "服务处", "办事处", "服务站", "加盟服务商", "门店"),
    Tier.CUSTOMER: ("客户", "使用单位", "甲方", "用户"),
}

COLUMNS = (
    Column("code", gettext_lazy("Code"), ("编码", "代码", "组织编码", "单位编码", "组织代码", "code"), True),
    Column("name", gettext_lazy("Name"), ("名称", "组织名称", "单位名称", "网点名称", "组织", "单位", "name"), True),
    Column("tier", gettext_lazy("Tier"), ("层级", "级别", "类型", "组织层级", "tier")),
    Column("parent", gettext_lazy("Stands below"), ("上级", "上级组织", "上级单位", "上级编码", "所属大区", "parent")),
    Column("address", gettext_lazy("Address"), ("地址", "详细地址", "办公地址", "address")),
    Column("contact_name", gettext_lazy("Engineer in charge"), ("负责人", "联系人", "负责工程师", "contact")),
    Column("phone", gettext_lazy("Phone"), ("电话", "联系电话", "手机", "phone")),
    Column("areas", gettext_lazy("Service areas"), ("服务区域", "负责区域", "服务范围", "areas")),
    Column("position", gettext_lazy("Position"), ("岗位", "岗位名称", "职务", "position")),
    Column("headcount", gettext_lazy("Headcount"), ("编制", "人数", "定员", "headcount")),
    Column("reports_to", gettext_lazy("Reports to"), ("直接上级", "上级岗位", "汇报对象", "reports to")),
)


class OrganisationDesk:
    """Places and posts of one table, those of earlier rows counted in."""

    def __init__(self, by: Any, rows: Sequence[TableRow], options: Mapping[str, Any]) -> None:
        self.by = by
        self.places = {name_key(place.code): place for place in organisations_in_sight(by)}
        codes = {name_key(row["code"]) for row in rows}
        hidden = Organisation.objects.exclude(pk__in=[place.pk for place in self.places.values()])
        self.taken = {name_key(code) for code in hidden.values_list("code", flat=True)} & codes
        posts = Position.objects.filter(organisation__in=self.places.values())
        self.posts = {(post.organisation_id, name_key(post.title)): post for post in posts}
        self.said: set[tuple[str, str]] = set()

    def judge(self, row: TableRow, answer: str) -> Verdict:
        """Return what the row would add or change."""
        verdict = Verdict(Outcome.SAME)
        place, facts = self._place(row, verdict)
        post = self._post_facts(row, verdict)
        if verdict.problems:
            return verdict
        key = name_key(row["code"])
        fresh = differing(place if place is None or place.pk else None, facts) if key not in self._planned() else {}
        if place is None:
            verdict.outcome = Outcome.ADD
            verdict.changes += changes(Organisation, None, fresh)
            self.places[key] = self._unsaved(row, facts)
        elif place.pk and fresh:
            verdict.outcome = Outcome.CHANGE
            verdict.changes += changes(Organisation, place, fresh)
        self._judge_post(row, place, post, verdict)
        return verdict

    def _planned(self) -> set[str]:
        return {key for key, place in self.places.items() if not place.pk}

    def _unsaved(self, row: TableRow, facts: dict[str, Any]) -> Organisation:
        """Return the place as later rows need to know it: to stand below, and of which tier."""
        return Organisation(code=plain(row["code"]), **{name: facts[name] for name in ("name", "tier")})

    def _place(self, row: TableRow, verdict: Verdict) -> tuple[Organisation | None, dict[str, Any]]:
        code = text_in(row, "code", verdict, longest=40, is_needed=True)
        try:
            validate_slug(code or "x")
        except ValidationError as error:
            verdict.problems.append(Problem("code", error.messages[0]))
        if name_key(code) in self.taken:
            verdict.problems.append(Problem("code", _("This code belongs to a place outside your sight.")))
        place = self.places.get(name_key(code))
        facts: dict[str, Any] = {"name": text_in(row, "name", verdict, longest=120, is_needed=True)}
        for name, longest in (("address", 200), ("contact_name", 60), ("phone", 40)):
            facts[name] = text_in(row, name, verdict, longest=longest)
        if place is None:
            facts["tier"] = self._tier(row, verdict)
            parent = one_of(self.places.values(), row["parent"], "parent", verdict)
            if facts["tier"] and not verdict.problems:
                try:
                    check_place(facts["tier"], parent)
                except DomainError as refusal:
                    verdict.problems.append(Problem("parent", str(refusal)))
        return place, facts

    def _tier(self, row: TableRow, verdict: Verdict) -> str:
        key = name_key(row["tier"])
        for tier in Tier:
            words = {tier.value, str(tier.label), str(tier_name(tier)), *TIER_WORDS[tier]}
            if key and key in {name_key(word) for word in words}:
                return tier
        names = "、".join(str(tier_name(tier)) for tier in Tier)
        message = _("“%(text)s” is no tier; write one of %(names)s.") % {"text": row["tier"][:30], "names": names}
        verdict.problems.append(Problem("tier", message))
        return ""

    def _post_facts(self, row: TableRow, verdict: Verdict) -> dict[str, Any]:
        facts: dict[str, Any] = {"title": text_in(row, "position", verdict, longest=80)}
        if row["headcount"] and not facts["title"]:
            verdict.problems.append(Problem("position", _("Headcount needs a post.")))
        if row["headcount"]:
            count = plain(row["headcount"]).removesuffix("人")
            if count.isdecimal() and int(count) <= 32767:
                facts["headcount"] = int(count)
            else:
                verdict.problems.append(Problem("headcount", _("“%(text)s” is no number.") % {"text": count[:20]}))
        return facts

    def _judge_post(self, row: TableRow, place: Organisation | None, facts: dict[str, Any], verdict: Verdict) -> None:
        if not facts["title"]:
            return
        key = (name_key(row["code"]), name_key(facts["title"]))
        if key in self.said:
            verdict.notes.append(_("Stands in the table twice; written once."))
            return
        self.said.add(key)
        known = self.posts.get((place.pk, key[1])) if place is not None and place.pk else None
        fresh = differing(known, facts)
        if known is None:
            fresh = facts
        verdict.changes += changes(Position, known, fresh)
        if fresh and verdict.outcome == Outcome.SAME:
            verdict.outcome = Outcome.ADD if known is None else Outcome.CHANGE

    def write(self, row: TableRow, answer: str) -> list[Made]:
        """Add or correct the place and its post."""
        notes: list[Made] = []
        quiet = Verdict(Outcome.SAME)
        key = name_key(row["code"])
        place = self.places.get(key)
        if place is not None and not place.pk:
            del self.places[key]
            place = None
        _place, facts = self._place(row, quiet)
        if place is None:
            parent = one_of([each for each in self.places.values() if each.pk], row["parent"], "parent", quiet)
            areas = split_list(row["areas"])
            place = add_organisation(plain(row["code"]), parent=parent, areas=areas, actor=self.by, **facts)
            notes.append(made(place))
        elif fresh := differing(place, facts):
            before = {name: getattr(place, name) for name in fresh}
            place = change_organisation(place, actor=self.by, **fresh)
            notes.append(made(place, before))
        self.places[key] = place
        return notes + self._write_post(row, place)

    def _write_post(self, row: TableRow, place: Organisation) -> list[Made]:
        facts = self._post_facts(row, Verdict(Outcome.SAME))
        title = facts.pop("title")
        if not title:
            return []
        key = (place.pk, name_key(title))
        superior = self.posts.get((place.pk, name_key(row["reports_to"]))) if row["reports_to"] else None
        if superior is not None:
            facts["reports_to"] = superior
        known = self.posts.get(key)
        if known is None:
            self.posts[key] = add_position(place, title, actor=self.by, **facts)
            return [made(self.posts[key])]
        if fresh := differing(known, {name: value for name, value in facts.items() if name != "reports_to"}):
            before = {name: getattr(known, name) for name in fresh}
            self.posts[key] = change_position(known, actor=self.by, **fresh)
            return [made(self.posts[key], before)]
        return []


def _take_back(place: Organisation, by: Any) -> None:
    """Remove a place below which nothing stands."""
    if place.numchild:
        raise RestsOnIt(record=place.name, reason=_("other places stand below it"))
    place.delete()


kind = ImportKind(
    key="organisations",
    label=gettext_lazy("Organisation tree and posts"),
    help=gettext_lazy("One row a place with its superior, or a place and a post; superiors before those below them."),
    columns=COLUMNS,
    may_use=lambda person: person.is_authenticated and person.has_perm("portal.add_organisation"),
    desk=OrganisationDesk,
    undo={"portal.organisation": _take_back},
    order=10,
)

"""Template tags and filters of certification."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from certification.actions import Action
from certification.duty.log.wording import reason_words
from certification.duty.reasons import standing_reasons
from certification.enums import CardState, EntryKind, PostState, Stage
from certification.models import Attempt, DutyInquiry, LedgerEntry, StatutoryCertificate
from certification.permissions import FILE_ROLES, may_audit, may_list_certificates, may_survey
from certification.requirements.hints import ShownReason, with_hints
from certification.training_file.queries import SchemeFile
from portal.models import Person
from portal.registry.duty import DutyAnswer, Reason, state_words
from portal.templatetags.portal_format import org_day

register = template.Library()
register.filter("audits", may_audit)
register.filter("surveys", may_survey)

CARD_LAMPS = {
    CardState.VALID: "green",
    CardState.EXPIRING: "amber",
    CardState.EXPIRED: "red",
    CardState.WITHDRAWN: "red",
    CardState.NOT_YET: "grey",
}

POST_LAMPS = {
    PostState.UNQUALIFIED: "red",
    PostState.OPEN: "amber",
    PostState.IN_TRAINING: "amber",
    PostState.ABOVE_PLAN: "amber",
    PostState.FILLED: "green",
    PostState.NO_PLAN: "grey",
}

TONES = {
    EntryKind.GRANTED: "green",
    EntryKind.RENEWED: "green",
    EntryKind.REINSTATED: "green",
    EntryKind.SUSPENDED: "amber",
    EntryKind.LAPSED: "grey",
    EntryKind.REVOKED: "red",
    EntryKind.CORRECTED: "brand",
}


@dataclass(frozen=True)
class Tab:
    """A tab between the surveys."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class Item:
    """An entry of the ledger as a line of its timeline.

    Args:
        note: who corrected it, when and why; empty as long as it stands.
        url: where it can be corrected; empty where it cannot, or not by the reader.
    """

    when: str
    title: str
    text: str
    tone: str
    note: str
    url: str


register.filter("reason_words", reason_words)


@register.simple_tag
def my_crumbs() -> list[Action]:
    """Return the way to one's own certification."""
    return [Action(_("My certification"), reverse("certification:mine"))]


@register.simple_tag(takes_context=True)
def survey_tabs(context: dict[str, Any]) -> list[Tab]:
    """Return the tabs matrix, coverage, posts, statutory cards and, for who may, who was qualified."""
    request = context["request"]
    pages = [
        ("certification:matrix", _("Skills matrix")),
        ("certification:works", _("Skills by equipment")),
        ("certification:expiring", _("Expiring soon")),
        ("certification:coverage", _("Coverage")),
        ("certification:forecast", _("Forecast")),
        ("certification:posts", _("Posts and headcount")),
        ("certification:statutory_cards", _("Statutory certificates")),
    ]
    if may_list_certificates(request.user):
        pages.append(("certification:certificates", _("Certificates")))
    if may_audit(request.user):
        pages.append(("certification:as_of", _("Who was qualified")))
        pages.append(("certification:inquiries", _("Questions to the gate")))
    return [Tab(label, reverse(name), reverse(name) == request.path) for name, label in pages]


@register.simple_tag
def panel_reasons(file: SchemeFile) -> list[ShownReason]:
    """Return why a scheme is not held: its state where it was taken away or ran out, then what is missing."""
    reasons = standing_reasons(file.scheme, file.where, list(file.reasons))
    extra = [reason for reason in file.reasons if not reason.met and reason not in reasons]
    return with_hints([*reasons, *extra] if file.stage not in (Stage.SUSPENDED,) else reasons, file.seats)


@register.simple_tag
def milliseconds(moment: dt.datetime) -> str:
    """Write a moment as milliseconds since 1970, as scripts count."""
    return str(int(moment.timestamp() * 1000))


@register.simple_tag
def attempt_clock(attempt: Attempt, now: dt.datetime) -> str:
    """Write the time left as minutes and seconds: 18:24."""
    seconds = max(int((attempt.deadline - now).total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02}"


@register.simple_tag
def answer_line(answer: DutyAnswer) -> str:
    """Write whom, what and when on one line: 李晓东（T002） · 维修 · 冷库 · 2026年3月18日."""
    person = f"{answer.person.name}（{answer.person.staff_number}）"
    what = [answer.task.label, answer.equipment.name] if answer.task and answer.equipment else [answer.position]
    return " · ".join(str(part) for part in (person, *what, org_day(answer.on)))


@register.filter
def reasons_and_ways(answer: DutyAnswer) -> list[tuple[Reason, dict[str, Any]]]:
    """Return the reasons of an answer, each with what can be done about it; nothing can be about a met one."""
    ways = iter(answer.way_out)
    return [(reason, {} if reason.met else next(ways, {})) for reason in answer.reasons]


@register.simple_tag
def inquiry_facts(inquiry: DutyInquiry) -> list[tuple[str, str]]:
    """Return what is kept of a question to the gate and of its answer."""
    return [
        (_("Asked by"), f"{inquiry.asked_by} · {inquiry.get_asked_from_display()}"),
        (_("Asked at"), _moment(inquiry.recorded_at)),
        (_("As known at"), _moment(inquiry.known_at)),
        (_("Answer of the gate"), state_words(inquiry.state)),
        (_("Reason codes"), " · ".join(inquiry.codes)),
        (_("Certificates"), " · ".join(inquiry.certificates) or "—"),
    ]


def _moment(moment: dt.datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


@register.simple_tag
def iso_day(text: str) -> str:
    """Write an ISO day as people read it."""
    return org_day(dt.date.fromisoformat(text))


@register.simple_tag(takes_context=True)
def file_link(context: dict[str, Any], person: Person) -> SafeString:
    """Write a person with number, linked to the file where the reader may open it (rows are in sight already)."""
    reader = context["request"].user
    known = context.render_context.setdefault("certification.may_open", {})
    if reader.pk not in known:
        known[reader.pk] = reader.has_role(*FILE_ROLES)
    if known[reader.pk] or person.pk == reader.pk:
        url = reverse("certification:person", args=[person.staff_number])
        return format_html('<a href="{}">{}</a> <span class="muted">{}</span>', url, person.name, person.staff_number)
    return format_html('{} <span class="muted">{}</span>', person.name, person.staff_number)


@register.simple_tag
def card_lamp(card: StatutoryCertificate) -> str:
    """Draw the lamp of a statutory card today; when it turns yellow is data of its kind."""
    state = card.state_on(timezone.localdate())
    return SafeString(render_to_string("components/lamp.html", {"state": CARD_LAMPS[state], "label": str(state.label)}))


@register.simple_tag
def document_lamp(state: CardState) -> str:
    """Draw the lamp of a company document in a state."""
    return SafeString(render_to_string("components/lamp.html", {"state": CARD_LAMPS[state], "label": str(state.label)}))


@register.filter
def post_lamp(state: PostState) -> str:
    """Return the colour of a post's lamp."""
    return POST_LAMPS[state]


@register.simple_tag
def ledger_items(entries: Iterable[LedgerEntry], subject: Person, corrects: bool) -> list[Item]:
    """Return ledger entries of ``subject`` as lines of a timeline, with a way to correct those that stand.

    Args:
        entries: with scheme, author, the entry they correct and their corrections loaded.
        corrects: whether the reader may correct them.
    """
    return [_item(entry, subject, corrects) for entry in entries]


def _item(entry: LedgerEntry, subject: Person, corrects: bool) -> Item:
    correction = next(iter(entry.corrections.all()), None)
    can_be_corrected = corrects and correction is None
    return Item(
        when=formats.date_format(timezone.localtime(entry.recorded_at), "DATETIME_FORMAT"),
        title=f"{entry.get_kind_display()} · {entry.scheme.name}",
        text=" · ".join(part for part in (entry_says(entry), entry.reason, _author(entry)) if part),
        tone=TONES[EntryKind(entry.kind)] if correction is None else "grey",
        note=_correction_note(correction) if correction else "",
        url=reverse("certification:correct", args=[subject.staff_number, entry.pk]) if can_be_corrected else "",
    )


def _correction_note(correction: LedgerEntry) -> str:
    moment = formats.date_format(timezone.localtime(correction.recorded_at), "DATETIME_FORMAT")
    facts = {"moment": moment, "by": _author(correction), "reason": correction.reason}
    return _("Corrected on %(moment)s by %(by)s: %(reason)s") % facts


def _author(entry: LedgerEntry) -> str:
    return entry.recorded_by.name if entry.recorded_by else _("automatically")


@register.filter
def entry_says(entry: LedgerEntry) -> str:
    """Write the days of an entry; of a correction also what it replaces."""
    if entry.corrects is None:
        return _span(entry)
    facts = {"act": entry.corrects.get_kind_display(), "was": _span(entry.corrects), "is": _span(entry)}
    if entry.is_void:
        return _("“%(act)s” (%(was)s) never held") % facts
    if entry.corrects.is_void:
        return _("“%(act)s” holds after all: %(is)s") % facts
    return _("“%(act)s”: %(is)s instead of %(was)s") % facts


def _span(entry: LedgerEntry) -> str:
    first, last = org_day(entry.valid_from), org_day(entry.valid_to)
    if last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    return _("from %(first)s") % {"first": first}


@register.filter
def percent(share: float | None) -> str:
    """Write a share as a percentage with one digit; a dash where there is none."""
    return "—" if share is None else f"{share * 100:.1f} %"

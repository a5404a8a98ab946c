"""Template tags for severities, verification and fault codes."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from kb.diagnosis.steps import Position
from kb.enums import CaseAct, CaseState, Severity, Verification
from kb.models import DiagnosisGuide, DiagnosisRun, FaultArticle, FieldCase
from portal.registry.field_cases import report_case_url
from portal.templatetags.portal_format import org_moment

register = template.Library()

SEVERITY_LAMPS = {Severity.DANGER: "red", Severity.STOP: "amber", Severity.DEGRADED: "grey", Severity.MINOR: "grey"}
SEVERITY_ICONS = {
    Severity.DANGER: "danger",
    Severity.STOP: "cross-circle",
    Severity.DEGRADED: "warning",
    Severity.MINOR: "info",
}
VERIFICATION_LAMPS = {
    Verification.MANUFACTURER: "green",
    Verification.SECONDARY: "grey",
    Verification.DISPUTED: "amber",
}


@register.filter
def severity_lamp(severity: str) -> str:
    """Return the lamp of a severity."""
    return SEVERITY_LAMPS.get(severity, "grey")


@register.filter
def severity_icon(severity: str) -> str:
    """Return the symbol of a severity."""
    return SEVERITY_ICONS.get(severity, "info")


@register.filter
def severity_label(article: FaultArticle) -> str:
    """Return what the severity of an article is called, by its subject."""
    return str(article.words.severity(article.severity))


@register.filter
def safety_level(severity: str) -> str:
    """Return the level of the safety box: hazard stripes for danger."""
    return "danger" if severity == Severity.DANGER else "warning"


@register.filter
def verification_lamp(verification: str) -> str:
    """Return the lamp of a verification state."""
    return VERIFICATION_LAMPS.get(verification, "grey")


@register.filter
def without_code(title: str, codes: Any) -> str:
    """Return a title without its leading code, for places that show the code separately."""
    rows: Iterable[Any] = [codes] if hasattr(codes, "code") else codes
    shown = [row.code for row in rows]
    for begin in ("/".join(shown), *shown):
        if begin and title.startswith(f"{begin} "):
            return title[len(begin) :].strip()
    return title


@register.filter
def is_web_address(address: str) -> bool:
    """Whether a source's address can be opened in a browser."""
    return address.startswith(("https://", "http://"))


@register.filter
def of_key(mapping: dict[Any, Any], key: Any) -> Any:
    """Return the entry of a mapping, or nothing."""
    return mapping.get(key)


@register.simple_tag
def fault_trail(article: Any = None) -> list[SimpleNamespace]:
    """Return the way down to the list of articles, and to the category of ``article``."""
    crumbs = [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Fault articles"), url=reverse("kb:faults")),
    ]
    if article is not None:
        url = f"{reverse('kb:faults')}?category={article.category.code}"
        crumbs.append(SimpleNamespace(label=article.category.shown_name, url=url))
    return crumbs


@register.simple_tag
def manual_trail(manual: Any = None) -> list[SimpleNamespace]:
    """Return the way down to the list of manuals, and to ``manual``."""
    crumbs = [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Manuals"), url=reverse("kb:manuals")),
    ]
    if manual is not None:
        crumbs.append(SimpleNamespace(label=manual.number, url=manual.get_absolute_url()))
    return crumbs


@register.simple_tag
def kb_trail() -> list[SimpleNamespace]:
    """Return the way down to the knowledge base."""
    return [SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index"))]


@register.simple_tag
def guide_trail() -> list[SimpleNamespace]:
    """Return the way down to the list of diagnosis guides."""
    return [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Diagnosis guides"), url=reverse("kb:guides")),
    ]


@register.simple_tag
def bulletin_trail() -> list[SimpleNamespace]:
    """Return the way down to the list of bulletins."""
    return [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Bulletins"), url=reverse("kb:bulletins")),
    ]


@register.filter
def tree_line(number: int) -> int:
    """Return where the lines of a box of a drawn tree stand, below its key."""
    return 16 + 18 * number


@register.simple_tag
def case_url(reader: Any, guide: DiagnosisGuide, here: Position | None = None, run: DiagnosisRun | None = None) -> str:
    """Return where the reader reports what the guide did not solve, filled with the machine and the answers given."""
    address = report_case_url(reader, guide.title)
    facts = {"equipment": here.equipment.code if here and here.equipment else "", "run": run.token if run else ""}
    further = urlencode({name: value for name, value in facts.items() if value})
    return f"{address}&{further}" if address and further else address


@register.simple_tag
def review_trail() -> list[SimpleNamespace]:
    """Return the way down to the list of drafts to review."""
    return [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Drafts to review"), url=reverse("kb:reviews")),
    ]


CASE_LAMPS = {
    CaseState.OPEN: "amber",
    CaseState.TAKEN: "amber",
    CaseState.ASKED: "grey",
    CaseState.ANSWERED: "green",
    CaseState.CLOSED: "green",
    CaseState.MERGED: "grey",
}
CASE_TONES = {
    CaseAct.ANSWERED: "green",
    CaseAct.CLOSED: "green",
    CaseAct.HOLDS: "green",
    CaseAct.PASSED_UP: "amber",
    CaseAct.REOPENED: "red",
    CaseAct.HOLDS_NOT: "red",
}


@register.filter
def case_lamp(case: FieldCase) -> str:
    """Return the lamp of a case: red when overdue, else that of its state."""
    return "red" if case.is_overdue else CASE_LAMPS[CaseState(case.state)]


@register.simple_tag
def case_trail() -> list[SimpleNamespace]:
    """Return the way down to the list of cases."""
    return [
        SimpleNamespace(label=_("Knowledge base"), url=reverse("kb:index")),
        SimpleNamespace(label=_("Field cases"), url=reverse("kb:cases")),
    ]


@register.simple_tag
def case_facts(case: FieldCase) -> list[tuple[str, Any]]:
    """Return what is known of a case beside its words."""
    machine = case.equipment.name if case.equipment else ""
    facts = [
        (_("Number"), case.number),
        (_("Machine"), f"{machine} {case.serial}".strip()),
        (_("Reporter"), f"{case.reporter.name} · {case.organisation.name}"),
        (_("Worked on by"), f"{case.held_by.name}{f' · {case.assignee.name}' if case.assignee else ''}"),
        (_("Reported"), org_moment(case.reported_at)),
        (_("Due"), "" if case.is_ended else org_moment(case.due_at)),
    ]
    return [fact for fact in facts if fact[1]]


@register.simple_tag
def case_timeline(case: FieldCase) -> list[SimpleNamespace]:
    """Return the entries of a case as a timeline, the newest first."""
    return [
        SimpleNamespace(
            when=org_moment(entry.at),
            title=" · ".join(
                str(part)
                for part in (
                    entry.get_act_display(),
                    entry.place,
                    entry.author.name if entry.author else _("by itself"),
                )
                if part
            ),
            text=entry.text,
            tone=CASE_TONES.get(CaseAct(entry.act), "grey"),
        )
        for entry in sorted(case.entries.all(), key=lambda entry: (entry.at, entry.pk), reverse=True)
    ]

"""Words of the audit log for what acts tell besides changes, and for what changes without being a field of a model."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.registry.audit import fact_values
from portal.registry.duty import STATES, state_words
from portal.registry.imports import import_kind

NAMES: dict[str, Any] = {
    "about": _("version of"),
    "address": _("network address"),
    "after_leaving": _("months after the leaving day"),
    "answer": _("the gate said"),
    "article": _("article"),
    "articles": _("articles"),
    "attempt": _("attempt"),
    "attempts": _("attempts"),
    "bank": _("question bank"),
    "because": _("because"),
    "bulk_action": _("action on several"),
    "by_link": _("through the link"),
    "came": _("people who came"),
    "came_at": _("came at"),
    "chapter": _("chapter"),
    "chapters": _("chapters"),
    "checklist": _("checklist"),
    "citations": _("citations"),
    "cited": _("passage cited"),
    "comment": _("comment"),
    "compiled_from": _("compiled from"),
    "confirmed_without": _("confirmed although missing"),
    "count": _("how many"),
    "credited": _("minutes credited"),
    "day": _("day"),
    "decision": _("decision"),
    "digest": _("digest of the file"),
    "drafts": _("carried over as drafts"),
    "edition": _("edition"),
    "equipment": _("machine"),
    "field": _("field"),
    "file": _("file"),
    "filename": _("file name"),
    "format": _("file format"),
    "from_chapter": _("from chapter"),
    "from_edition": _("from edition"),
    "grace_until": _("grace until"),
    "grounds": _("grounds"),
    "held_by": _("held by"),
    "host": _("host"),
    "is_void": _("was not there"),
    "item": _("item"),
    "kind": _("kind"),
    "known_at": _("as known at"),
    "language": _("language"),
    "left": _("not planned"),
    "left_out": _("left out"),
    "limits": _("limits in words"),
    "links": _("links ended"),
    "link_to": _("secret link to"),
    "manual": _("manual"),
    "merged": _("merged into it"),
    "minutes": _("minutes"),
    "minutes_late": _("minutes late"),
    "months": _("months"),
    "name": _("name"),
    "names": _("names"),
    "need": _("training need"),
    "nominee": _("trainee named"),
    "nominees": _("trainees named"),
    "number": _("number"),
    "on": _("day"),
    "organisation": _("organisation"),
    "outcome": _("outcome"),
    "parent": _("Stands below"),
    "passages": _("passages"),
    "passed": _("passed"),
    "password_changed": _("password changed"),
    "people": _("people"),
    "periods": _("periods"),
    "person": _("person"),
    "photos": _("photos"),
    "pictures": _("pictures"),
    "place": _("training place"),
    "position": _("position"),
    "practicals": _("practicals"),
    "previous": _("edition before"),
    "purpose": _("purpose"),
    "quiz": _("quiz"),
    "reason": _("reason"),
    "record": _("number of the record"),
    "records": _("records"),
    "remark": _("remark"),
    "removed": _("removed"),
    "resumes_on": _("resumes on"),
    "revision": _("revision"),
    "row": _("row"),
    "save": _("save"),
    "scheme": _("scheme"),
    "score": _("score"),
    "seed": _("seed of the draw"),
    "serial": _("serial number"),
    "sessions": _("sessions"),
    "source": _("copied from"),
    "staff_number": _("staff number"),
    "stamped": _("carries the reader's name"),
    "starts_on": _("from"),
    "state": _("state"),
    "task": _("task"),
    "title": _("title"),
    "to_chapter": _("to chapter"),
    "to_edition": _("to edition"),
    "version": _("version"),
    "was": _("was called"),
    "went_at": _("left at"),
    "what": _("what was opened"),
    "who": _("who"),
    "with_key": _("with the right answers"),
}


def name_of(fact: str) -> str:
    """Return what a fact is called on screen; its own name where nobody gave it one."""
    return str(NAMES.get(fact, fact))


def value_of(fact: str, value: Any) -> Any:
    """Return the words for a value, or a list of them, out of a list of choices; else the value itself."""
    if isinstance(value, list):
        return [value_of(fact, each) for each in value]
    if not isinstance(value, str):
        return value
    if fact == "answer" and value in STATES:
        return state_words(value)
    if fact == "kind" and (imported := import_kind(value)) is not None:
        return imported.label
    return fact_values.get(fact, {}).get(value, value)

"""Articles made of solved cases: drafted in one step, announced to the reporters, who say whether they hold."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.cases.errors import AccidentStaysClosed, AlreadyDrafted, CaseMoved, NotYourCase, WordsMissing
from kb.cases.notices import tell
from kb.cases.permissions import can_open_case
from kb.enums import CaseAct, CaseKind, CaseState
from kb.models import CaseEntry, CausePair, FaultArticle, FieldCase
from portal.access import audit
from portal.enums import Audience
from portal.models import EquipmentCategory, Person

ANSWERED = frozenset({CaseState.ANSWERED, CaseState.CLOSED})


@transaction.atomic
def draft_article(case: FieldCase, actor: Person, category: EquipmentCategory | None = None) -> FaultArticle:
    """Make a draft of an answered case: the reporter's words as what people say, the answer as the remedy.

    Args:
        category: where it belongs; that of the case's machine by default.

    Raises:
        NotYourCase: the actor may not write articles, or does not see the case.
        AccidentStaysClosed: it is an accident, whose words are for its readers alone.
        CaseMoved: the case is not answered.
        AlreadyDrafted: there is an article of it.
        WordsMissing: neither machine nor category is known.
    """
    locked = FieldCase.objects.select_for_update().get(pk=case.pk)
    if not actor.has_perm("kb.add_faultarticle") or not can_open_case(actor, locked):
        raise NotYourCase
    if locked.kind == CaseKind.ACCIDENT:
        raise AccidentStaysClosed
    if locked.article is not None:
        raise AlreadyDrafted(number=locked.article.number)
    if locked.state not in ANSWERED:
        raise CaseMoved(number=locked.number, state=locked.get_state_display())
    place = category or (locked.equipment.category if locked.equipment else None)
    if place is None:
        raise WordsMissing
    article = FaultArticle(
        number=locked.number,
        title=locked.title,
        symptom=" ".join(locked.symptom.split())[:300],
        aliases="\n".join(_in_their_words(locked)),
        category=place,
        severity=locked.severity,
        audience=Audience.STAFF,
        live=False,
    )
    article.equipment = [locked.equipment] if locked.equipment else []
    article.pairs = [CausePair(cause=locked.cause or locked.title, check_text=locked.tried, remedy=locked.answer)]
    article.save()
    article.save_revision(user=actor)
    locked.article = article
    locked.save(update_fields=["article"])
    CaseEntry.objects.create(case=locked, act=CaseAct.DRAFTED, author=actor, text=article.number, at=timezone.now())
    audit.record("kb.case_drafted", locked, actor=actor, article=article.number)
    return article


def _in_their_words(case: FieldCase) -> list[str]:
    """Return what was said about the fault, by this reporter and by those whose cases were merged into it."""
    told = [case, *case.merged.all()]
    said = [line.strip() for each in told for line in (each.title, *each.symptom.splitlines())]
    return list(dict.fromkeys(line[:120] for line in said if line))[:20]


@transaction.atomic
def announce_publication(sender: Any, instance: FaultArticle, **kwargs: Any) -> None:
    """Tell the reporters, once, that an article was made of their case (receiver of Wagtail's ``published``)."""
    for case in FieldCase.objects.select_for_update().filter(article=instance):
        if case.entries.filter(act=CaseAct.PUBLISHED).exists():
            continue
        CaseEntry.objects.create(case=case, act=CaseAct.PUBLISHED, text=instance.number, at=timezone.now())
        tell(case, CaseAct.PUBLISHED)


@transaction.atomic
def confirm(case: FieldCase, reporter: Person, *, holds: bool, text: str = "") -> CaseEntry:
    """Record whether the article made of a case holds on site; the same answer again changes nothing.

    Raises:
        NotYourCase: only the reporters of the case and of those merged into it are asked.
        CaseMoved: there is no published article yet.
        WordsMissing: it does not hold, and nobody says why.
    """
    locked = FieldCase.objects.select_for_update().get(pk=case.pk)
    reporters = {locked.reporter_id, *locked.merged.values_list("reporter", flat=True)}
    if reporter.pk not in reporters:
        raise NotYourCase
    if not locked.entries.filter(act=CaseAct.PUBLISHED).exists():
        raise CaseMoved(number=locked.number, state=locked.get_state_display())
    if not holds and not text.strip():
        raise WordsMissing
    act = CaseAct.HOLDS if holds else CaseAct.HOLDS_NOT
    last = locked.entries.filter(author=reporter, act__in=[CaseAct.HOLDS, CaseAct.HOLDS_NOT]).last()
    if last is not None and (last.act, last.text) == (act, text.strip()):
        return last
    return CaseEntry.objects.create(case=locked, act=act, author=reporter, text=text.strip(), at=timezone.now())

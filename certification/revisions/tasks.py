"""Background tasks: letters to who must do something about a revised manual, and to their superiors and trainers."""

import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from certification.models import QuestionVersion
from certification.requirements.readings import quiz_code
from kb.enums import VerdictKind
from kb.manuals.comparison_views import comparison_url
from kb.models import EditionVerdict
from portal.access.sight import people_in_sight
from portal.enums import Role
from portal.models import Person
from portal.notices.door import tell

_LETTERS = uuid.UUID("b6a4c1de-6f0c-4d6c-9a53-0c2f6a1f7e11")
_OVERVIEWS = uuid.UUID("2d0f6a53-53a4-4c51-8f0a-8f4f7b1e9c02")
# Who is told whom of theirs a verdict touches.
TOLD = (Role.MANAGER, Role.TRAINER)
# Names in such a letter; the rest is a number.
NAMED = 30


@task()
def send_reading_letter(verdict_pk: int, person_pk: int) -> bool:
    """Write to one person about one edition, once; return whether a letter went out."""
    verdict, person = _verdict(verdict_pk), _reachable(person_pk)
    if verdict is None or person is None:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        letter = compose_letter(verdict, person)
        key = uuid.uuid5(_LETTERS, f"{verdict_pk}:{person_pk}")
        return tell(person, letter, key, kind="readings", path=reverse("certification:reading", args=[verdict.pk]))


@task()
def tell_superiors(verdict_pk: int) -> int:
    """Have a letter written to every manager and trainer; return to how many."""
    people = Person.objects.filter(is_active=True, groups__name__in=TOLD)
    keys = sorted(set(people.values_list("pk", flat=True)))
    for pk in keys:
        send_overview_letter.enqueue(verdict_pk, pk)
    return len(keys)


@task()
def send_overview_letter(verdict_pk: int, person_pk: int) -> bool:
    """Write to a superior or trainer whom in their sight a verdict touches, once; to nobody where it touches none."""
    verdict, person = _verdict(verdict_pk), _reachable(person_pk)
    if verdict is None or person is None or not person.has_role(*TOLD):
        return False
    theirs = people_in_sight(person).exclude(pk=person.pk).filter(readings_due__verdict=verdict).distinct()
    holders = list(theirs.order_by("staff_number").values_list("name", flat=True))
    if not holders:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        context = _facts(verdict, person) | {"holders": holders[:NAMED], "count": len(holders)}
        context["held_back"] = _held_back(verdict)
        letter = _letter("overview", context, person)
        return tell(person, letter, uuid.uuid5(_OVERVIEWS, f"{verdict_pk}:{person_pk}"), kind="readings")


def compose_letter(verdict: EditionVerdict, person: Person) -> EmailMessage:
    """Return the letter that leads to what must be done and says until when."""
    return _letter("body", _facts(verdict, person), person)


def _letter(body: str, context: dict[str, object], person: Person) -> EmailMessage:
    return EmailMessage(
        subject=" ".join(render_to_string("certification/revisions/mail/subject.txt", context).split()),
        body=render_to_string(f"certification/revisions/mail/{body}.txt", context),
        to=[person.email] if person.email else [],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _facts(verdict: EditionVerdict, person: Person) -> dict[str, object]:
    page = reverse("certification:reading", args=[verdict.pk])
    if verdict.kind == VerdictKind.SHORT_QUIZ:
        page = reverse("certification:quiz", args=[quiz_code(verdict.pk)])
    compared = comparison_url(verdict.replaces, verdict.edition) if verdict.replaces else ""
    return {
        "verdict": verdict,
        "person": person,
        "url": f"{settings.PUBLIC_URL}{page}",
        "compared": f"{settings.PUBLIC_URL}{compared}" if compared else "",
    }


def _held_back(verdict: EditionVerdict) -> int:
    """Return how many questions of the short quiz wait for a keeper of the bank."""
    on_changes = QuestionVersion.objects.filter(is_current=True, chapter__in=verdict.changed_chapters.values("chapter"))
    return on_changes.filter(question__suspended_at__isnull=False).count()


def _verdict(pk: int) -> EditionVerdict | None:
    related = ("edition__manual", "replaces__manual", "article", "guide")
    return EditionVerdict.objects.select_related(*related).filter(pk=pk).first()


def _reachable(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk, is_active=True).first()

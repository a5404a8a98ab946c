"""Demo certification: questions, quizzes, checklists, schemes, cards. Running twice changes nothing."""

import datetime as dt
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.enums import RequirementKind
from certification.models import (
    AssessorAppointment,
    Checklist,
    ChecklistItem,
    DrawRule,
    Question,
    QuestionBank,
    Quiz,
    Requirement,
    Scheme,
    StatutoryCertificate,
    StatutoryKind,
)
from certification.questions.domain import save_question
from certification.statutory.domain import record_statutory
from certification.versions.domain import enact
from certification.versions.kinds import Versioned
from courses.models import TrainingModule
from kb.manuals.queries import current_chapters
from kb.models import FaultArticle, ManualChapter
from portal.demo import data
from portal.enums import Role
from portal.models import EquipmentCategory, Person, Position

# Days ago on which the demo's rules took effect: before anything it shows as past.
APPROVED_BEFORE = 2000


@cache
def _category_codes() -> dict[str, str]:
    return {row["name"]: row["code"] for row in data("equipment")["categories"]}


def _category(name: str) -> EquipmentCategory:
    return EquipmentCategory.objects.get(code=_category_codes()[name])


# --- questions -------------------------------------------------------------------------------------------------


@transaction.atomic
def load_questions() -> dict[str, int]:
    """The question bank, one bank a category, each question pointing to what one reads about it."""
    chapters = {f"{row.edition.manual.number}#{row.number}": row for row in current_chapters()}
    articles = {article.number: article for article in FaultArticle.objects.all()}
    added = 0
    for row in data("questions")["questions"]:
        if Question.objects.filter(ref=row["ref"]).exists():
            continue
        question = Question(ref=row["ref"], bank=_bank(row["category"]))
        chapter, article = _section(row["section"], chapters, articles)
        save_question(
            question,
            choices=[(option["text"], option["correct"]) for option in row["options"]],
            kind=row["kind"],
            stem=row["stem"],
            explanation=row["explanation"],
            topic=row["topic"] or "",
            difficulty=row["difficulty"],
            is_safety=row["safety"],
            chapter=chapter,
            article=article,
        )
        added += 1
    return {"questions": added}


def _bank(category_name: str) -> QuestionBank:
    category = _category(category_name)
    bank, _made = QuestionBank.objects.get_or_create(
        code=f"QB-{category.code}", defaults={"name": f"{category.name}题库", "category": category}
    )
    return bank


def _section(
    text: str, chapters: dict[str, ManualChapter], articles: dict[str, FaultArticle]
) -> tuple[ManualChapter | None, FaultArticle | None]:
    """Return the chapter or the article a question's ``section`` names, e.g. SM-RF-01#8 or fault:RF-NOSTART."""
    if text.startswith("fault:"):
        return None, articles.get(text.removeprefix("fault:"))
    return chapters.get(text), None


# --- practicals -------------------------------------------------------------------------------------------------


@transaction.atomic
def load_practicals() -> dict[str, int]:
    """The checklists with their critical items."""
    added = 0
    for row in data("practicals")["practicals"]:
        if Checklist.objects.filter(code=row["code"]).exists():
            continue
        checklist = Checklist(code=row["code"], title=row["title"], category=_category(row["category"]))
        checklist.items = [
            ChecklistItem(
                sort_order=item["order"],
                text=item["text"],
                expected=item["expected"],
                is_critical=item["critical"],
            )
            for item in row["items"]
        ]
        _enact(checklist)
        added += 1
    return {"checklists": added}


def _enact(record: Versioned) -> None:
    """Put a record into effect as the demo's trainer drafted and its administrator approved it, long ago."""
    people = Person.objects.order_by("staff_number")
    author = people.filter(groups__name=Role.TRAINER).first()
    approver = people.filter(groups__name=Role.ADMINISTRATOR).first()
    if author is None or approver is None:
        raise ValueError("The demo profile has no trainer to draft and no administrator to approve what it judges by.")
    enact(record, drafted_by=[author], approved_by=approver, at=timezone.now() - dt.timedelta(days=APPROVED_BEFORE))


# --- schemes ----------------------------------------------------------------------------------------------------


@transaction.atomic
def load_schemes() -> dict[str, int]:
    """Kinds of statutory card, the schemes with their quizzes, which posts require them, who may assess."""
    for row in data("schemes")["statutory_kinds"]:
        StatutoryKind.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "issuer": row["issuer"],
                "valid_years": row["valid_years"],
                "review_years": row["review_years"],
                "rule": row["source"][:200],
            },
        )
    added = sum(_scheme(row) for row in data("schemes")["schemes"])
    for row in data("organisation")["positions"]:
        position = Position.objects.filter(organisation__code=row["organisation"], title=row["title"]).first()
        if position is not None and row["schemes"]:
            position.schemes.add(*Scheme.objects.filter(code__in=row["schemes"]))
    _appoint()
    return {"schemes": added}


def _scheme(row: dict[str, Any]) -> int:
    if Scheme.objects.filter(code=row["code"]).exists():
        return 0
    scheme = Scheme(
        code=row["code"],
        name=row["name"],
        category=EquipmentCategory.objects.get(code=row["category_code"]),
        valid_months=row["valid_months"],
    )
    named = [(order, wanted["kind"], _named(wanted)) for order, wanted in enumerate(row["requirements"])]
    # Reading confirmations are kept by the knowledge base and are no requirement of the gate.
    scheme.requirements = [
        Requirement(order=order, kind=kind, **fields) for order, kind, fields in named if fields is not None
    ]
    _enact(scheme)
    return 1


def _named(wanted: dict[str, Any]) -> dict[str, Any] | None:
    match wanted["kind"]:
        case RequirementKind.HOURS:
            return {"module": TrainingModule.objects.get(code=wanted["module"]), "minutes": wanted["minutes"]}
        case RequirementKind.QUIZ:
            return {"quiz": _quiz(wanted["quiz"])}
        case RequirementKind.PRACTICAL:
            return {"checklist": Checklist.objects.get(code=wanted["practical"])}
        case RequirementKind.STATUTORY:
            return {"statutory_kind": StatutoryKind.objects.get(code=wanted["code"])}
        case _:
            return None


def _quiz(row: dict[str, Any]) -> Quiz:
    quiz = Quiz(
        code=row["code"],
        title=row["title"],
        bank=_bank(row["category"]),
        minutes=row["minutes"],
        pass_mark=row["pass_mark"],
        max_attempts=row["max_attempts"],
        wait_hours=row["wait_days"] * 24,
    )
    quiz.draw_rules = [
        DrawRule(
            order=order,
            count=rule["count"],
            topic=rule.get("topic", ""),
            difficulty=rule.get("difficulty"),
            only_safety=bool(rule.get("safety")),
        )
        for order, rule in enumerate(row["draw"])
    ]
    _enact(quiz)
    return quiz


def _appoint() -> None:
    """Appoint the assessors since they joined, so that they may have signed what the demo shows as past."""
    for row in data("people")["people"]:
        person = Person.objects.filter(staff_number=row["staff_no"]).first()
        for scheme in Scheme.objects.filter(code__in=row["assesses"]):
            since = person.joined_on or timezone.localdate() - dt.timedelta(days=1500)
            AssessorAppointment.objects.get_or_create(
                person=person, category=scheme.category, defaults={"start": since}
            )


# --- cards ------------------------------------------------------------------------------------------------------


@transaction.atomic
def load_cards() -> dict[str, int]:
    """The statutory cards people hold, recorded the day they were issued."""
    today = timezone.localdate()
    people = {person.staff_number: person for person in Person.objects.all()}
    kinds = {kind.code: kind for kind in StatutoryKind.objects.all()}
    added = 0
    for row in data("people")["people"]:
        for card in row["statutory"]:
            if StatutoryCertificate.objects.filter(number=card["number"]).exists():
                continue
            issued = today - dt.timedelta(days=card["issued_days_ago"])
            review = card["review_in_days"]
            record_statutory(
                people[row["staff_no"]],
                kinds[card["kind"]],
                card["number"],
                issuer=card["issuer"],
                valid_from=issued,
                valid_to=today + dt.timedelta(days=card["valid_in_days"]),
                review_due=None if review is None else today + dt.timedelta(days=review),
                by=None,
                at=timezone.make_aware(dt.datetime.combine(issued, dt.time(9))),
            )
            added += 1
    return {"cards": added}

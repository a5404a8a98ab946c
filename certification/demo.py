"""Load demo questions, quizzes, checklists, schemes and cards (idempotent)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from certification.enums import Level, SchemeEffect, Year
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
    SchemeScope,
    SchemeTask,
    StatutoryCertificate,
)
from certification.questions.domain import save_question
from certification.statutory.domain import record_statutory
from certification.versions.domain import enact
from certification.versions.kinds import Versioned
from courses.models import TrainingModule
from kb.demo import demo_chapters
from kb.models import FaultArticle, Manual, ManualChapter
from kb.pictures.demo import drawing_image
from kb.topics.demo import load_topics
from portal.enums import Role, Task
from portal.models import EquipmentCategory, EquipmentModel, Person, Position, StatutoryKind
from portal.registry.demo import data

# What a scheme opens where its row names no tasks.
TASKS_BY_KIND = {
    "repair": (Task.MAINTAIN, Task.REPAIR),
    "operate": (Task.OPERATE,),
    "install": (Task.INSTALL, Task.COMMISSION),
    "reception": (Task.OPERATE,),
    "safety": (),
}
SCOPELESS_KINDS = ("reception", "safety")
# Days ago on which the demo's rules took effect: before anything it shows as past.
APPROVED_BEFORE = 2000


def _category(name: str) -> EquipmentCategory:
    code = next(row["code"] for row in data("equipment")["categories"] if row["name"] == name)
    return EquipmentCategory.objects.get(code=code)


# --- questions -------------------------------------------------------------------------------------------------


@transaction.atomic
def load_questions() -> dict[str, int]:
    """The question bank, one bank a category, each question pointing to what one reads about it."""
    load_topics()
    chapters = demo_chapters()
    articles = {article.number: article for article in FaultArticle.objects.all()}
    added = 0
    for row in data("questions")["questions"]:
        if Question.objects.filter(ref=row["ref"]).exists():
            continue
        question = Question(ref=row["ref"], bank=_bank(row["category"], row.get("bank")))
        chapter, article = _section(row["section"], chapters, articles)
        save_question(
            question,
            choices=[(option["text"], option["correct"]) for option in row["options"]],
            parameters=row.get("parameters"),
            kind=row["kind"],
            picture=drawing_image(row["picture"]) if "picture" in row else None,
            picture_text=row.get("picture_text", ""),
            stem=row["stem"],
            explanation=row["explanation"],
            topic_id=row["topic"] or None,
            difficulty=row["difficulty"],
            is_safety=row["safety"],
            chapter=chapter,
            article=article,
        )
        added += 1
    quizzes = [
        row for row in data("questions").get("quizzes", ()) if not Quiz.objects.filter(code=row["code"]).exists()
    ]
    for row in quizzes:
        make_quiz(row)
    return {"questions": added, "quizzes": len(quizzes)}


def _bank(category_name: str, named: dict[str, str] | None = None) -> QuestionBank:
    """Return the bank of a category, or the one a question names beside it."""
    category = _category(category_name)
    facts = named or {"code": f"QB-{category.code}", "name": f"{category.name}题库"}
    defaults = {"name": facts["name"], "category": category}
    bank, _made = QuestionBank.objects.get_or_create(code=facts["code"], defaults=defaults)
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
    added, chapters = 0, demo_chapters()
    for row in data("practicals")["practicals"]:
        if Checklist.objects.filter(code=row["code"]).exists():
            continue
        checklist = Checklist(code=row["code"], title=row["title"], category=_category(row["category"]))
        checklist.asks_signature = True
        checklist.items = [
            ChecklistItem(
                sort_order=item["order"],
                text=item["text"],
                expected=item["expected"],
                is_critical=item["critical"],
                chapter=chapters.get(item.get("chapter", "")),
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
    """The schemes with their quizzes, which posts require them, who may assess."""
    rows = data("schemes")["schemes"]
    added = sum(_scheme(row) for row in rows)
    for row in data("organisation")["positions"]:
        position = Position.objects.filter(organisation__code=row["organisation"], title=row["title"]).first()
        codes = {*row["schemes"], *(wanted["code"] for wanted in rows if row["code"] in wanted.get("positions", ()))}
        if position is not None and codes:
            position.schemes.add(*Scheme.objects.filter(code__in=codes))
    _appoint()
    return {"schemes": added}


def _scheme(row: dict[str, Any]) -> int:
    if Scheme.objects.filter(code=row["code"]).exists():
        return 0
    scheme = Scheme(
        code=row["code"],
        name=row["name"],
        effect=row.get("effect", SchemeEffect.OPENS),
        valid_months=row["valid_months"],
        year=row.get("year", Year.ROLLING),
        track=row.get("track", ""),
        # The profile names a level of every scheme; it counts where there is a track.
        level=LEVELS[row["level"]] if row.get("track") else Level.NONE,
        renewal_days=row.get("renewal_days"),
        grace_days=row.get("grace_days", 0),
    )
    scheme.tasks = [SchemeTask(task=task) for task in row.get("tasks", TASKS_BY_KIND[row["certificate_kind"]])]
    scheme.scopes = [SchemeScope(**subject) for subject in _scopes(row)]
    scheme.requirements = [_requirement(order, wanted) for order, wanted in enumerate(row["requirements"])]
    _enact(scheme)
    return 1


def _requirement(order: int, row: dict[str, Any]) -> Requirement:
    named = NAMED[row["kind"]](row) if row["kind"] in NAMED else {}
    return Requirement(order=order, kind=row["kind"], parameters=row.get("parameters", {}), **named)


def _scopes(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the categories and models of a scheme; without any named, its own category, and none for a post."""
    if "scopes" not in row:
        of_post = row["certificate_kind"] in SCOPELESS_KINDS
        return [] if of_post else [{"category": EquipmentCategory.objects.get(code=row["category_code"])}]
    return [
        {"category": EquipmentCategory.objects.get(code=item["category"])}
        if "category" in item
        else {"model": EquipmentModel.objects.get(code=item["model"])}
        for item in row["scopes"]
    ]


LEVELS = {"初级": Level.BASIC, "中级": Level.INTERMEDIATE, "高级": Level.ADVANCED}
# What a requirement of the demo data names, by its kind.
NAMED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "hours": lambda row: {"module": TrainingModule.objects.get(code=row["module"]), "minutes": row["minutes"]},
    "quiz": lambda row: {"quiz": make_quiz(row["quiz"])},
    "practical": lambda row: {"checklist": Checklist.objects.get(code=row["practical"])},
    "statutory": lambda row: {"statutory_kind": StatutoryKind.objects.get(code=row["code"])},
    "scheme": lambda row: {"other_scheme": Scheme.objects.get(code=row["scheme"])},
    "manual": lambda row: {"manual": Manual.objects.get(number=row["manual"])},
    "sign_offs": lambda row: {"checklist": Checklist.objects.get(code=row["practical"])},
    "away": lambda row: {"checklist": Checklist.objects.get(code=row["practical"])},
    "differences": lambda row: {
        "other_scheme": Scheme.objects.get(code=row["scheme"]),
        "module": TrainingModule.objects.get(code=row["module"]),
        "minutes": row["minutes"],
    },
}


def make_quiz(row: dict[str, Any]) -> Quiz:
    """Create a quiz of the demo data with its draw rules."""
    quiz = Quiz(
        code=row["code"],
        title=row["title"],
        bank=_bank(row["category"], row.get("bank")),
        minutes=row["minutes"],
        pass_mark=row["pass_mark"],
        max_attempts=row["max_attempts"],
        wait_hours=row["wait_days"] * 24,
        wait_hours_read=row.get("wait_hours_read"),
    )
    quiz.draw_rules = [
        DrawRule(
            order=order,
            count=rule["count"],
            topic_id=rule.get("topic") or None,
            difficulty=rule.get("difficulty"),
            only_safety=bool(rule.get("safety")),
        )
        for order, rule in enumerate(row["draw"])
    ]
    _enact(quiz)
    return quiz


def _appoint() -> None:
    """Appoint the assessors since they joined, so that they may have signed what the demo shows as past."""
    named = {(row["staff_no"], code) for row in data("people")["people"] for code in row["assesses"]}
    named |= {(number, row["code"]) for row in data("schemes")["schemes"] for number in row.get("assessors", ())}
    for number, code in sorted(named):
        person = Person.objects.filter(staff_number=number).first()
        if person is None:
            continue
        since = person.joined_on or timezone.localdate() - dt.timedelta(days=1500)
        checklists = Checklist.objects.filter(requirements__scheme__code=code)
        for category in EquipmentCategory.objects.filter(checklists__in=checklists).distinct():
            AssessorAppointment.objects.get_or_create(person=person, category=category, defaults={"start": since})


# --- cards ------------------------------------------------------------------------------------------------------


@transaction.atomic
def load_cards() -> dict[str, int]:
    """The statutory cards people hold, recorded the day they were issued or, if later, the day their holder joined."""
    today = timezone.localdate()
    people = {person.staff_number: person for person in Person.objects.all()}
    kinds = {kind.code: kind for kind in StatutoryKind.objects.all()}
    added = 0
    for row in data("people")["people"]:
        for card in row["statutory"]:
            if StatutoryCertificate.objects.filter(number=card["number"]).exists():
                continue
            issued = today - dt.timedelta(days=card["issued_days_ago"])
            recorded = max(issued, today - dt.timedelta(days=row["hired_days_ago"]))
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
                at=timezone.make_aware(dt.datetime.combine(recorded, dt.time(9))),
            )
            added += 1
    return {"cards": added}

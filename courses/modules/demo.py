"""Load demo modules, templates and courses (idempotent)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from courses.enums import Level, Policy
from courses.models import Course, CourseModule, ModuleTopic, TrainingModule
from courses.modules.domain import publish_module
from kb.demo import demo_chapters
from kb.models import FaultArticle, ManualChapter, Topic
from kb.pictures.demo import drawing_image
from kb.topics.demo import load_topics
from portal.enums import Audience
from portal.models import EquipmentCategory, EquipmentModel, Organisation, Person
from portal.registry.demo import data

LEVELS = {"初级": Level.BASIC, "中级": Level.INTERMEDIATE, "高级": Level.ADVANCED}


@transaction.atomic
def load_modules() -> dict[str, int]:
    """The modules with their topics, chapters, machines and trainers."""
    load_topics()
    categories = {category.code: category for category in EquipmentCategory.objects.all()}
    chapters = demo_chapters()
    added = 0
    for entry in data("modules")["modules"]:
        if TrainingModule.objects.filter(code=entry["code"]).exists():
            continue
        module = TrainingModule.objects.create(
            code=entry["code"],
            title=entry["title"],
            summary=entry["summary"],
            category=categories[entry["category_code"]],
            minutes=entry["minutes"],
            level=LEVELS[entry["level"]],
            place=entry["place"],
            for_whom=entry["audience"],
            audience=Audience.CUSTOMERS,
            live=False,
        )
        module.edition, module.task = entry["edition"], entry.get("task", "")
        module.owner = Organisation.objects.filter(code=entry["owner"]).first()
        module.prerequisites.set(TrainingModule.objects.filter(code__in=entry.get("after", [])))
        module.prerequisite_policy = Policy(entry.get("without", Policy.BLOCK))
        module.equipment.set(EquipmentModel.objects.filter(code__in=entry["models"]))
        module.trainers.set(trainers_of(entry["code"]))
        module.topics.set(_topics(entry["topics"], chapters))
        publish_module(module)
        added += 1
    return {"modules": added, "templates": _load_templates(categories), "courses": _load_courses()}


def _load_templates(categories: dict[str, EquipmentCategory]) -> int:
    """Templates stay drafts; they are copied for new modules."""
    listed, added = {topic.code: topic for topic in Topic.objects.all()}, 0
    for entry in data("modules")["templates"]:
        if TrainingModule.objects.filter(code=entry["code"]).exists():
            continue
        template = TrainingModule(
            code=entry["code"],
            title=entry["title"],
            category=categories[entry["category_code"]],
            minutes=entry["minutes"],
            level=LEVELS[entry["level"]],
            is_template=True,
            live=False,
        )
        template.topics.set(
            [
                ModuleTopic(sort_order=at, topic=listed.get(code), text=listed[code].name)
                for at, code in enumerate(entry["topics"])
            ]
        )
        template.save()
        template.save_revision(clean=False)
        added += 1
    return added


def _load_courses() -> int:
    """Courses bundle modules in the order of the file."""
    modules, added = {module.code: module for module in TrainingModule.objects.all()}, 0
    for entry in data("modules")["courses"]:
        if Course.objects.filter(code=entry["code"]).exists():
            continue
        facts = {"title": entry["title"], "summary": entry["summary"], "level": LEVELS[entry["level"]]}
        course = Course(code=entry["code"], audience=Audience.CUSTOMERS, **facts)
        course.parts.set(
            [CourseModule(sort_order=at, module=modules[code]) for at, code in enumerate(entry["modules"])]
        )
        course.save()
        added += 1
    return added


def _topics(rows: Iterable[dict[str, Any]], chapters: dict[str, ManualChapter]) -> list[ModuleTopic]:
    listed = {topic.code: topic for topic in Topic.objects.all()}
    return [
        ModuleTopic(
            sort_order=row["order"],
            topic=listed.get(row["topic"]),
            text=row["text"],
            chapters=[chapters[row["chapter"]]] if row["chapter"] in chapters else [],
            articles=FaultArticle.objects.filter(number__in=row.get("articles", [])),
            drawings=[drawing_image(name) for name in row.get("drawings", [])],
        )
        for row in rows
    ]


def trainers_of(code: str) -> list[Person]:
    """Return who teaches a module of the demo."""
    numbers = [entry["staff_no"] for entry in data("people")["people"] if code in entry["teaches"]]
    return list(Person.objects.filter(staff_number__in=numbers))

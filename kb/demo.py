"""Load demo manuals and fault articles through the domain functions (idempotent)."""

import datetime as dt
from html.parser import HTMLParser
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.enums import CitationChoice
from kb.faults.domain import publish_fault
from kb.manuals.domain import publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.models import (
    CausePair,
    FaultArticle,
    FaultCode,
    FaultRelation,
    FaultSource,
    Manual,
    ManualChapter,
    ManualEdition,
    SafetyNote,
    Topic,
)
from kb.pictures import demo as pictures
from kb.topics.demo import load_topics
from portal.enums import Audience
from portal.models import EquipmentCategory, EquipmentModel, StatutoryKind
from portal.registry.demo import data

# --- manuals -----------------------------------------------------------------------------------------------------


@transaction.atomic
def load_manuals() -> dict[str, int]:
    """Load manuals.json; a manual that is there already is left alone."""
    load_topics()
    categories = {category.name: category for category in EquipmentCategory.objects.all()}
    added = {"manuals": 0, "chapters": 0}
    for row in data("manuals")["manuals"]:
        if Manual.objects.filter(number=row["number"]).exists():
            continue
        manual = Manual.objects.create(
            number=row["number"],
            title=row["title"],
            summary=row["summary"],
            kind=row["kind"],
            audience=row["audience"],
            category=categories[row["category"]],
        )
        manual.equipment.set(EquipmentModel.objects.filter(code__in=row["models"]))
        added["manuals"] += 1
        for edition in row["editions"]:
            added["chapters"] += _load_edition(manual, edition)
    return added


def _load_edition(manual: Manual, row: dict[str, Any]) -> int:
    draft = ManualEdition.objects.create(
        manual=manual, edition=row["edition"], document_number=row["document_number"], changes=row["changes"]
    )
    topics = {topic.code: topic for topic in Topic.objects.all()}
    for position, chapter in enumerate(row["chapters"]):
        ManualChapter.objects.create(
            edition=draft,
            sort_order=position,
            number=chapter["number"],
            title=chapter["title"],
            topic=topics.get(chapter["topic"]),
            body=[*blocks_of(chapter["body"]), *pictures.of_chapter(f"{manual.number}#{chapter['number']}")],
        )
    published_on = dt.date.fromisoformat(row["published_on"])
    # Nobody of the demo worked by an earlier edition, so nobody has anything to do about it.
    verdict = EDITORIAL if manual.editions.published().exists() else None
    publish_edition(draft, decisions=CitationChoice.STAY, published_on=published_on, verdict=verdict)
    return len(row["chapters"])


def demo_chapters() -> dict[str, ManualChapter]:
    """Return the chapters the demo records cite, by reference (``SM-RF-01#8``).

    A reference means the newest edition of the demo data, whatever was published since.
    """
    newest = {row["number"]: row["editions"][-1]["edition"] for row in data("manuals")["manuals"]}
    chapters = ManualChapter.objects.filter(edition__manual__number__in=newest).select_related("edition__manual")
    return {
        f"{chapter.edition.manual.number}#{chapter.number}": chapter
        for chapter in chapters
        if chapter.edition.edition == newest[chapter.edition.manual.number]
    }


class _ChapterParser(HTMLParser):
    """Cuts the HTML of a demo chapter into the blocks editors work with: warnings, text, tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[tuple[str, Any]] = []
        self.depth = 0
        self.rows: list[list[str]] = []
        self.has_row_heads = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.rows = []
            self.has_row_heads = False
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.has_row_heads |= ("scope", "row") in attrs
        elif tag not in ("thead", "tbody"):
            self._write(f"<{tag}>", opens=not self.depth)
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.pieces.append(("table", (self.rows, self.has_row_heads)))
            self.rows = []
        elif tag not in ("tr", "td", "th", "thead", "tbody"):
            self.depth -= 1
            self._write(f"</{tag}>")

    def handle_data(self, text: str) -> None:
        if self.rows:
            self.rows[-1][-1] += text.strip()
        elif text.strip():
            self._write(text)

    def _write(self, markup: str, opens: bool = False) -> None:
        if self.rows:
            return
        if opens or not self.pieces or self.pieces[-1][0] == "table":
            self.pieces.append(("html", markup))
        else:
            kind, written = self.pieces[-1]
            self.pieces[-1] = (kind, written + markup)


WARNING = "<p><strong>安全:</strong>"


def blocks_of(html: str) -> list[tuple[str, Any]]:
    """Return a demo chapter's HTML as stream blocks; a paragraph that begins with 安全 is a warning."""
    parser = _ChapterParser()
    parser.feed(html)
    blocks: list[tuple[str, Any]] = []
    for kind, value in parser.pieces:
        if kind == "table":
            rows, has_row_heads = value
            table = {"data": rows, "first_row_is_table_header": True, "first_col_is_header": has_row_heads}
            blocks.append(("table", table))
        elif value.startswith(WARNING):
            blocks.append(("safety", {"level": "warning", "text": "<p>" + value.removeprefix(WARNING)}))
        elif blocks and blocks[-1][0] == "text":
            blocks[-1] = ("text", blocks[-1][1] + value)
        else:
            blocks.append(("text", value))
    return blocks


# --- fault articles ----------------------------------------------------------------------------------------------


#: Reviews of the demo's articles are spread over the year.
REVIEW_STEP = dt.timedelta(days=10)


@transaction.atomic
def load_faults() -> dict[str, int]:
    """Load faults.json and publish each article; one that is there already is left alone."""
    categories = {category.name: category for category in EquipmentCategory.objects.all()}
    models = {model.code: model for model in EquipmentModel.objects.all()}
    chapters = demo_chapters()
    kinds = {kind.name: kind for kind in StatutoryKind.objects.all()}
    present = set(FaultArticle.objects.values_list("number", flat=True))
    rows = [row for row in data("faults")["faults"] if row["id"] not in present]
    today = timezone.localdate()
    for position, row in enumerate(rows):
        article = _article(row, categories[row["category"]], chapters)
        article.equipment = [models[code] for code in row["equipment_codes"] if code in models]
        article.required_certificates = [kinds[name] for name in row["statutory"]]
        article.review_due = today + REVIEW_STEP * (position + 1)
        article.save()
        publish_fault(article)
    _relate(rows)
    return {"fault articles": len(rows)}


def _relate(rows: list[dict[str, Any]]) -> None:
    """Name related articles once all are there: a second revision, so that their history shows something."""
    articles = {article.number: article for article in FaultArticle.objects.all()}
    for row in rows:
        if row.get("related"):
            article = articles[row["id"]]
            article.relations = [
                FaultRelation(other=articles[entry["number"]], sign=entry["sign"]) for entry in row["related"]
            ]
            article.save()
            publish_fault(article)


def audience_of(row: dict[str, Any]) -> str:
    """Who may read a demo fault: what needs a licence or may hurt is for staff, harmless first aid for everybody."""
    if row["severity"] in ("danger", "stop") or row["statutory"] or row["verification"] == "disputed":
        return Audience.STAFF
    return Audience.PUBLIC if row["phone_doable"] else Audience.CUSTOMERS


def _article(row: dict[str, Any], category: EquipmentCategory, chapters: dict[str, ManualChapter]) -> FaultArticle:
    article = FaultArticle(
        live=False,
        number=row["id"],
        title=row["title"],
        symptom=row["symptom"],
        aliases="\n".join(row["aliases"]),
        category=category,
        brand=row["brand"],
        family=row["family"],
        model_scope=row["model_scope"],
        severity=row["severity"],
        stage=row["stage"],
        audience=audience_of(row),
        display_where=row["display_where"],
        judgement=row["judgement"],
        clear_when=row.get("clear_when", ""),
        distinction="\n".join(row.get("distinction", ())),
        recovery=row["recovery"],
        repeat_rule=row["repeat_rule"],
        is_phone_doable=row["phone_doable"],
        who_may_do=row["who_may_do_text"],
        minutes=row["est_minutes"],
        tools="\n".join(row["tools"]),
        parts="\n".join(row["parts"]),
        chapter=chapters.get(row["chapter"] or ""),
        verification=row["verification"],
        note=row["note"],
        pictures=pictures.of_article(row["id"]),
    )
    article.codes = [FaultCode(code=code) for code in row["codes"]]
    article.safety_notes = [SafetyNote(text=note["text"], basis=note["basis"]) for note in row["safety"]]
    article.pairs = _pairs(row)
    article.sources = [
        FaultSource(
            key=source["key"],
            address=source["url"],
            kind=source["kind"],
            reliability=source["reliability"],
        )
        for source in row["sources"]
    ]
    return article


def _pairs(row: dict[str, Any]) -> list[CausePair]:
    first = [
        CausePair(check_text=check["text"], where=check["where"], basis=check["basis"])
        for check in sorted(row["general_checks"], key=lambda check: check["order"])
    ]
    causes = [
        CausePair(
            cause=pair["cause"],
            check_text=pair["check"] or "",
            remedy=pair["remedy"] or "",
            where=pair["where"],
            part=pair["part"] or "",
            basis=pair["basis"],
            dose=pair.get("dose", ""),
            withdrawal=pair.get("withdrawal", ""),
            pictures=pictures.of_cause(row["id"], pair["cause"]),
        )
        for pair in row["pairs"]
    ]
    closing = [CausePair(remedy=remedy["text"], basis=remedy["basis"]) for remedy in row["general_remedies"]]
    return [*first, *causes, *closing]

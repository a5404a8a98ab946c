"""The documents, words and generated others that relevance is measured on."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from portal.registry.demo import ALL_ARTICLES, DEFAULT_PROFILE, data, package
from portal.registry.search import SearchDocument
from portal.search.query.lexicon import EquipmentNames, Lexicon, SynonymSet

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (DEFAULT_PROFILE, ALL_ARTICLES)
STARTER = ROOT / "portal" / "search" / "query" / "starter"
DATA = ROOT / "tests" / "data"

# The others are about other machines; they share parts, causes and ways of speaking with the fifty-five.
WORDS = json.loads((DATA / "other_machines.json").read_text(encoding="utf-8"))
MACHINES, PARTS, SYMPTOMS, CAUSES, ACTIONS = (
    WORDS[name] for name in ("machines", "parts", "symptoms", "causes", "actions")
)
BRANDS = ("海星", "银都", "恒联", "北星", "东川", "")


def faults() -> list[SearchDocument]:
    """The fifty-five fault articles of all trades as the knowledge base indexes them."""
    return [_fault(row) for row in rows_of("faults", "faults")]


def rows_of(file: str, name: str) -> list[dict]:
    """Return the records of that name in a file of the kitchen company and of the other trades."""
    rows = []
    for folder in PACKAGES:
        with package(folder):
            rows += data(file)[name]
    return rows


def _fault(row: dict) -> SearchDocument:
    pairs = [part for pair in row["pairs"] for part in (pair["cause"], pair["check"], pair["remedy"]) if part]
    text = [row["model_scope"], row["equipment_text"], row["judgement"], row["display_where"], *pairs]
    text += [item["text"] for item in row["safety"]] + row["tools"] + row["parts"]
    return SearchDocument(
        ref=row["id"],
        kind="fault",
        title=row["title"],
        url=f"/kb/faults/{row['id']}/",
        codes=tuple(row["codes"]),
        equipment=tuple(row["equipment_codes"]),
        equipment_names=tuple(row["equipment"]),
        categories=tuple({code.split("-")[0] for code in row["equipment_codes"]}),
        brand=row["brand"] or "",
        severity=row["severity"],
        phone_doable=row["phone_doable"],
        audience="staff",
        symptoms=(row["symptom"],),
        aliases=tuple(row["aliases"]),
        text="\n".join(dict.fromkeys(text)),
    )


def others(count: int, seed: int = 7) -> Iterator[SearchDocument]:
    """Yield generated fault articles about other machines, always the same for the same number."""
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)
        machine, symptom, second = rng.choice(MACHINES), *rng.sample(SYMPTOMS, 2)
        code = f"{rng.choice('ABCHJKNRTUX')}{rng.randrange(1, 400)}"
        lines = [
            f"{rng.choice(PARTS)}{rng.choice(CAUSES)},{rng.choice(ACTIONS)},{rng.choice(ACTIONS)}" for _ in range(5)
        ]
        yield SearchDocument(
            ref=f"GEN-{number}",
            kind="fault",
            title=f"{machine}{rng.choice(PARTS)}{symptom}",
            url=f"/kb/faults/GEN-{number}/",
            codes=(code,),
            equipment=(f"GEN-{MACHINES.index(machine)}",),
            equipment_names=(machine,),
            categories=("GEN",),
            brand=rng.choice(BRANDS),
            severity=rng.choice(("danger", "stop", "degraded", "minor")),
            audience="staff",
            symptoms=(f"{machine}{second}",),
            aliases=(f"{rng.choice(PARTS)}{rng.choice(SYMPTOMS)}",),
            text="\n".join(lines),
        )


def lexicon() -> Lexicon:
    """The words of the demo data: equipment with its aliases, and the starter lists of synonyms."""
    equipment = [
        EquipmentNames(
            row["code"],
            (row["name"], row["name_en"], *row["aliases"], *row["model_codes"]),
            category=row["category_code"],
            brand=row["brand"],
        )
        for row in rows_of("equipment", "models")
    ]
    equipment += [
        EquipmentNames(row["code"], (row["name"], row["name_en"], *row["aliases"]), is_category=True)
        for row in rows_of("equipment", "categories")
    ]
    rows = [
        row for file in sorted(STARTER.glob("synonyms*.json")) for row in json.loads(file.read_text(encoding="utf-8"))
    ]
    synonyms = [SynonymSet(tuple(row["terms"]), row["kind"] == "one_way") for row in rows]
    return Lexicon(equipment, synonyms)
